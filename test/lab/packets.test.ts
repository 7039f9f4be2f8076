/** Packets as tcpdump prints them, the states that they lead to, and the drawing of both. */
import { connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { PacketDiagram } from "../../src/lab/packet-diagram";
import { storedPackets } from "../../src/lab/stored-capture";
import { statesAfter } from "../../src/lab/tcp-states";
import { capturePackets, readPackets } from "../../src/lab/tcpdump";

const line = (from: number, to: number, rest: string) =>
  `12:00:00.1 IP 127.0.0.1.${from} > 127.0.0.1.${to}: ${rest}`;

describe("reading", () => {
  it("takes sender, flags, numbers and length from a line, and passes over other lines", () => {
    const text = [
      "tcpdump: verbose output suppressed",
      line(
        5000,
        80,
        "Flags [P.], seq 1:6, ack 9, win 64, options [nop,nop,TS val 1 ecr 2], length 5",
      ),
      line(5000, 81, "Flags [.], ack 1, win 64, length 0"),
    ].join("\n");
    expect(readPackets(text, 80)).toEqual([
      { from: "client", flags: "P.", seq: 1, ack: 9, bytes: 5 },
    ]);
  });
});

describe("states", () => {
  it("follow a handshake and a teardown that the client begins", () => {
    expect(statesAfter(storedPackets).map(({ client, server }) => `${client} ${server}`)).toEqual([
      "SYN-SENT SYN-RECEIVED",
      "ESTABLISHED SYN-RECEIVED",
      "ESTABLISHED ESTABLISHED",
      "ESTABLISHED ESTABLISHED",
      "ESTABLISHED ESTABLISHED",
      "FIN-WAIT-1 CLOSE-WAIT",
      "FIN-WAIT-2 CLOSE-WAIT",
      "FIN-WAIT-2 CLOSE-WAIT",
      "FIN-WAIT-2 CLOSE-WAIT",
      "TIME-WAIT LAST-ACK",
      "TIME-WAIT CLOSED",
    ]);
  });

  it("end at once with a reset", () => {
    const reset = { from: "server", flags: "R.", seq: 1, ack: 6, bytes: 0 } as const;
    expect(statesAfter([...storedPackets.slice(0, 4), reset]).at(-1)).toEqual({
      client: "CLOSED",
      server: "CLOSED",
    });
  });
});

describe("the drawing", () => {
  it("has a row a packet, with an arrow and the states that it begins", () => {
    const rows = new PacketDiagram(storedPackets).toText({ title: "One" }).split("\n");
    expect(rows.slice(0, 6)).toEqual([
      "One",
      "",
      "       client                                      server",
      "       CLOSED │                                  │ LISTEN",
      "     SYN-SENT │────────────── SYN ──────────────►│ SYN-RECEIVED",
      "  ESTABLISHED │◄─────────── SYN, ACK ────────────│",
    ]);
    expect(rows).toHaveLength(4 + storedPackets.length);
  });

  it("says in the SVG, for those who do not see it, what travels", () => {
    const svg = new PacketDiagram(storedPackets.slice(0, 2)).toSvg({ title: "Two" });
    expect(svg).toContain('aria-label="Two. client to server: SYN; server to client: SYN, ACK"');
  });
});

it("captures a connection of this machine, or says that it may not", async () => {
  const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const complete = (packets: readonly unknown[]) => packets.length >= 3;
  const work = async () => {
    const client = connect(port, "127.0.0.1").resume();
    await new Promise((resolve) => client.once("close", resolve));
  };
  const packets = await capturePackets(port, work, complete);
  server.close();
  if (packets === undefined) return; // no tcpdump, or no permission: a cell then has the stored one
  expect(packets.slice(0, 2).map(({ from, flags }) => `${from} ${flags}`)).toEqual([
    "client S",
    "server S.",
  ]);
});
