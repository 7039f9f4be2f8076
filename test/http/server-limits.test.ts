import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { ClientGone } from "../../src/http/http-error";
import { DEFAULT_LIMITS, withLimits } from "../../src/http/limits";
import { response } from "../../src/http/response";
import type { Handler } from "../../src/http/server";
import { exchange, parseResponses, RawConnection } from "./support/raw-client";
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

describe("limits", () => {
  it("on connections: one more is told 503, and when many are told so the rest are dropped", async () => {
    const server = await start(hello, {
      maxConnections: 2,
      maxTurnedAway: 1,
      lingerTimeoutMs: 10_000,
    });
    const kept = [await open(server), await open(server)];
    for (const connection of kept) connection.send(get("/", ""));
    for (const connection of kept) await connection.until((text) => text.endsWith("hello"));
    const refused = await open(server);
    await refused.until((text) => text.includes("503"));
    expect(refused.received).toMatch(/Retry-After: 1\r\n.*Connection: close/s);
    const dropped = await open(server);
    expect(await dropped.end()).toBe("");
    await refused.end();
    kept[0].close();
    await refused.end();
    let status = 0;
    while (status !== 200) status = (await ask(server, get()).catch(() => undefined))?.status ?? 0;
    expect(status).toBe(200);
  });

  it("on newcomers: a crowd that is never admitted keeps out no one who is", async () => {
    const limits = { maxConnections: 30, maxNewcomers: 10 };
    const server = await start((request) => {
      if (!request.fields.has("token")) return response(401);
      request.admit();
      return response(200, "hello");
    }, limits);
    const token = "Token: yes\r\n";
    const owner = await open(server);
    owner.send(get("/", token));
    await owner.until((text) => text.endsWith("hello"));
    const crowd: RawConnection[] = [];
    for (let round = 0; round < 100; round++) {
      const one = await open(server);
      one.send(round % 2 === 0 ? "GET / HTTP/1.1\r\nHo" : get("/", ""));
      crowd.push(one);
    }
    expect((await ask(server, get("/", `${token}Connection: close\r\n`))).status).toBe(200);
    owner.send(get("/", token));
    await owner.until((text) => text.split("hello").length === 3);
    for (const one of crowd.slice(0, 89)) await one.end();
    expect(server.connections).toBeLessThanOrEqual(11);
  });

  it("on requests: the last answer on a connection says so", async () => {
    const server = await start(hello, { maxRequestsPerConnection: 3 });
    const responses = parseResponses(await exchange(server.local.port, get("/", "").repeat(5)));
    expect(responses.map((each) => each.fields.get("connection"))).toEqual([
      undefined,
      undefined,
      "close",
    ]);
  });

  it("on content left unread: a little is passed over, for much the connection is closed", async () => {
    const refuse: Handler = () => response(403, "no");
    const server = await start(refuse, { maxDiscardBytes: 1000 });
    const post = (length: number) =>
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${"x".repeat(length)}`;
    const little = await exchange(server.local.port, post(1000) + get());
    expect(parseResponses(little).map((each) => each.status)).toEqual([403, 403]);
    const much = await exchange(server.local.port, post(1001).slice(0, -1));
    expect(parseResponses(much).map((each) => each.fields.get("connection"))).toEqual(["close"]);
  });

  it("are checked by name and value", () => {
    expect(withLimits({ maxBodyBytes: 5 })).toEqual({ ...DEFAULT_LIMITS, maxBodyBytes: 5 });
    expect(() => withLimits({ maxBodyBytes: 0 })).toThrow("maxBodyBytes must be a number above 0");
    expect(() => withLimits({ idleTimeoutMs: Number.NaN })).toThrow("idleTimeoutMs");
    const wrong = { maxBodySize: 5 } as Record<string, number>;
    expect(() => withLimits(wrong)).toThrow("no limit is called maxBodySize; there are max");
  });
});

describe("back-pressure", () => {
  it("reaches what makes an answer: it is asked for no more than the client takes", async () => {
    let made = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        made += 65_536;
        yield Buffer.alloc(65_536);
      }
    }
    const server = await start((request) =>
      request.path === "/endless" ? response(200, endless()) : response(200, String(made)),
    );
    const connection = await open(server);
    connection.socket.pause();
    connection.send(get("/endless"));
    // Other requests are the clock: with the sockets' buffers full, no more is made meanwhile.
    let last = -1;
    for (let same = 0; same < 20; same = made > 0 && made === last ? same + 1 : 0) {
      last = made;
      await ask(server, get());
    }
    expect(made).toBeLessThan(64 * 1024 * 1024);
  });

  it("reaches a client that sends: content is read no faster than the handler reads it", async () => {
    const length = 32 * 1024 * 1024;
    const go = signal();
    const server = await start(
      async (request) => {
        if (request.path === "/") return response(200);
        await go.given;
        return response(200, String((await request.bytes()).length));
      },
      { maxBodyBytes: length },
    );
    const connection = await open(server);
    connection.send(`POST /go HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`);
    let taken = false;
    connection.socket.write(Buffer.alloc(length), () => {
      taken = true;
    });
    for (let request = 0; request < 100; request++) await ask(server, get());
    expect(taken).toBe(false);
    go.give();
    expect(await connection.until((text) => text.endsWith(String(length)))).toContain("200 OK");
  });

  it("reaches a client that pipelines and does not read", async () => {
    let handled = 0;
    const server = await start((request) => {
      if (request.path === "/") return response(200);
      handled++;
      return response(200, "x".repeat(10_000));
    });
    const connection = await open(server);
    connection.socket.pause();
    connection.send(get("/pipelined", "").repeat(5_000));
    let last = -1;
    for (let same = 0; same < 20; same = handled > 0 && handled === last ? same + 1 : 0) {
      last = handled;
      await ask(server, get());
    }
    expect(handled).toBeLessThan(2_500);
    connection.socket.resume();
    const whole = 5_000 * 10_000;
    await connection.until((text) => text.length > whole);
    await expect.poll(() => handled, { timeout: 10_000 }).toBe(5_000);
  });
});

describe("a client that", () => {
  it("still sends when it is refused reads the answer, and no reset", async () => {
    const server = await start(hello, { maxBodyBytes: 1000 });
    const body = Buffer.alloc(4 * 1024 * 1024);
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
    const text = await exchange(server.local.port, Buffer.concat([Buffer.from(head), body]));
    expect(parseResponses(text).map((each) => each.status)).toEqual([413]);
  });

  it("has said all it will say, and half-closed, is answered", async () => {
    const server = await start(async (request) => {
      await null;
      return response(200, request.path);
    });
    const requests = get("/1", "") + get("/2", "");
    const text = await exchange(server.local.port, requests, { halfClose: true });
    expect(parseResponses(text).map((each) => each.body)).toEqual(["/1", "/2"]);
  });

  it("goes away aborts the signal of its request, and is no error", async () => {
    const began = signal();
    const aborted = signal();
    const errors: unknown[] = [];
    const server = await start(
      async (request) => {
        began.give();
        await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
        expect(request.signal.reason).toBeInstanceOf(ClientGone);
        aborted.give();
        throw request.signal.reason;
      },
      {},
      { onError: (error) => errors.push(error) },
    );
    const connection = await open(server);
    connection.send(get());
    await began.given;
    connection.socket.resetAndDestroy();
    await aborted.given;
    await server.stop();
    expect(errors).toEqual([]);
  });

  it("goes away in the middle of its content ends the reading of it", async () => {
    const began = signal();
    const ended = signal();
    const server = await start(async (request) => {
      began.give();
      await expect(request.text()).rejects.toThrow("the client closed the connection");
      ended.give();
      return response(200);
    });
    const connection = await open(server);
    connection.send(`${POST}a`);
    await began.given;
    connection.socket.resetAndDestroy();
    await ended.given;
  });
});

describe("stop", () => {
  it("closes idle connections at once, and lets the request under way be answered", async () => {
    const began = signal();
    const go = signal();
    const server = await start(async () => {
      began.give();
      await go.given;
      return response(200, "done");
    });
    const idle = await open(server);
    const busy = await open(server);
    busy.send(get("/", "") + get("/second", ""));
    await began.given;
    const stopped = server.stop();
    expect(await idle.end()).toBe("");
    await expect(open(server)).rejects.toThrow("ECONNREFUSED");
    go.give();
    const responses = parseResponses(await busy.end());
    expect(responses.map((each) => each.body)).toEqual(["done"]);
    expect(responses[0].fields.get("connection")).toBe("close");
    await stopped;
    expect(server.connections).toBe(0);
  });

  it("cuts what is not over after drainTimeoutMs", async () => {
    const began = signal();
    const server = await start(
      (request) => {
        began.give();
        return new Promise((_, reject) => {
          request.signal.addEventListener("abort", () => reject(request.signal.reason));
        });
      },
      { drainTimeoutMs: 40 },
    );
    const connection = await open(server);
    connection.send(get());
    await began.given;
    await server.stop();
    expect(await connection.end()).toBe("");
  });

  it("happens when the signal is aborted, and stays known", async () => {
    const controller = new AbortController();
    const server = await start(hello, {}, { signal: controller.signal });
    const { url } = server;
    controller.abort();
    await server.closed;
    await server.stop();
    expect(server.url).toBe(url);
    await expect(start(hello, {}, { signal: controller.signal })).rejects.toThrow("abort");
  });

  it("ends the clock: no timer is left of a server that is closed", async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const clocks: (NodeJS.Timeout | undefined)[] = [];
    const begin = globalThis.setInterval;
    const spy = vi.spyOn(globalThis, "setInterval").mockImplementation(((
      ...args: Parameters<typeof begin>
    ) => {
      const timer = begin(...args);
      clocks.push(timer);
      return timer;
    }) as typeof begin);
    const server = await start(hello);
    spy.mockRestore();
    expect(clocks).toHaveLength(1);
    clocks[0]?.ref(); // counted only while it holds the process
    const running = timers();
    await server.stop();
    expect(timers()).toBe(running - 1);
  });

  it("is not needed where it never listened: a port in use says so", async () => {
    const server = await start(hello);
    const { port } = server.local;
    await expect(start(hello, {}, { port })).rejects.toMatchObject({ code: "ADDRESS_IN_USE" });
  });
});
