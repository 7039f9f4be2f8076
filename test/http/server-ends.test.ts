import { describe, expect, it, vi } from "vitest";
import { ClientGone } from "../../src/http/http-error";
import { response } from "../../src/http/response";
import type { Handler } from "../../src/http/server";
import { exchange, parseResponses } from "./support/raw-client";
import { closeAfterEach, get, open, signal, start } from "./support/servers";

closeAfterEach();

const hello: Handler = () => response(200, "hello");
const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";

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
