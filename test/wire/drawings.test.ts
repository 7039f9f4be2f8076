/**
 * Whole drawings, compared with those stored in drawings/: what a change does to them is seen by looking at
 * two pictures. `npx vitest run test/wire/drawings.test.ts -u` stores them again.
 */
import { expect, test } from "vitest";
import type { SvgOptions, TextOptions } from "../../src/wire/options";
import type { RecordedSocket } from "../../src/wire/recording-data";
import {
  ACCEPTED,
  bytes,
  CONNECTED,
  call,
  connection,
  conversation,
  LISTEN,
  made,
  receive,
  returned,
  type SocketAction,
  send,
} from "./made";

const HOST = "127.0.0.1";
const to = (port: number) => ({ host: HOST, port });

const exchange = made(connection(), [
  ...ACCEPTED,
  [2, call("recv", 1)],
  [1, send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
  [2, receive("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
  [2, returned("recv", 1, bytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))],
  [1, { type: "end sent" }],
  [2, send("HTTP/1.1 200 OK\r\n\r\nHello")],
  [1, receive("HTTP/1.1 200 OK\r\n\r\nHello")],
  [2, call("recv", 2)],
  [2, returned("recv", 2, { bytes: 0, head: "" })],
  [2, { type: "end sent" }],
  [1, { type: "close" }],
  [2, { type: "close" }],
  [0, { type: "stop listening" }],
]);

const client = (port: number, server: number): RecordedSocket => {
  return { kind: "tcp client", local: to(port), remote: to(server) };
};
const failures = made(
  [
    ...connection(),
    client(51_001, 81),
    client(51_002, 82),
    { kind: "tcp server" },
    client(51_003, 8080),
  ],
  [
    LISTEN,
    [3, { type: "connect", to: to(81) }],
    [3, { type: "error", code: "ECONNREFUSED" }],
    [3, { type: "close" }],
    [4, { type: "connect", to: to(82) }],
    [4, { type: "error", code: "ETIMEDOUT" }],
    [4, { type: "close" }],
    [5, { type: "listen failed", place: to(8080), code: "EADDRINUSE" }],
    [6, { type: "connect", to: to(8080) }],
    [6, { type: "close" }],
    ...CONNECTED,
    [1, send("lost")],
    [2, { type: "reset" }],
    [1, { type: "error", code: "ECONNRESET" }],
    [1, { type: "close" }],
  ],
);

const datagrams = made(
  [
    { kind: "udp", local: to(9090) },
    { kind: "udp", local: to(40_001) },
    { kind: "udp", local: to(40_002) },
  ],
  [
    [0, { type: "bind", bySend: false }],
    [0, call("recvfrom", 0)],
    [1, { type: "send datagram", to: to(9090), ...bytes("ping") }],
    [0, { type: "receive datagram", from: to(40_001), ...bytes("ping") }],
    [0, returned("recvfrom", 0, bytes("ping"))],
    [0, { type: "send datagram", to: to(40_001), ...bytes("pong") }],
    [1, { type: "receive datagram", from: to(9090), ...bytes("pong") }],
    [2, { type: "send datagram", to: to(9999), ...bytes("is a program there?") }],
    [2, { type: "send datagram", to: to(9090), code: "EMSGSIZE", ...bytes("too large") }],
    [0, { type: "receive datagram", from: to(5353), ...bytes("from outside") }],
    [2, { type: "close" }],
    [0, { type: "close" }],
  ],
);

const outside = made(
  [
    { kind: "tcp server", local: to(8080) },
    { kind: "tcp accepted", local: to(8080), remote: to(50_001), server: 0 },
    {
      kind: "tcp client",
      local: to(50_002),
      remote: { host: "example.com", port: 443 },
      tls: true,
    },
  ],
  [
    LISTEN,
    [1, { type: "accepted" }],
    [1, call("recv", 0)],
    [1, receive("from ")],
    [1, receive("outside")],
    [1, returned("recv", 0, bytes("from outside"))],
    [1, call("recv", 1)],
    [1, { type: "end received" }],
    [1, returned("recv", 1, { bytes: 0, head: "" })],
    [2, { type: "connect", to: { host: "example.com", port: 443 } }],
    [2, { type: "connected" }],
    [2, send("secret")],
    [2, { type: "error", code: "ECONNRESET" }],
    [2, { type: "close" }],
    [1, { type: "close" }],
  ],
);

const regrouped = made(connection(), [
  ...CONNECTED,
  [1, send("one ")],
  [1, send("two ")],
  [2, receive("one two ")],
  [2, send("a longer answer")],
  [1, receive("a longer ")],
  [1, receive("answer")],
  [2, send(Buffer.from([0, 1, 2, 250, 251]))],
]);

const repeated: SocketAction[] = Array.from({ length: 5 }, () => [1, send("again")]);
const repeats = made(connection(), [LISTEN, ...CONNECTED, ...repeated, [1, { type: "close" }]]);

const named = made(
  [...connection().slice(0, 1), connection()[2]],
  [LISTEN, [1, { type: "accepted" }], [1, { type: "end received" }], [1, send("still here")]],
  { 8080: "Apache", 51000: "browser" },
);

const attempts = made(
  [{ kind: "tcp client", local: to(51_000), remote: { host: "localhost", port: 9000 } }],
  [
    [0, { type: "connect", to: { host: "localhost", port: 9000 } }],
    [0, { type: "attempt failed", to: { host: "::1", port: 9000 }, code: "ECONNREFUSED" }],
    [0, { type: "connected" }],
    [0, send("hello")],
  ],
);

const waiting = made(
  [
    { kind: "udp", local: to(9090) },
    { kind: "tcp server", local: to(8080) },
    { kind: "tcp server", local: to(8081) },
  ],
  [
    [0, { type: "bind", bySend: false }],
    [0, call("recvfrom", 0)],
    [1, { type: "listen" }],
    [
      2,
      {
        type: "listen failed",
        place: to(8081),
        code: "a code that takes much more room than others",
      },
    ],
    ...["a", "b", "c", "d", "e", "f"].map((code): SocketAction => [0, { type: "error", code }]),
    [0, { type: "error", code: "EMSGSIZE", syscall: "send" }],
    [2, call("accept", 1)],
  ],
);

const big = "x".repeat(1_500);
const bigAnswer = made(connection(), [
  ...CONNECTED,
  [2, send(big)],
  [2, send(big)],
  [2, send(big)],
  [1, receive(big)],
  [1, receive(big)],
  [1, receive(big)],
  ...[0, 1, 2].flatMap((id): SocketAction[] => [
    [1, call("recv", id)],
    [1, returned("recv", id, bytes(big))],
  ]),
]);

const DRAWINGS: [string, ReturnType<typeof made>, TextOptions & SvgOptions][] = [
  ["exchange", exchange, {}],
  ["exchange-lines", exchange, { lines: 4, title: "A request and its response", times: true }],
  ["exchange-ascii", exchange, { ascii: true, width: 50, ports: true }],
  ["exchange-list", exchange, { list: true, width: 20, ascii: true }],
  ["failures", failures, {}],
  ["failures-wide", failures, { width: 132, calls: false }],
  ["datagrams", datagrams, {}],
  ["outside", outside, { width: 100 }],
  ["outside-list", outside, { list: true, width: 20 }],
  ["regrouped", regrouped, {}],
  ["repeats", repeats, { times: true }],
  ["named", named, {}],
  ["attempts", attempts, {}],
  ["big-answer", bigAnswer, {}],
  ["failures-ascii", failures, { ascii: true, width: 120 }],
  ["waiting", waiting, {}],
  ["waiting-cut", waiting, { rows: 6, width: 60 }],
  ["nothing", made([], []), { title: "Nothing" }],
  ["left-out", conversation(60), { rows: 12 }],
];

test.each(DRAWINGS)("%s is drawn as text as it is stored", async (name, recording, options) => {
  await expect(`${recording.toText(options)}\n`).toMatchFileSnapshot(`drawings/${name}.txt`);
});

test.each(DRAWINGS)("%s is drawn as SVG as it is stored", async (name, recording, options) => {
  // The style sheet is the same in all, and looked at in svg.test.ts.
  const svg = recording.toSvg(options).replace(/<style>.*<\/style>\n/s, "");
  await expect(`${svg}\n`).toMatchFileSnapshot(`drawings/${name}.svg`);
});
