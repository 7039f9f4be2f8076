/** The two ends of each connection, and how its bytes were regrouped on the way. */
import { expect, test } from "vitest";
import { connectionEnds, type Range, rangeAt, regroupings } from "../../src/wire/connections";
import { CONNECTED, call, connection, LISTEN, made, receive, send } from "./made";

/** Ranges of these sizes, one after the other; their events are 0, 1, 2 and so on. */
function ranges(...sizes: number[]): Range[] {
  let end = 0;
  return sizes.map((size, event) => {
    const start = end;
    end += size;
    return { event, start, end };
  });
}

test.each([
  ["as it was sent", [3, 4], [3, 4], []],
  ["joined", [3, 4], [7], [{ after: 1, how: "joined", bytes: 7 }]],
  ["cut", [7], [3, 4], [{ after: 0, how: "cut", bytes: 7 }]],
  ["both", [3, 4], [2, 5], [{ after: 1, how: "both", bytes: 7 }]],
  ["as it was sent, then joined", [2, 3, 4], [2, 7], [{ after: 2, how: "joined", bytes: 7 }]],
  [
    "joined, then cut",
    [1, 2, 9],
    [3, 4, 5],
    [
      { after: 1, how: "joined", bytes: 3 },
      { after: 2, how: "cut", bytes: 9 },
    ],
  ],
  ["not all of it yet", [3, 4], [3, 2], []],
  ["more than was recorded as sent", [3], [3, 4], []],
  ["nothing", [3], [], []],
])("what arrives %s", (_what, sent, received, found) => {
  expect(regroupings(ranges(...sent), ranges(...received))).toEqual(found);
});

test("each byte belongs to the range that begins at it or before", () => {
  const all = ranges(2, 3);
  const events = [0, 1, 2, 4, 5].map((position) => rangeAt(all, position)?.event);
  expect(events).toEqual([0, 0, 1, 1, undefined]);
});

test("an end collects what happened there, by the index of the event", () => {
  const recording = made(connection(), [
    LISTEN,
    ...CONNECTED,
    [1, send("abc")],
    [1, send("de")],
    [1, receive("fg")],
    [1, call("recv", 0)],
    [1, { type: "attempt failed", to: { host: "::1", port: 8080 }, code: "ECONNREFUSED" }],
    [1, { type: "end sent" }],
    [1, { type: "end received" }],
    [1, { type: "error", code: "ECONNRESET" }],
    [1, { type: "close" }],
    [2, { type: "reset" }],
  ]);
  const ends = connectionEnds(recording);
  expect([...ends.keys()]).toEqual([1, 2]);
  expect(ends.get(1)).toEqual({
    socket: 1,
    peer: 2,
    connect: 1,
    connected: 3,
    sends: [
      { event: 4, start: 0, end: 3 },
      { event: 5, start: 3, end: 5 },
    ],
    receives: [{ event: 6, start: 0, end: 2 }],
    calls: true,
    attemptsFailed: 1,
    endSent: 9,
    endReceived: 10,
    error: { event: 11, code: "ECONNRESET" },
    closed: 12,
  });
  expect(ends.get(2)).toMatchObject({ peer: 1, accepted: 2, reset: 13, calls: false });
});

test("ends are paired by their ports, in order where a pair of ports is used again", () => {
  const [server, client, accepted] = connection();
  const other = connection(8080, 51_001);
  const sockets = [server, client, other[1], other[2], accepted, client, accepted];
  const ends = connectionEnds(made(sockets, []));
  expect([1, 2, 5].map((socket) => ends.get(socket)?.peer)).toEqual([4, 3, 6]);
  expect([3, 4, 6].map((socket) => ends.get(socket)?.peer)).toEqual([2, 1, 5]);
});

test("a client whose peer is outside has none", () => {
  const ends = connectionEnds(made(connection().slice(0, 2), []));
  expect(ends.get(1)?.peer).toBeUndefined();
});
