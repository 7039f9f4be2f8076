import { format } from "node:util";
import { describe, expect, it } from "vitest";
import { type HttpResponse, response } from "../../src/http/response";
import type { Handler } from "../../src/http/server";
import { exchange, parseResponses } from "./support/raw-client";
import { ask, closeAfterEach, get, open, start } from "./support/servers";

closeAfterEach();

const hello: Handler = () => response(200, "hello");

describe("a handler that fails", () => {
  it("becomes a 500 that says nothing of why, and the server and connection go on", async () => {
    const errors: [unknown, string | undefined][] = [];
    const server = await start(
      (request) => {
        if (request.path === "/throw") throw new Error("the password is 1234");
        if (request.path === "/reject") return Promise.reject(new Error("the password is 1234"));
        if (request.path === "/nothing") return undefined as unknown as HttpResponse; // A caller without types.
        return response(200, "fine");
      },
      {},
      { onError: (error, request) => errors.push([error, request?.path]) },
    );
    const requests = ["/throw", "/reject", "/nothing"].map((path) => get(path, "")).join("");
    const text = await exchange(server.local.port, requests + get("/fine"));
    expect(parseResponses(text).map((each) => each.status)).toEqual([500, 500, 500, 200]);
    expect(text).not.toContain("1234");
    expect(errors.map(([, path]) => path)).toEqual(["/throw", "/reject", "/nothing"]);
  });

  it("after the head was sent cuts the connection, so that nobody takes the part for the whole", async () => {
    const errors: unknown[] = [];
    const failures: (() => void)[] = [];
    async function* failing(): AsyncGenerator<string> {
      yield "abc";
      await new Promise<void>((resolve) => failures.push(resolve));
      throw new Error("the disk is gone");
    }
    async function* short(): AsyncGenerator<string> {
      yield "abc";
      await new Promise<void>((resolve) => failures.push(resolve));
    }
    async function* long(): AsyncGenerator<string> {
      yield "abc";
      await new Promise<void>((resolve) => failures.push(resolve));
      yield "\r\nHTTP/1.1 200 OK\r\n";
    }
    const server = await start(
      (request) => {
        if (request.path === "/short") return response(200, short(), { "Content-Length": 5 });
        if (request.path === "/long") return response(200, long(), { "Content-Length": 3 });
        return response(200, failing());
      },
      {},
      { onError: (error) => errors.push(String(error)) },
    );
    for (const request of [get("/"), get("/short"), get("/long"), "GET / HTTP/1.0\r\n\r\n"]) {
      const connection = await open(server);
      connection.send(request);
      await connection.until((text) => text.includes("abc"));
      failures.pop()?.();
      expect(await connection.end()).not.toMatch(/abc.*HTTP/s);
      expect(connection.cut, request).toBe(true);
    }
    expect(errors).toEqual([
      "Error: the disk is gone",
      "ResponseError: Content-Length says 5 bytes, but only 3 came",
      "ResponseError: Content-Length says 3 bytes, but more came",
      "Error: the disk is gone",
    ]);
    expect((await ask(await start(hello), get())).status).toBe(200);
  });

  it("is printed so that no client can send escape sequences to the terminal", async () => {
    const log = console.error;
    const logged: string[] = [];
    console.error = (...parts: unknown[]) => logged.push(format(...parts));
    try {
      const server = await start(({ query }) => {
        throw new Error(`no ${query.get("name")}`);
      });
      expect((await ask(server, get("/?name=%1b%5b2J%1b%5b31m"))).status).toBe(500);
    } finally {
      console.error = log;
    }
    const [line] = logged.join().split("\n");
    expect(line).toBe("GET / failed: Error: no ␛[2J␛[31m");
  });

  it("may fail in onError too, at once or later", async () => {
    const log = console.error;
    const logged: unknown[] = [];
    console.error = (...parts: unknown[]) => logged.push(parts[0]);
    const fail = () => {
      throw new Error("two");
    };
    try {
      for (const onError of [fail, async () => fail()]) {
        const server = await start(
          () => {
            throw new Error("one");
          },
          {},
          { onError },
        );
        expect((await ask(server, get())).status).toBe(500);
      }
      const twice = expect.stringMatching(/^onError failed: Error: two\n/);
      expect(logged).toEqual([twice, twice]);
    } finally {
      console.error = log;
    }
  });
});
