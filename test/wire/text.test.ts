import { once } from "node:events";
import { expect, test } from "vitest";
import { DRAWN_ROWS_MAX } from "../../src/wire/limits";
import type { TextOptions } from "../../src/wire/options";
import type { Recording } from "../../src/wire/recording";
import { textWidth } from "../../src/wire/width";
import {
  announce,
  closed,
  HOST,
  oneExchange,
  portOf,
  recording,
  serverClosed,
  tcpClient,
  tcpServer,
  udp,
} from "./exchange";
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

/** The lines of a drawing without its names, outer spaces and lifelines' distances. */
function rows(all: Recording, options: TextOptions = {}): string[] {
  const lines = all.toText({ width: 90, ...options }).split("\n");
  const first = lines.findIndex((line) => /[│┃├]/.test(line));
  return lines.slice(first).map((line) => line.trim().replace(/([─═]) *[─═ ]+/g, "$1"));
}

/** What the drawing tells, as sentences. */
function told(all: Recording, options: TextOptions = {}): string[] {
  return all.toText({ width: 200, list: true, ...options }).split("\n");
}

test("one exchange stands as server beside client, with the waiting visible", () => {
  const all = made(connection(), [
    ...ACCEPTED,
    [2, call("recv", 1)],
    [1, send("Hello from client!")],
    [1, call("recv", 2)],
    [2, receive("Hello from client!")],
    [2, returned("recv", 1, bytes("Hello from client!"))],
    [2, send("Hello! You are connection #1")],
    [1, receive("Hello! You are connection #1")],
    [1, returned("recv", 2, bytes("Hello! You are connection #1"))],
    [2, { type: "end sent" }],
    [1, { type: "end received" }],
    [1, { type: "end sent" }],
    [2, { type: "end received" }],
    [1, { type: "close" }],
    [2, { type: "close" }],
    [0, { type: "stop listening" }],
  ]);
  expect(`\n${all.toText({ width: 72 })}\n`).toBe(`
  TCP server
127.0.0.1:8080                                               TCP client
       │ listens on 127.0.0.1:8080                                │
       ┃ accept() waits                                           │
       ┃◄─────────────────────── connect ─────────────────────────│
       ┃──────────────── connection established ──────────────────┤
       ┃ recv() waits                                             │
       ┃◄────────────── "Hello from client!" 18 B ────────────────│
       │                                             recv() waits ┃
       │────────── "Hello! You are connection #1" 28 B ──────────►┃
       │══════════════════════ close (FIN) ══════════════════════►│
       │◄═════════════════════ close (FIN) ═══════════════════════│
       │ stops listening                                          │
`);
});

test("the ASCII form has the same rows and no other characters", () => {
  const all = made(connection(), [LISTEN, [0, call("accept", 0)], ...CONNECTED, [1, send("é…")]]);
  const text = all.toText({ ascii: true, width: 60 });
  expect(text).toMatch(/^[\n\x20-\x7e]+$/);
  expect(text.split("\n")).toHaveLength(all.toText({ width: 60 }).split("\n").length);
  expect(text).toContain("# accept() waits");
  expect(text).toContain('"\\u{E9}\\u{2026}" 5 B');
});

test("UDP datagrams are dashed arrows without any connection, and a lost one ends before its goal", () => {
  const all = made(
    [
      { kind: "udp", local: { host: HOST, port: 9090 } },
      { kind: "udp", local: { host: HOST, port: 40_001 } },
    ],
    [
      [0, { type: "bind", bySend: false }],
      [1, { type: "bind", bySend: true }],
      [1, { type: "send datagram", to: { host: HOST, port: 9090 }, ...bytes("ping") }],
      [0, { type: "receive datagram", from: { host: HOST, port: 40_001 }, ...bytes("ping") }],
      [1, { type: "send datagram", to: { host: HOST, port: 9999 }, ...bytes("hello?") }],
    ],
  );
  expect(`\n${all.toText({ width: 76 })}\n`).toBe(`
  UDP server                                                    port 9999
127.0.0.1:9090              UDP client                       127.0.0.1:9999
       │ binds 127.0.0.1:9090    │                                  │
       │◄─ ─ ─ "ping" 4 B  ─ ─ ─ │                                  │
       │                         │   "hello?"                       │
       │                         │   6 B, no receiver seen          │
       │                         │─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─×    │
`);
});

test("every line fits the width, and none ends in a space", () => {
  for (const width of [40, 60, 80, 132]) {
    for (const ascii of [false, true]) {
      for (const line of conversation(30).toText({ width, ascii, times: true }).split("\n")) {
        expect(textWidth(line), line).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/\s$/);
      }
    }
  }
});

test("wide characters take two columns, so that lifelines stay straight", () => {
  const all = made(connection(), [LISTEN, ...CONNECTED, [1, send("日本語のテスト🎉")]]);
  const lines = all.toText({ width: 70 }).split("\n").slice(2);
  const ends = lines.map((line) => textWidth(line.replace(/[│┤].*?$|[^│┤]$/u, "")));
  const right = lines.map((line) => textWidth(line));
  expect(new Set(right).size, lines.join("\n")).toBe(1);
  expect(ends.length).toBe(lines.length);
  expect(lines.join("")).toContain('"日本語のテスト🎉" 25 B');
});

test("a narrow terminal gets sentences in place of lifelines", () => {
  const all = made(connection(), [LISTEN, ...CONNECTED, [1, send("hi")]]);
  const lines = all.toText({ width: 36 }).split("\n");
  expect(lines.join(" ").replace(/ +/g, " ")).toBe(
    "1. TCP server: listens on 127.0.0.1:8080 2. TCP client to TCP server: connect " +
      "3. TCP client and TCP server: connection established " +
      '4. TCP client to TCP server: "hi" 2 B',
  );
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(36);
});

test("times and system ports are shown only when asked for", () => {
  const all = made(connection(40_000, 51_000), [
    LISTEN,
    [1, CONNECTED[0][1]],
    ...CONNECTED.slice(1),
  ]);
  expect(all.toText()).not.toMatch(/ ms|40000|51000/);
  expect(all.toText({ times: true })).toContain("0.0 ms");
  expect(all.toText({ ports: true })).toContain("127.0.0.1:40000");
});

test("a call that finds its bytes waiting does not wait, and shows what it returned", () => {
  const all = made(connection(), [
    ...CONNECTED,
    [1, send("first\n")],
    [1, send("second\n")],
    [2, receive("first\nsecond\n")],
    [2, call("recv", 0)],
    [2, returned("recv", 0, bytes("first\nsecond\n"))],
  ]);
  expect(told(all).slice(2)).toEqual([
    '3. TCP client to TCP server: "first\\n" 6 B',
    '4. TCP client to TCP server: "second\\n" 7 B',
    '5. TCP server: recv() returns "first\\nsecond\\n" 13 B',
  ]);
});

test("a call that waits and gets only a part of what was sent shows the part", () => {
  const all = made(connection(), [
    ...CONNECTED,
    [2, call("recv", 0)],
    [1, send("first")],
    [2, receive("first")],
    [2, returned("recv", 0, bytes("fir"))],
    [2, call("recv", 1)],
    [2, returned("recv", 1, bytes("st"))],
  ]);
  expect(told(all).slice(2)).toEqual([
    "3. TCP server: recv() waits",
    '4. TCP client to TCP server: "first" 5 B',
    '5. TCP server: recv() returns "fir" 3 B',
    '6. TCP server: recv() returns "st" 2 B',
  ]);
});

test("a connection stands before the accept that takes it, when the server is busy", () => {
  const all = made(connection(), [
    LISTEN,
    ...CONNECTED,
    [0, call("accept", 0)],
    [0, returned("accept", 0, { accepted: 2 })],
  ]);
  expect(told(all).slice(2)).toEqual([
    "3. TCP client and TCP server: connection established",
    "4. TCP server: accept() returns at once",
  ]);
});

test("an accept that is called after the client's connect does not wait", () => {
  const all = made(connection(), [
    LISTEN,
    [1, { type: "connect", to: { host: HOST, port: 8080 } }],
    [0, call("accept", 0)],
    [2, { type: "accepted" }],
    [0, returned("accept", 0, { accepted: 2 })],
  ]);
  expect(told(all).at(-1)).toBe("4. TCP server: accept() returns at once");
});

test("a call that is never served waits to the end, and one that fails says why", () => {
  const all = made(connection(), [
    ...ACCEPTED,
    [2, call("recv", 1)],
    [2, returned("recv", 1, { code: "TIMED_OUT" })],
    [0, call("accept", 2)],
    [1, send("to the accepted one")],
    [1, send("and more")],
  ]);
  const lines = rows(all);
  expect(lines.find((line) => line.includes("TIMED_OUT"))).toMatch(/^┃ recv\(\) fails: TIMED_OUT/);
  const waits = lines.length - 3;
  expect(lines[waits]).toMatch(/accept\(\) waits/);
  for (const line of lines.slice(waits)) expect(line).toMatch(/^┃/);
});

test.each(["CLOSED", "ABORTED"])(
  "a call that the program ended itself (%s) has not failed",
  (code) => {
    const all = made(connection(), [
      LISTEN,
      [0, call("accept", 0)],
      [0, returned("accept", 0, { code })],
      [0, { type: "stop listening" }],
    ]);
    expect(told(all)).toEqual([
      "1. TCP server: listens on 127.0.0.1:8080",
      "2. TCP server: accept() waits",
      "3. TCP server: stops listening",
    ]);
    expect(rows(all).at(-1)).toMatch(/^│ stops listening/); // it waits no more
  },
);

test("without calls only what travelled is drawn", () => {
  const all = made(connection(), [LISTEN, [0, call("accept", 0)], ...CONNECTED]);
  expect(all.toText({ calls: false })).not.toMatch(/accept|┃/);
});

test("half-close, close and reset differ by line and by words", () => {
  const half = made(connection(), [
    LISTEN,
    ...CONNECTED,
    [1, { type: "end sent" }],
    [2, send("still")],
  ]);
  const full = made(connection(), [LISTEN, ...CONNECTED, [1, { type: "end sent" }]]);
  const reset = made(connection(), [LISTEN, ...CONNECTED, [1, { type: "reset" }]]);
  const third = (all: Recording) => all.toText({ width: 60 }).split("\n")[5];
  expect(third(half)).toMatch(/◄═─═─═.* half-close \(FIN\) .*═─/);
  expect(third(full)).toMatch(/◄═══.* close \(FIN\) ═══/);
  expect(third(reset)).toMatch(/◄×─×─.* reset \(RST\) .*─×/);
});

test("a close with bytes unread that resets the other end is drawn as a reset", () => {
  const all = made(connection(), [
    ...CONNECTED,
    [1, send("never read")],
    [2, { type: "close" }],
    [1, { type: "error", code: "ECONNRESET", syscall: "read" }],
    [1, { type: "close" }],
  ]);
  expect(told(all).slice(3)).toEqual([
    "4. TCP server to TCP client: close with bytes unread: reset (RST)",
    "5. TCP client: read: ECONNRESET",
  ]);
});

test("a refused connection ends before the port where nobody listens", () => {
  const all = made(
    [{ kind: "tcp client", remote: { host: HOST, port: 8081 } }],
    [
      [0, { type: "connect", to: { host: HOST, port: 8081 } }],
      [0, { type: "error", code: "ECONNREFUSED", syscall: "connect" }],
      [0, { type: "close" }],
    ],
  );
  expect(all.toText({ width: 70 })).toMatch(/│─+ connect refused \(ECONNREFUSED\) ─+× {4,}│$/m);
  expect(all.toText()).toContain("port 8081");
});

test("an unknown host is told on the client alone", () => {
  const all = made(
    [{ kind: "tcp client", remote: { host: "nope.invalid", port: 80 } }],
    [
      [0, { type: "connect", to: { host: "nope.invalid", port: 80 } }],
      [0, { type: "error", code: "ENOTFOUND", syscall: "getaddrinfo" }],
      [0, { type: "close" }],
    ],
  );
  expect(told(all)).toEqual(["1. TCP client: connect nope.invalid: ENOTFOUND, unknown host"]);
});

test("pieces from outside with nothing between are one arrow, since their number is chance", () => {
  const sockets = [
    {
      kind: "tcp client" as const,
      local: { host: HOST, port: 50_000 },
      remote: { host: HOST, port: 80 },
    },
  ];
  const begin: SocketAction[] = [
    [0, { type: "connect", to: { host: "localhost", port: 80 } }],
    [0, { type: "connected" }],
    [0, send("GET / HTTP/1.0\r\n\r\n")],
  ];
  const names = { 80: "Apache" };
  const whole = made(sockets, [...begin, [0, receive("HTTP/1.1 200 OK\r\n\r\nIt works!")]], names);
  const cut = made(
    sockets,
    [...begin, [0, receive("HTTP/1.1 200 OK\r\n")], [0, receive("\r\nIt works!")]],
    names,
  );
  expect(cut.toText()).toBe(whole.toText());
  expect(told(cut).at(-1)).toContain('Apache to TCP client: "HTTP/1.1 200 OK\\r\\n');
});

test("what arrives joined or cut is told once, after the sends that it concerns", () => {
  const joined = made(connection(), [
    ...CONNECTED,
    [1, send("ab")],
    [1, send("cd")],
    [2, receive("abcd")],
  ]);
  expect(told(joined).at(-1)).toBe("5. TCP server: arrives in one piece: 4 B");
  const cut = made(connection(), [
    ...CONNECTED,
    [1, send("abcd")],
    [2, receive("a")],
    [2, receive("bcd")],
  ]);
  expect(told(cut).at(-1)).toBe("4. TCP server: arrives in several pieces: 4 B");
  expect(told(cut, { pieces: false }).at(-1)).toContain('"abcd" 4 B');
});

test("the drawing does not depend on when Node saw what arrived", () => {
  const early: SocketAction[] = [
    LISTEN,
    ...CONNECTED,
    [1, send("a")],
    [2, receive("a")],
    [2, send("b")],
    [2, { type: "end sent" }],
    [1, receive("b")],
    [1, { type: "end received" }],
    [1, { type: "end sent" }],
    [2, { type: "end received" }],
  ];
  const late: SocketAction[] = [
    LISTEN,
    [1, CONNECTED[0][1]],
    [1, CONNECTED[2][1]],
    [1, send("a")],
    [2, CONNECTED[1][1]],
    [2, receive("a")],
    [2, send("b")],
    [1, receive("b")],
    [2, { type: "end sent" }],
    [1, { type: "end sent" }],
  ];
  expect(made(connection(), late).toText()).toBe(made(connection(), early).toText());
});

test("the same exchange draws the same text every time", async () => {
  const drawings = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const wire = recording();
    await oneExchange();
    drawings.add(wire.stop().toText() + wire.stop().toSvg());
  }
  expect([...drawings]).toHaveLength(1);
});

test("a recorded exchange draws with the server's wait and the client's message", async () => {
  const wire = recording({ name: { "TCP client": "client" } });
  const server = await tcpServer((socket) => {
    accepting({ accepted: socket });
    const receiving = announce("recv", socket);
    socket.once("data", (data) => {
      receiving({ data });
      socket.end("answer");
    });
  });
  wire.name(server, "server");
  const accepting = announce("accept", server);
  const client = await tcpClient(portOf(server));
  client.write("question");
  await once(client, "data");
  await closed(client);
  await serverClosed(server);
  expect(told(wire.stop()).slice(0, 7)).toEqual([
    "1. server: listens",
    "2. server: accept() waits",
    "3. client to server: connect",
    "4. client and server: connection established",
    "5. server: recv() waits",
    '6. client to server: "question" 8 B',
    '7. server to client: "answer" 6 B',
  ]);
});

test("recvfrom waits for a datagram", async () => {
  const wire = recording();
  const server = await udp();
  const receiving = announce("recvfrom", server);
  const sender = await udp();
  const arrived = once(server, "message");
  sender.send("postcard", server.address().port, HOST);
  const [data] = await arrived;
  receiving({ data });
  const lines = rows(wire.stop());
  expect(lines.find((line) => line.includes("postcard"))).toMatch(/^┃◄/);
});

test("a client that connects again has the same lifeline, one at the same time has its own", () => {
  const again = (port: number, at: number) => {
    const sockets = connection(8080, port)
      .slice(1)
      .map((one) => ({ ...one }));
    return { sockets, at };
  };
  const sockets = [connection()[0], ...again(51_000, 1).sockets, ...again(51_001, 3).sockets];
  const connect = (client: number): SocketAction[] => [
    [client, { type: "connect", to: { host: HOST, port: 8080 } }],
    [client + 1, { type: "accepted" }],
  ];
  const close = (client: number): SocketAction[] => [[client, { type: "close" }]];
  const inTurn = made(sockets, [LISTEN, ...connect(1), ...close(1), ...connect(3), ...close(3)]);
  const together = made(sockets, [LISTEN, ...connect(1), ...connect(3), ...close(1), ...close(3)]);
  expect(inTurn.toText().split("\n")[1].trim().split(/ {2,}/)).toHaveLength(2);
  expect(together.toText().split("\n")[1]).toMatch(/TCP client 1 .*TCP client 2/);
});

test("a crowd of clients at a time does not get a lifeline each", () => {
  const sockets = [connection()[0]];
  const actions: SocketAction[] = [LISTEN];
  for (let i = 0; i < 40; i++) {
    actions.push([sockets.length, { type: "connect", to: { host: HOST, port: 8080 } }]);
    sockets.push(...connection(8080, 51_000 + i).slice(1));
  }
  const text = made(sockets, actions).toText({ list: true });
  expect(new Set(text.match(/TCP clients? \d+( and up)?/g))).toEqual(
    new Set([
      "TCP client 1",
      "TCP client 2",
      "TCP client 3",
      "TCP client 4",
      "TCP clients 5 and up",
    ]),
  );
});

test("bytes inside TLS are said to be", () => {
  const sockets = connection().map((one) => ({ ...one, tls: one.kind !== "tcp server" }));
  const all = made(sockets, [...CONNECTED, [1, send("secret")]]);
  expect(all.toText()).toContain('"secret" 6 B in TLS');
});

test("50 different events are all drawn", () => {
  const text = conversation(50).toText();
  expect(text.match(/"line \w\w\\n"/g)).toHaveLength(50);
});

test("of 500 different events the beginning and the end are drawn, and how many are not", () => {
  const all = conversation(500);
  const text = all.toText();
  expect(text.split("\n").length).toBeLessThanOrEqual(DRAWN_ROWS_MAX + 3);
  expect(text).toContain('"line aa\\n"');
  expect(text).toContain('"line ft\\n"');
  const shown = text.match(/"line \w\w\\n"/g) ?? [];
  const left = Number(text.match(/(\d+) more rows are not drawn/)?.[1]);
  expect(shown.length + left).toBe(500);
  expect(all.toText({ rows: 600 }).match(/"line \w\w\\n"/g)).toHaveLength(500);
});

test("an exchange that repeats is drawn once, with how often", () => {
  const actions: SocketAction[] = [LISTEN, ...CONNECTED];
  for (let i = 0; i < 12; i++) actions.push([1, send("ping")], [2, send("pong")]);
  actions.push([1, { type: "end sent" }]);
  const lines = told(made(connection(), actions)).slice(3);
  expect(lines).toEqual([
    "(12 times)",
    '4. TCP client to TCP server: "ping" 4 B',
    '5. TCP server to TCP client: "pong" 4 B',
    "(end of what repeats)",
    "6. TCP client to TCP server: close (FIN)",
  ]);
});

test("repeats that differ in numbers are folded only where the drawing would be long", () => {
  const actions = (count: number): SocketAction[] =>
    Array.from({ length: count }, (_, i): SocketAction => [1, send(`message ${i}`)]);
  expect(told(made(connection(), [...CONNECTED, ...actions(5)]))).toHaveLength(7);
  const long = told(made(connection(), [...CONNECTED, ...actions(50)]));
  expect(long).toContain("(50 times, of which this is the first)");
  expect(long).toHaveLength(5);
});

test("a recording of nothing says so", () => {
  expect(made([], []).toText()).toBe("(nothing was recorded)");
});

test("a title heads the text", () => {
  expect(made([], []).toText({ title: "One exchange" })).toBe(
    "One exchange\n\n(nothing was recorded)",
  );
});

test("several lines of the data are shown on request, broken after each line feed", () => {
  const request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const all = made(connection(), [...CONNECTED, [1, send(request)]]);
  const shown = all
    .toText({ lines: 3, width: 70 })
    .split("\n")
    .slice(4)
    .map((line) => line.replace(/^[ │]+|[ │]+$/g, ""));
  expect(shown.slice(0, 3)).toEqual([
    '"GET / HTTP/1.1\\r\\n',
    "Host: localhost\\r\\n",
    'Connection: close\\r\\n…" 54 B',
  ]);
});

test("data gets a line of its own where that shows it to its end", () => {
  const sockets = connection();
  const short = made(sockets, [LISTEN, ...CONNECTED, [1, send("exactly thirty characters here")]]);
  const lines = short.toText({ width: 52 }).split("\n");
  expect(lines.join("\n")).toContain('"exactly thirty characters here"');
  const long = made(sockets, [LISTEN, ...CONNECTED, [1, send("x".repeat(500))]]);
  expect(long.toText({ width: 52 }).split("\n").length).toBe(lines.length - 2);
  expect(long.toText({ width: 52 })).toMatch(/"x+…" 500 B/);
});
