import { expect, onTestFinished, test } from "vitest";
import { tableAddress, tcpSockets } from "../../src/lab/tcp-table";
import { connect, listen } from "../../src/sockets/tcp";

test("an address is written as Linux writes it: byte by byte from the last, in hexadecimal", () => {
  expect(tableAddress("127.0.0.1")).toBe("0100007F");
  expect(tableAddress("10.20.30.255")).toBe("FF1E140A");
});

test.skipIf(process.platform !== "linux")(
  "a listener is in the table until it is closed",
  async () => {
    const server = await listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.local;
    const rows = () => tcpSockets("LISTEN")?.filter(({ localPort }) => localPort === port);
    expect(rows()).toEqual([
      { localAddress: "0100007F", localPort: port, remoteAddress: "00000000", remotePort: 0 },
    ]);
    expect(tcpSockets("LISTEN", ["tcp6"])?.some(({ localPort }) => localPort === port)).toBe(false);
    await server.close();
    expect(rows()).toEqual([]);
  },
);

test.skipIf(process.platform !== "linux")(
  "a connection that its client has closed is in TIME_WAIT there",
  async () => {
    const server = await listen({ port: 0 });
    onTestFinished(() => server.close());
    const client = await connect({ port: server.local.port });
    const { port } = client.local;
    const accepted = await server.accept();
    const waits = () => tcpSockets("TIME_WAIT")?.filter(({ localPort }) => localPort === port);
    expect(waits()).toEqual([]);
    await client.close();
    await accepted.close();
    await expect
      .poll(() => waits()?.map(({ remotePort }) => remotePort))
      .toEqual([server.local.port]);
  },
);
