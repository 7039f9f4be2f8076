import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import dgram from "node:dgram";
import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { CALL_CHANNEL } from "../../src/wire/call-channel";
import { bundled } from "../support/bundled";
import {
  closed,
  HOST,
  oneExchange,
  portOf,
  recording,
  tcpClient,
  tcpServer,
  udp,
  until,
} from "./exchange";

/** What may be seen of a stream from outside: its own properties, listeners, and flow. */
function outside(socket: net.Socket | dgram.Socket | net.Server) {
  const stream = socket instanceof net.Socket ? socket : undefined;
  return {
    keys: Reflect.ownKeys(socket).map(String),
    listeners: socket.eventNames().map((name) => [String(name), socket.listenerCount(name)]),
    flowing: stream?.readableFlowing,
    paused: stream?.isPaused(),
    readMark: stream?.readableHighWaterMark,
    writeMark: stream?.writableHighWaterMark,
    buffered: stream?.readableLength,
    encoding: stream?.readableEncoding,
  };
}

const METHODS = ["emit", "push", "_writeGeneric", "_final", "_destroy", "close", "bind"];

function ownMethods(target: object): string[] {
  return METHODS.filter((name) => Object.hasOwn(target, name));
}

test("while recorded, a socket has the listeners, flow and marks that it would have", async () => {
  const observe = async () => {
    const accepted: net.Socket[] = [];
    const server = await tcpServer((socket) => accepted.push(socket), { highWaterMark: 1234 });
    const client = await tcpClient(portOf(server), { highWaterMark: 4321 });
    client.write("waits unread");
    await until(() => accepted[0]?.readableLength === 12, "the bytes in the buffer");
    return [accepted[0], client, server].map((one) => ({ ...outside(one), keys: undefined }));
  };
  const without = await observe();
  recording();
  expect(await observe()).toEqual(without);
});

test("recording shows no property when a socket is printed", async () => {
  recording();
  const server = await tcpServer(() => {});
  const client = await tcpClient(portOf(server));
  for (const one of [server, client]) {
    expect(Object.keys(one).filter((key) => METHODS.includes(key))).toEqual([]);
  }
});

test("after stop every socket, server and prototype is as it was before", async () => {
  const { connect } = net.Socket.prototype;
  let accepted: net.Socket | undefined;
  const server = await tcpServer((socket) => {
    accepted = socket;
  });
  const datagrams = await udp();
  const old = await tcpClient(portOf(server));
  await until(() => accepted !== undefined, "the connection");
  const sockets = [server, datagrams, old, accepted as net.Socket];
  const before = sockets.map(outside);
  const wire = recording();
  const young = await tcpClient(portOf(server));
  expect(ownMethods(old)).not.toEqual([]);
  expect(ownMethods(young)).not.toEqual([]);
  wire.stop();
  expect(sockets.slice(0, 3).map(outside)).toEqual(before.slice(0, 3));
  for (const one of [...sockets, young]) expect(ownMethods(one)).toEqual([]);
  expect(net.Socket.prototype.connect).toBe(connect);
  expect(channel(CALL_CHANNEL).hasSubscribers).toBe(false);
  expect(channel("net.server.socket").hasSubscribers).toBe(false);
});

test("a method that somebody replaced during the recording stays theirs, and still works", async () => {
  let got = "";
  const server = await tcpServer((socket) => socket.on("data", (data) => (got += data)));
  const wire = recording();
  const client = await tcpClient(portOf(server));
  const inner = client.emit;
  const events: string[] = [];
  client.emit = (name: string | symbol, ...args: unknown[]) => {
    events.push(String(name));
    return Reflect.apply(inner, client, [name, ...args]);
  };
  const theirs = client.emit;
  wire.stop();
  expect(client.emit).toBe(theirs);
  client.end("still works");
  client.resume();
  await closed(client);
  expect(got).toBe("still works");
  expect(events).toContain("close");
});

/** Everything that both ends see of an exchange with pauses, pieces, Unicode and a megabyte. */
async function awkwardExchange(): Promise<unknown> {
  const seen: unknown[] = [];
  const server = await tcpServer(
    (socket) => {
      socket.write("greeting before any read");
      const sum = createHash("sha256");
      let bytes = 0;
      socket.on("data", (chunk: Buffer) => {
        sum.update(chunk);
        bytes += chunk.length;
        // Backpressure: the reader stops now and then.
        if (bytes % 3 === 0) {
          socket.pause();
          setImmediate(() => socket.resume());
        }
      });
      socket.on("end", () => {
        seen.push(["server", bytes, sum.digest("hex"), socket.readableFlowing]);
        socket.end(Buffer.alloc(300_000, "z"));
      });
    },
    { allowHalfOpen: true },
  );
  const client = await tcpClient(portOf(server), { allowHalfOpen: true });
  let text = 0;
  client.setEncoding("utf8");
  client.on("data", (chunk: string) => {
    text += chunk.length;
  });
  client.write("späße 🎉");
  client.write("c3b1", "hex");
  client.cork();
  client.write("one");
  client.write(Buffer.alloc(1 << 20, "x"));
  client.uncork();
  client.end("last");
  await closed(client);
  const { remoteAddress, remotePort, localAddress } = client;
  seen.push(["client", text, client.bytesWritten, client.bytesRead, client.errored]);
  seen.push([remoteAddress, remotePort === undefined, localAddress]);
  return seen;
}

test("an exchange is byte for byte the same with a recorder and without", async () => {
  const without = await awkwardExchange();
  const wire = recording();
  const recorded = await awkwardExchange();
  expect(wire.stop().events.length).toBeGreaterThan(8);
  expect(recorded).toEqual(without);
});

/** The raw answer of Node's HTTP server to two pipelined requests, one with a body. */
async function rawHttp(): Promise<string> {
  const server = http.createServer((request, response) => {
    response.sendDate = false;
    request.setEncoding("utf8");
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => response.end(`${request.method} ${request.url} ${body}\n`));
  });
  onTestFinished(() => void server.close());
  server.listen(0, HOST);
  await once(server, "listening");
  const client = await tcpClient(portOf(server));
  client.setEncoding("latin1");
  let answer = "";
  client.on("data", (chunk) => (answer += chunk));
  client.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel");
  await new Promise((resolve) => setImmediate(resolve));
  client.write("loGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  await closed(client);
  return answer;
}

test("an HTTP server answers the same bytes with a recorder and without", async () => {
  const without = await rawHttp();
  expect(without).toContain("POST /a hello\n");
  recording();
  expect(await rawHttp()).toBe(without);
});

test("bytes that nobody reads stay unread", async () => {
  recording();
  const accepted: net.Socket[] = [];
  const server = await tcpServer((socket) => accepted.push(socket));
  const client = await tcpClient(portOf(server));
  client.write("first\n");
  await until(() => accepted[0]?.readableLength === 6, "the first line");
  client.write("second\n");
  await until(() => accepted[0]?.readableLength === 13, "both lines");
  expect(accepted[0].readableFlowing).toBe(null);
  expect(String(accepted[0].read(4))).toBe("firs");
});

test("an address that was never asked for is unknown after close, as without a recorder", async () => {
  recording();
  const server = await tcpServer((socket) => socket.end());
  const client = await tcpClient(portOf(server));
  client.resume();
  await closed(client);
  expect(client.remoteAddress).toBeUndefined();
});

test("a UDP socket receives the same datagrams, in order", async () => {
  recording();
  const receiver = await udp();
  const sender = dgram.createSocket("udp4");
  onTestFinished(() => void sender.close());
  const got: string[] = [];
  receiver.on("message", (data) => got.push(String(data)));
  for (let i = 0; i < 20; i++) sender.send(`${i}`, receiver.address().port, HOST);
  await until(() => got.length === 20, "20 datagrams");
  expect(got).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
});

test("a recorder that is never stopped does not keep a program alive", async () => {
  const program = await bundled(`
    import net from "node:net";
    import { record } from "./src/wire/record";
    record();
    const server = net.createServer((socket) => socket.end("bye"));
    server.listen(0, "127.0.0.1", () => {
      const client = net.connect(server.address().port, "127.0.0.1");
      client.resume().on("close", () => server.close(() => console.log("closed")));
    });`);
  const run = await promisify(execFile)(process.execPath, [program], { timeout: 15_000 });
  expect(run.stdout).toBe("closed\n");
});

test("one exchange after another leaves nothing behind in a recorder that goes on", async () => {
  recording();
  const handles = () => process.getActiveResourcesInfo().length;
  await oneExchange();
  const before = handles();
  for (let i = 0; i < 20; i++) await oneExchange();
  expect(handles()).toBeLessThanOrEqual(before);
});
