import { expect, onTestFinished, test } from "vitest";
import { unsharedAddress } from "../../src/lab/own-address";
import { startSilentPorts } from "../../src/lab/silent-ports";
import { connect } from "../../src/sockets/tcp";

test("neither accepts nor refuses a connection, at any of its ports, until it is stopped", async () => {
  const host = await unsharedAddress();
  const silent = await startSilentPorts(2, host);
  onTestFinished(() => silent.stop());
  expect(new Set(silent.ports).size).toBe(2);
  const codes = silent.ports.map((port) =>
    connect({ host, port, timeout: 50 }).then(
      () => "connected",
      (error: { code: string }) => error.code,
    ),
  );
  expect(await Promise.all(codes)).toEqual(["TIMED_OUT", "TIMED_OUT"]);
  await silent.stop();
  const [port] = silent.ports;
  await expect(connect({ host, port: port ?? 0 })).rejects.toMatchObject({ code: "REFUSED" });
});
