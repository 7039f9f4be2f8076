/** Which received datagram is which that was sent. */
import { expect, test } from "vitest";
import { DatagramMatch } from "../../src/wire/datagrams";
import type { RecordedSocket } from "../../src/wire/recording-data";
import { bytes, made, type SocketAction } from "./made";

const HOST = "127.0.0.1";
const at = (port: number): RecordedSocket => ({ kind: "udp", local: { host: HOST, port } });
const SOCKETS = [at(9090), at(40_001), at(40_002)];
const sent = (socket: number, text: string, port = 9090): SocketAction => [
  socket,
  { type: "send datagram", to: { host: HOST, port }, ...bytes(text) },
];
const got = (text: string, port: number, socket = 0): SocketAction => [
  socket,
  { type: "receive datagram", from: { host: HOST, port }, ...bytes(text) },
];

test.each([
  ["its sender, size and bytes", [sent(1, "a"), got("a", 40_001)], 0],
  ["another sender", [sent(1, "a"), got("a", 40_002)], undefined],
  ["another size", [sent(1, "a"), got("ab", 40_001)], undefined],
  ["other bytes", [sent(1, "a"), got("b", 40_001)], undefined],
  ["another goal", [sent(1, "a", 9999), got("a", 40_001)], undefined],
] as [string, SocketAction[], number | undefined][])(
  "a datagram with %s",
  (_what, actions, source) => {
    const match = new DatagramMatch(made(SOCKETS, actions));
    expect(match.source(1)).toBe(source);
    expect(match.arrival(0)).toBe(source === undefined ? undefined : 1);
  },
);

test("of two alike the first received is the first sent, and none is matched twice", () => {
  const actions = [
    sent(1, "a"),
    sent(1, "a"),
    got("a", 40_001),
    got("a", 40_001),
    got("a", 40_001),
  ];
  const match = new DatagramMatch(made(SOCKETS, actions));
  expect([2, 3, 4].map((index) => match.source(index))).toEqual([0, 1, undefined]);
  expect([0, 1].map((index) => match.arrival(index))).toEqual([2, 3]);
});

test("one that overtakes another is matched with its own", () => {
  const actions = [sent(1, "a"), sent(2, "b"), got("b", 40_002), got("a", 40_001)];
  const match = new DatagramMatch(made(SOCKETS, actions));
  expect([2, 3].map((index) => match.source(index))).toEqual([1, 0]);
  expect(match.received(0)).toEqual([2, 3]);
  expect(match.received(1)).toEqual([]);
});
