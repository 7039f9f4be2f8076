/** Which lifelines a diagram has, and which clients share one. */
import { expect, test } from "vitest";
import type { RecordedSocket, WireAction } from "../../src/wire/recording-data";
import { bytes, LISTEN, made, receive, type SocketAction } from "./made";

const HOST = "127.0.0.1";
const SERVER: RecordedSocket = { kind: "tcp server", local: { host: HOST, port: 8080 } };
const UDP_SERVER: RecordedSocket = { kind: "udp", local: { host: HOST, port: 9090 } };

/** The names of the lifelines of a drawing, from left to right. */
function lifelines(sockets: RecordedSocket[], actions: SocketAction[]): string[] {
  const svg = made(sockets, actions).toSvg();
  return Array.from(svg.matchAll(/<text class="name"[^>]*>([^<]*)</g), ([, name = ""]) => name);
}

/** The server's end of a connection from another process. */
const accepted = (port: number): RecordedSocket => ({
  kind: "tcp accepted",
  local: { host: HOST, port: 8080 },
  remote: { host: HOST, port },
  server: 0,
});

const outside = [SERVER, accepted(50_001), accepted(50_002)];

test("an outside client that comes after another has left takes its lifeline", () => {
  const actions: SocketAction[] = [
    LISTEN,
    [1, { type: "accepted" }],
    [1, receive("one")],
    [1, { type: "close" }],
    [2, { type: "accepted" }],
    [2, receive("two")],
  ];
  expect(lifelines(outside, actions)).toEqual(["TCP server", "outside client"]);
});

test("two outside clients at the same time have a lifeline each", () => {
  const actions: SocketAction[] = [
    LISTEN,
    [1, { type: "accepted" }],
    [2, { type: "accepted" }],
    [1, { type: "close" }],
  ];
  const names = ["TCP server", "outside client 1", "outside client 2"];
  expect(lifelines(outside, actions)).toEqual(names);
});

const datagram: WireAction = {
  type: "send datagram",
  to: { host: HOST, port: 9090 },
  ...bytes("ping"),
};
const udpSockets: RecordedSocket[] = [
  UDP_SERVER,
  { kind: "udp", local: { host: HOST, port: 40_001 } },
  { kind: "udp", local: { host: HOST, port: 40_002 } },
];
const BIND: SocketAction = [0, { type: "bind", bySend: false }];

test("a UDP client that sends after another has closed takes its lifeline", () => {
  const actions: SocketAction[] = [BIND, [1, datagram], [1, { type: "close" }], [2, datagram]];
  expect(lifelines(udpSockets, actions)).toEqual(["UDP server", "UDP client"]);
});

test("two UDP clients at the same time have a lifeline each", () => {
  const actions: SocketAction[] = [BIND, [1, datagram], [2, datagram]];
  const names = ["UDP server", "UDP client 1", "UDP client 2"];
  expect(lifelines(udpSockets, actions)).toEqual(names);
});

test("a UDP socket that receives before it sends is a server", () => {
  const from = { host: HOST, port: 40_002 };
  const actions: SocketAction[] = [
    [1, { type: "bind", bySend: false }],
    [2, { ...datagram, to: { host: HOST, port: 40_001 } }],
    [1, { type: "receive datagram", from, ...bytes("ping") }],
    [1, { ...datagram, to: from }],
  ];
  expect(lifelines(udpSockets, actions)).toEqual(["UDP server", "UDP client"]);
});

test("a second server has a number", () => {
  const second: RecordedSocket = { kind: "tcp server", local: { host: HOST, port: 8081 } };
  expect(lifelines([SERVER, second], [LISTEN, [1, { type: "listen" }]])).toEqual([
    "TCP server",
    "TCP server 2",
  ]);
});
