import { spawn } from "node:child_process";
import dgram from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import tls from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { throwawayCertificate } from "../../src/lab/tls/throwaway-certificate";
import { connect, listen } from "../../src/sockets/tcp";
import { RECORDED_EVENTS_MAX } from "../../src/wire/limits";
import { codeOf } from "../../src/wire/observed";
import { record, recordDuring } from "../../src/wire/record";
import { Recording } from "../../src/wire/recording";
import type { WireEvent } from "../../src/wire/recording-data";
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
  until,
} from "./exchange";

/** What one kind of socket did, as `send 18`. */
function actions(all: Recording, kind: string): string[] {
  return all.events
    .filter((event) => all.sockets[event.socket].kind === kind)
    .map((event) => ("bytes" in event ? `${event.type} ${event.bytes}` : event.type));
}

function only<T extends WireEvent["type"]>(all: Recording, type: T) {
  return all.events.filter(
    (event): event is Extract<WireEvent, { type: T }> => event.type === type,
  );
}

test("an exchange is recorded with listen, connect, accept, bytes, ends and closes", async () => {
  const wire = recording();
  await oneExchange("Hello back");
  const all = wire.stop();
  expect(actions(all, "tcp server")).toEqual(["listen", "stop listening"]);
  const client = actions(all, "tcp client");
  expect(client.slice(0, 4)).toEqual(["connect", "connected", "send 18", "receive 10"]);
  // Which end comes first is a matter of turns.
  expect(client.slice(4, 6).sort()).toEqual(["end received", "end sent"]);
  expect(client.slice(6)).toEqual(["close"]);
  expect(actions(all, "tcp accepted").slice(0, 4)).toEqual([
    "accepted",
    "receive 18",
    "send 10",
    "end sent",
  ]);
  expect(only(all, "send").map((event) => event.head)).toEqual([
    "Hello from client!",
    "Hello back",
  ]);
});

test("times are milliseconds from the start of the recording and never go back", async () => {
  const before = performance.now();
  const wire = recording();
  await oneExchange();
  const all = wire.stop();
  const elapsed = performance.now() - before;
  const times = all.events.map((event) => event.at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(0);
  expect(times.at(-1)).toBeLessThanOrEqual(elapsed);
});

test("both ends of a connection carry each other's addresses", async () => {
  const wire = recording();
  await oneExchange();
  const { sockets } = wire.stop();
  const [client] = sockets.filter((one) => one.kind === "tcp client");
  const [accepted] = sockets.filter((one) => one.kind === "tcp accepted");
  expect(client.local).toEqual(accepted.remote);
  expect(client.remote).toEqual(accepted.local);
  expect(sockets[accepted.server ?? -1].kind).toBe("tcp server");
});

test("two sends that arrive together stay two sends and one receive", async () => {
  const wire = recording();
  let arrived = "";
  const server = await tcpServer((socket) => socket.on("data", (data) => (arrived += data)));
  const client = await tcpClient(portOf(server));
  client.write("first\n");
  client.write("second\n");
  await until(() => arrived === "first\nsecond\n", "both sends");
  const all = wire.stop();
  expect(only(all, "send").map((event) => event.bytes)).toEqual([6, 7]);
  expect(only(all, "receive").map((event) => event.bytes)).toEqual([13]);
});

test("writes that Node hands to the system as a list are recorded one by one", async () => {
  const wire = recording();
  const server = await tcpServer((socket) => socket.resume());
  const client = await tcpClient(portOf(server));
  client.cork();
  client.write("one");
  client.write("zwei", "latin1");
  client.write(Buffer.from([0, 255]));
  client.uncork();
  client.end();
  await closed(client);
  expect(only(wire.stop(), "send").map((event) => event.head)).toEqual(["one", "zwei", "\0\xff"]);
});

test("what is written while it connects is recorded once, after the connection", async () => {
  const wire = recording();
  const server = await tcpServer((socket) => socket.resume());
  const client = net.connect(portOf(server), HOST);
  onTestFinished(() => void client.destroy());
  client.write("early");
  client.end("later");
  await closed(client);
  const types = actions(wire.stop(), "tcp client");
  expect(types.slice(0, 5)).toEqual(["connect", "connected", "send 5", "send 5", "end sent"]);
});

test("a socket made without net.connect is recorded too", async () => {
  const wire = recording();
  const server = await tcpServer((socket) => socket.end("hi"));
  const client = new net.Socket();
  client.connect(portOf(server), HOST);
  client.resume();
  await closed(client);
  expect(actions(wire.stop(), "tcp client")).toContain("receive 2");
});

test("bytes that Node reads into a program's own buffer are recorded", async () => {
  const wire = recording();
  const server = await tcpServer((socket) => socket.end("into your buffer"));
  let got = "";
  const client = net.connect({
    port: portOf(server),
    host: HOST,
    onread: {
      buffer: Buffer.alloc(64),
      callback: (bytes, buffer) => {
        got += Buffer.from(buffer.subarray(0, bytes)).toString();
        return true;
      },
    },
  });
  client.resume();
  await closed(client);
  expect(got).toBe("into your buffer");
  expect(only(wire.stop(), "receive").map((event) => event.head)).toEqual(["into your buffer"]);
});

test("a half-close is an end sent here and received there while bytes still come back", async () => {
  const wire = recording();
  const server = await tcpServer((socket) => socket.on("end", () => socket.end("after")).resume(), {
    allowHalfOpen: true,
  });
  const client = await tcpClient(portOf(server));
  client.end("before");
  client.resume();
  await closed(client);
  const types = actions(wire.stop(), "tcp client");
  expect(types.indexOf("end sent")).toBeLessThan(types.indexOf("receive 5"));
});

test("a reset is recorded where it is made and, with its code, where it is suffered", async () => {
  const wire = recording();
  const gone = new Promise<void>((resolve) => {
    void tcpServer((socket) => socket.on("close", () => resolve()).resume()).then(
      async (server) => {
        (await tcpClient(portOf(server))).resetAndDestroy();
      },
    );
  });
  await gone;
  const all = wire.stop();
  expect(actions(all, "tcp client")).toContain("reset");
  expect(only(all, "error")).toMatchObject([{ code: "ECONNRESET", syscall: "read" }]);
});

test("a refused connection and an unknown host are recorded with their codes", async () => {
  const server = await tcpServer(() => {});
  const port = portOf(server);
  await serverClosed(server);
  const wire = recording();
  for (const [where, host] of [
    [port, HOST],
    [80, "nowhere.invalid"],
  ] as const) {
    const client = net.connect(where, host);
    client.on("error", () => {});
    await closed(client);
  }
  const codes = only(wire.stop(), "error").map((event) => event.code);
  expect(codes[0]).toBe("ECONNREFUSED");
  expect(codes[1]).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
});

test("a port in use is recorded as a failed listen", async () => {
  const server = await tcpServer(() => {});
  const wire = recording();
  const second = net.createServer();
  second.listen(portOf(server), HOST);
  await once(second, "error");
  expect(only(wire.stop(), "listen failed")).toMatchObject([
    { code: "EADDRINUSE", place: { host: HOST, port: portOf(server) } },
  ]);
});

test("datagrams are recorded where they are sent and where they arrive", async () => {
  const wire = recording();
  const server = await udp();
  const client = dgram.createSocket("udp4");
  onTestFinished(() => void client.close());
  client.send(["two ", "parts"], server.address().port, HOST);
  const [message] = await once(server, "message");
  const all = wire.stop();
  expect(String(message)).toBe("two parts");
  expect(only(all, "send datagram")).toMatchObject([
    { bytes: 9, head: "two parts", to: { host: HOST, port: server.address().port } },
  ]);
  expect(only(all, "receive datagram")).toMatchObject([{ bytes: 9, head: "two parts" }]);
  expect(only(all, "bind").map((event) => event.bySend)).toEqual([false, true]);
});

test("datagrams of a connected UDP socket and to a host name are recorded once", async () => {
  const wire = recording();
  const server = await udp();
  const client = dgram.createSocket("udp4");
  onTestFinished(() => void client.close());
  client.connect(server.address().port, HOST);
  await once(client, "connect");
  client.send("connected");
  await once(server, "message");
  const other = dgram.createSocket("udp4");
  onTestFinished(() => void other.close());
  other.send("by name", server.address().port, "localhost");
  await once(server, "message");
  const sent = only(wire.stop(), "send datagram");
  expect(sent.map((event) => event.head)).toEqual(["connected", "by name"]);
  expect(sent.map((event) => event.to.port)).toEqual(Array(2).fill(server.address().port));
});

test("a close that waits for a queued datagram is recorded after it", async () => {
  const receiver = await udp();
  const wire = recording();
  const sender = dgram.createSocket({
    type: "udp4",
    lookup: (host, _options, found) => found(null, host, 4),
  });
  // Unbound: Node queues the datagram until the socket has a port, and the close behind it.
  sender.send("queued", receiver.address().port, HOST);
  sender.close();
  await Promise.all([once(receiver, "message"), once(sender, "close")]);
  const own = wire.stop().events.filter(({ type }) => type === "send datagram" || type === "close");
  expect(own.map(({ type }) => type)).toEqual(["send datagram", "close"]);
});

test("a datagram too large for UDP is recorded with the system's code", async () => {
  const wire = recording();
  const socket = await udp();
  const error = await new Promise<Error | null>((resolve) =>
    socket.send(Buffer.alloc(70_000), 9, HOST, (sent) => resolve(sent)),
  );
  expect(error).toMatchObject({ code: "EMSGSIZE" });
  expect(only(wire.stop(), "send datagram")).toMatchObject([{ code: "EMSGSIZE", bytes: 70_000 }]);
});

test("an HTTP exchange is recorded on both sides, request bytes included", async () => {
  const wire = recording();
  const server = http.createServer((_, response) => response.end("page"));
  onTestFinished(() => void server.close());
  server.listen(0, HOST);
  await once(server, "listening");
  const answer = await fetch(`http://${HOST}:${portOf(server)}/x`, {
    headers: { connection: "close" },
  });
  expect(await answer.text()).toBe("page");
  const all = wire.stop();
  const [request] = only(all, "receive").filter(
    (event) => all.sockets[event.socket].kind === "tcp accepted",
  );
  expect(request.head).toMatch(/^GET \/x HTTP\/1\.1\r\n/);
  const [response] = only(all, "receive").filter(
    (event) => all.sockets[event.socket].kind === "tcp client",
  );
  expect(response.head).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*page$/);
});

test("sockets of src/sockets are recorded", async () => {
  const wire = recording();
  const server = await listen({ port: 0 });
  const client = await connect({ port: server.local.port });
  const accepted = await server.accept();
  await client.send("over our own sockets");
  expect(String(await accepted.recv(100))).toBe("over our own sockets");
  await Promise.all([client.close(), accepted.close(), server.close()]);
  const all = wire.stop();
  expect(actions(all, "tcp client")).toContain("send 20");
  expect(actions(all, "tcp accepted")).toContain("receive 20");
});

test("a client outside this process is recorded through what the server sees", async () => {
  const wire = recording();
  const server = await tcpServer((socket) => socket.on("data", (data) => socket.end(data)));
  const script = `require("net").connect(${portOf(server)}, "${HOST}").end("from outside")`;
  const child = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  await once(child, "exit");
  const all = wire.stop();
  expect(actions(all, "tcp client")).toEqual([]);
  expect(only(all, "receive").map((event) => event.head)).toEqual(["from outside"]);
  expect(all.toText()).toContain("outside client");
});

test("servers and connections from before the recording take part in it", async () => {
  const server = await tcpServer((socket) => socket.on("data", (data) => socket.write(data)));
  const client = await tcpClient(portOf(server));
  const receiver = await udp();
  const wire = recording();
  client.write("on an old connection");
  await once(client, "data");
  const second = await tcpClient(portOf(server));
  second.write("on a new one");
  await once(second, "data");
  const message = once(receiver, "message");
  receiver.send("to myself", receiver.address().port, HOST);
  await message;
  const all = wire.stop();
  expect(only(all, "send").map((event) => event.head)).toEqual([
    "on an old connection",
    "on an old connection",
    "on a new one",
    "on a new one",
  ]);
  expect(only(all, "receive datagram")).toHaveLength(1);
  expect(all.toText()).not.toContain("outside");
});

test("calls that sockets announce are recorded with what they returned", async () => {
  const wire = recording();
  const server = await tcpServer((socket) => socket.resume());
  const accepting = announce("accept", server);
  const connection = once(server, "connection");
  const client = await tcpClient(portOf(server));
  const [accepted] = await connection;
  accepting({ accepted });
  const receiving = announce("recv", accepted);
  client.write("bytes");
  await once(accepted, "data");
  receiving({ data: Buffer.from("bytes") });
  announce("recv", accepted)({ error: Object.assign(new Error("late"), { code: "TIMED_OUT" }) });
  const all = wire.stop();
  expect(only(all, "call").map((event) => event.call)).toEqual(["accept", "recv", "recv"]);
  const [first, second, third] = only(all, "return");
  expect(all.sockets[first.accepted ?? -1].kind).toBe("tcp accepted");
  expect(second).toMatchObject({ bytes: 5, head: "bytes" });
  expect(third).toMatchObject({ code: "TIMED_OUT" });
});

test("with ports only what has one of them at either end is recorded", async () => {
  const wanted = await tcpServer((socket) => socket.end());
  const other = await tcpServer((socket) => socket.end());
  const wire = recording({ ports: [portOf(wanted)] });
  for (const server of [wanted, other]) {
    const client = await tcpClient(portOf(server));
    client.resume();
    await closed(client);
  }
  expect(only(wire.stop(), "connect").map((event) => event.to.port)).toEqual([portOf(wanted)]);
});

test("with ports a UDP client is recorded by the port that it sends to", async () => {
  const receiver = await udp();
  const other = await udp();
  const { port } = receiver.address();
  const wire = recording({ ports: [port] });
  const sender = await udp();
  const arrived = once(receiver, "message");
  sender.send("wanted", port, HOST);
  await arrived;
  const alsoArrived = once(other, "message");
  (await udp()).send("not of this port", other.address().port, HOST);
  await alsoArrived;
  const all = wire.stop();
  expect(only(all, "send datagram").map(({ bytes }) => bytes)).toEqual([6]);
  expect(only(all, "receive datagram").map(({ bytes }) => bytes)).toEqual([6]);
});

test("a UDP port that the program chose is told from one that the system chose", async () => {
  const wire = recording();
  const first = await udp();
  const { port } = first.address();
  first.close();
  await once(first, "close");
  await udp(port);
  expect(wire.stop().sockets.map(({ systemPort }) => systemPort)).toEqual([true, false]);
});

test("what a server sends at once is recorded after the accept", async () => {
  const wire = recording();
  const server = await tcpServer((socket) => void socket.end("hi"));
  const client = await tcpClient(portOf(server));
  client.resume();
  await closed(client);
  expect(actions(wire.stop(), "tcp accepted").slice(0, 3)).toEqual([
    "accepted",
    "send 2",
    "end sent",
  ]);
});

test("a connection to a server that keeps no program alive is recorded", async () => {
  const server = await tcpServer((socket) => void socket.end("hi"));
  server.unref(); // so the recorder does not find it when it begins
  const wire = recording();
  const client = await tcpClient(portOf(server));
  client.resume();
  await closed(client);
  const all = wire.stop();
  expect(only(all, "accepted")).toHaveLength(1);
  expect(all.sockets.filter(({ kind }) => kind === "tcp accepted")).toHaveLength(1);
});

test.each([
  [Object.assign(new Error("x"), { code: "ECONNRESET" }), "ECONNRESET"],
  [new AggregateError([Object.assign(new Error("x"), { code: "ETIMEDOUT" })]), "ETIMEDOUT"],
  [new AggregateError([]), "AggregateError"],
  [new TypeError("x"), "TypeError"],
  [{}, "error"],
  ["text", "error"],
  [null, "error"],
])("the code of the error %s is %s", (error, code) => {
  expect(codeOf(error)).toBe(code);
});

test("two recorders at a time see the same, and stopping one leaves the other", async () => {
  const first = recording();
  const second = recording();
  await oneExchange();
  first.stop();
  await oneExchange();
  expect(only(first.stop(), "connect")).toHaveLength(1);
  expect(only(second.stop(), "connect")).toHaveLength(2);
});

test("after stop nothing is recorded, and stop gives the same recording again", async () => {
  const wire = recording();
  const all = wire.stop();
  await oneExchange();
  expect(wire.stop()).toBe(all);
  expect(all.events).toEqual([]);
});

test("recordDuring stops also when the work throws", async () => {
  let wire = record();
  wire.stop();
  const failing = recordDuring((recorder) => {
    wire = recorder;
    throw new Error("work failed");
  });
  await expect(failing).rejects.toThrow("work failed");
  const { events } = wire.stop();
  await oneExchange();
  expect(events).toEqual([]);
  const all = await recordDuring(() => oneExchange());
  expect(only(all, "connect")).toHaveLength(1);
});

test("a recording survives JSON, and draws the same afterwards", async () => {
  const wire = recording();
  await oneExchange();
  const all = wire.stop();
  const again = new Recording(JSON.parse(JSON.stringify(all)));
  expect(again).toEqual(all);
  expect(again.toText()).toBe(all.toText());
  expect(again.toSvg()).toBe(all.toSvg());
});

test("something else than a recording is refused", () => {
  const version2 = JSON.parse('{"version":2,"sockets":[],"events":[]}');
  expect(() => new Recording(version2)).toThrow(/not a recording of version 1/);
});

test("a recorder does not grow without end: the rest is counted, and the drawing says so", async () => {
  const wire = recording();
  const receiver = await udp();
  const sender = await udp();
  for (let i = 0; i < RECORDED_EVENTS_MAX + 50; i++)
    sender.send("x", receiver.address().port, HOST);
  await until(() => sender.getSendQueueCount() === 0, "all sent");
  await new Promise((resolve) => setImmediate(resolve));
  const all = wire.stop();
  expect(all.events).toHaveLength(RECORDED_EVENTS_MAX);
  expect(all.notRecorded).toBeGreaterThan(0);
  expect(all.toText()).toContain(`${all.notRecorded} more events were not recorded`);
});

test("participants are named by port, by socket, and by the names they would have", async () => {
  const wire = recording({ name: { "TCP client": "browser" } });
  const server = await tcpServer((socket) => socket.end());
  wire.name(server, "shop");
  const named = await tcpClient(portOf(server));
  wire.name(named, "robot");
  named.resume();
  await closed(named);
  const other = await tcpClient(portOf(server));
  other.resume();
  await closed(other);
  const [names] = wire.stop().toText().split("\n");
  expect(names.trim().split(/ {2,}/)).toEqual(["shop", "robot", "browser"]);
});

test("a participant that has no port yet cannot be named", () => {
  const wire = recording();
  expect(() => wire.name(new net.Socket(), "nobody")).toThrow(/name it once it listens/);
});

test("inside TLS the bytes are recorded in the clear, and marked", async () => {
  const { key, cert } = throwawayCertificate();
  const wire = recording();
  const server = https.createServer({ key, cert }, (_, response) => response.end("secret page"));
  onTestFinished(() => void server.close());
  server.listen(0, HOST);
  await once(server, "listening");
  const client = tls.connect({ port: portOf(server), host: HOST, rejectUnauthorized: false });
  client.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  client.resume();
  await closed(client);
  const all = wire.stop();
  const [request, response] = [only(all, "receive")[0], only(all, "receive").at(-1)];
  expect(all.sockets[request.socket]).toMatchObject({ kind: "tcp accepted", tls: true });
  expect(request.head).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
  expect(response?.head).toContain("secret page");
  expect(only(all, "connect")).toHaveLength(1);
  expect(all.toText()).toContain("B in TLS");
});

test("each address that a name has and that fails is recorded", async () => {
  const server = await tcpServer((socket) => socket.end());
  const wire = recording();
  const client = net.connect({
    port: portOf(server),
    host: "two-addresses.test",
    autoSelectFamily: true,
    // Nobody listens on the first, on the loopback network too.
    lookup: (_name, _options, done) =>
      done(null, [
        { address: "127.0.0.2", family: 4 },
        { address: HOST, family: 4 },
      ]),
  });
  client.resume();
  await closed(client);
  const all = wire.stop();
  expect(only(all, "attempt failed")).toMatchObject([
    { to: { host: "127.0.0.2" }, code: "ECONNREFUSED" },
  ]);
  expect(all.toText()).toContain("127.0.0.2: ECONNREFUSED");
  expect(all.toText()).toContain("connection established");
});

test("a Unix domain socket is left alone", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "wire-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const wire = recording();
  const server = net.createServer((socket) => socket.end("local"));
  server.listen(path.join(folder, "socket"));
  await once(server, "listening");
  const client = net.connect(path.join(folder, "socket"));
  client.resume();
  await closed(client);
  await serverClosed(server);
  expect(wire.stop().events).toEqual([]);
});
