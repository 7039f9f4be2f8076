import { expect, onTestFinished, test } from "vitest";
import { ownAddress } from "../../src/lab/own-address";
import { connect, listen } from "../../src/sockets/tcp";

test("is an address of this machine, and on Linux not the one on which everybody listens", async () => {
  const host = await ownAddress();
  const server = await listen({ host, port: 0 });
  onTestFinished(() => server.close());
  const client = await connect({ host, port: server.local.port });
  await client.close();
  if (process.platform !== "linux") return;
  expect(host).not.toBe("127.0.0.1");
  const elsewhere = connect({ host: "127.0.0.1", port: server.local.port });
  await expect(elsewhere.then((open) => open.close())).rejects.toMatchObject({ code: "REFUSED" });
});
