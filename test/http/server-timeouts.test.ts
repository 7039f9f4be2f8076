import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { response } from "../../src/http/response";
import type { Handler } from "../../src/http/server";
import { parseResponses, RawConnection } from "./support/raw-client";
import { ask, closeAfterEach, get, open, signal, start } from "./support/servers";

closeAfterEach();

const hello: Handler = () => response(200, "hello");
const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
const SLOW_CLIENTS = 1000;

describe("a client that takes too long", () => {
  it("to send a head is answered 408, however it drips", async () => {
    const server = await start(hello, { headerTimeoutMs: 60 });
    const connection = await open(server);
    connection.send("GET / HTTP/1.1\r\nX: ");
    const drip = setInterval(() => connection.send("x"), 5);
    const text = await connection.end();
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1\.1 408 .*Connection: close/s);
  });

  it("to send the head of a HEAD request is answered 408 without content", async () => {
    const server = await start(hello, { headerTimeoutMs: 40 });
    const connection = await open(server);
    connection.send("HEAD / HTTP/1.1\r\nX: ");
    expect(await connection.end()).toMatch(/^HTTP\/1\.1 408 .*\r\n\r\n$/s);
  });

  it("to send content is answered 408, whether the handler reads it or not", async () => {
    for (const handler of [
      hello,
      async (request) => response(200, await request.text()),
    ] as Handler[]) {
      const server = await start(handler, { bodyTimeoutMs: 60 });
      const connection = await open(server);
      connection.send(`${POST}a`);
      expect(await connection.end()).toMatch(/^HTTP\/1\.1 408 .*Connection: close/s);
    }
  });

  it("to send another request is closed without a word", async () => {
    const server = await start(hello, { idleTimeoutMs: 40 });
    const fresh = await open(server);
    expect(await fresh.end()).toBe("");
    const used = await open(server);
    used.send(get("/", ""));
    expect(parseResponses(await used.end())).toHaveLength(1);
    expect(used.cut).toBe(false);
  });

  it("to read an answer is cut, and what makes the answer is stopped", async () => {
    const stopped = signal();
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(65_536);
      } finally {
        stopped.give();
      }
    }
    const server = await start(() => response(200, endless()), { writeTimeoutMs: 60 });
    const connection = await open(server);
    connection.socket.pause();
    connection.send(get());
    await stopped.given;
    connection.socket.resume();
    await connection.end();
    await server.stop();
    expect(server.connections).toBe(0);
  });

  it("to close after the last answer is cut", async () => {
    const server = await start(hello, { lingerTimeoutMs: 40 });
    const socket = connect({ port: server.local.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined);
    socket.resume().write(get());
    await new Promise((resolve) => socket.once("end", resolve));
    await server.stop(); // It would wait for the connection.
    socket.destroy();
  });

  it("does not delay the others: a normal client is served while 1,000 slow ones are held", async () => {
    const server = await start(hello);
    const slow = await Promise.all(
      Array.from({ length: SLOW_CLIENTS }, () => RawConnection.open(server.local.port)),
    );
    try {
      for (const connection of slow) connection.send("GET / HTTP/1.1\r\nHo");
      for (let request = 0; request < 5; request++) {
        expect((await ask(server, get())).status).toBe(200);
        for (const connection of slow) connection.send(request === 0 ? "st: " : "a");
      }
      expect(server.connections).toBeGreaterThanOrEqual(SLOW_CLIENTS);
      for (const connection of slow) connection.send("\r\n\r\n");
      await Promise.all(
        slow.map((connection) => connection.until((text) => text.endsWith("hello"))),
      );
    } finally {
      for (const connection of slow) connection.close();
    }
  });
});
