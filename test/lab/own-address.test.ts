import { expect, onTestFinished, test } from "vitest";
import { ownAddress, unsharedAddress } from "../../src/lab/own-address";
import { unusedPort } from "../../src/lab/unused-port";
import { connect, listen } from "../../src/sockets/tcp";

test.each([
  ["the same every time", ownAddress],
  ["nobody else's", unsharedAddress],
])(
  "%s: an address of this machine, and on Linux not the one on which everybody listens",
  async (_, draw) => {
    const host = await draw();
    const server = await listen({ host, port: await unusedPort(host) });
    onTestFinished(() => server.close());
    const client = await connect({ host, port: server.local.port });
    await client.close();
    if (process.platform !== "linux") return;
    expect(host).not.toBe("127.0.0.1");
    const elsewhere = connect({ host: "127.0.0.1", port: server.local.port });
    await expect(elsewhere.then((open) => open.close())).rejects.toMatchObject({ code: "REFUSED" });
  },
);

test("what one has drawn, the next does not get", async () => {
  const drawn = await Promise.all(Array.from({ length: 20 }, unsharedAddress));
  expect(new Set(drawn).size).toBe(process.platform === "linux" ? 20 : 1);
});
