import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/http/http-request";
import { type HttpResponse, json, response } from "../../src/http/response";
import type { Handler } from "../../src/http/server";
import { exchange, parseResponses } from "./support/raw-client";
import { ask, closeAfterEach, get, open, start } from "./support/servers";

closeAfterEach();

const hello: Handler = () => response(200, "hello");

describe("a request, as its handler sees it", () => {
  it("has method, target, path, query, host, fields and the client's address", async () => {
    const server = await start((request) =>
      json(200, {
        method: request.method,
        target: request.target,
        path: request.path,
        query: Array.from(request.query),
        host: request.host,
        accept: request.fields.get("ACCEPT"),
        tags: request.fields.getAll("tag"),
        remote: request.remote.host,
        version: request.version,
      }),
    );
    const fields = "Accept: a\r\naccept: b\r\nTag: 1\r\nTag: 2\r\nConnection: close\r\n";
    const { body } = await ask(server, get("/a%20b?x=1&x=%C3%A9", fields));
    expect(JSON.parse(body)).toEqual({
      method: "GET",
      target: "/a%20b?x=1&x=%C3%A9",
      path: "/a%20b",
      query: [
        ["x", "1"],
        ["x", "é"],
      ].map(([name, value]) => [name, Buffer.from(value).toString("latin1")]),
      host: "a",
      accept: "a, b",
      tags: ["1", "2"],
      remote: "127.0.0.1",
      version: "1.1",
    });
  });

  it("takes host and path from an absolute target, not from the Host field", async () => {
    const server = await start((request) => response(200, `${request.host} ${request.path}`));
    const answer = await ask(
      server,
      "GET http://b:80/c?d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    expect(answer.body).toBe("b:80 /c");
  });

  it("gives its content as bytes, text, JSON or pieces, whichever way it was framed", async () => {
    const server = await start(async (request) => {
      if (request.path === "/json") return json(200, await request.json());
      if (request.path === "/text") return response(200, await request.text());
      let count = 0;
      for await (const piece of request.body) count += piece.length;
      return response(200, `${count} ${request.trailers.get("sum") ?? "-"}`);
    });
    const length = (path: string, body: string) =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const chunked = (path: string, chunks: string) =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`;
    expect((await ask(server, length("/json", '{"a":1}'))).body).toBe('{"a":1}\n');
    expect((await ask(server, chunked("/text", "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))).body).toBe(
      "abc",
    );
    expect((await ask(server, chunked("/", "3\r\nabc\r\n0\r\nSum: 6\r\n\r\n"))).body).toBe("3 6");
    expect((await ask(server, get())).body).toBe("0 -");
    expect((await ask(server, length("/json", "{"))).status).toBe(400);
    expect((await ask(server, length("/text", "\xff"))).status).toBe(400);
  });

  it("refuses content beyond the handler's own limit with 413", async () => {
    const server = await start(async (request) => response(200, await request.text(3)));
    const post = (framing: string) =>
      `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${framing}`;
    expect((await ask(server, post("Content-Length: 4\r\n\r\nabcd"))).status).toBe(413);
    const chunks = "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n";
    expect((await ask(server, post(chunks))).status).toBe(413);
  });

  it("has content that can be read once, and only until its answer", async () => {
    let late: HttpRequest | undefined;
    const server = await start(async (request) => {
      await request.text();
      const again = await request.text().catch((error: unknown) => String(error));
      return response(200, again);
    });
    const post = (path: string, more = "") =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\n${more}Content-Length: 3\r\n\r\nabc`;
    const closing = "Connection: close\r\n";
    const once = "TypeError: the content of a request can be read once";
    expect((await ask(server, post("/read", closing))).body).toBe(once);
    const early = await start((request) => {
      late = request;
      return response(403);
    });
    await ask(early, post("/", closing).slice(0, -1));
    await expect(late?.text()).rejects.toThrow("the request is answered");
  });
});

describe("Expect: 100-continue", () => {
  const post = (fields = "") =>
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n${fields}\r\n`;

  it("is met when the handler asks for the content, and not before", async () => {
    const server = await start(async (request) => response(200, await request.text()));
    const connection = await open(server);
    connection.send(post());
    expect(await connection.until((text) => text.endsWith("\r\n\r\n"))).toBe(
      "HTTP/1.1 100 Continue\r\n\r\n",
    );
    connection.send("hi");
    expect(await connection.until((text) => text.endsWith("hi"))).toContain("200 OK");
  });

  it("gets only the final answer, and a close, when the handler does not", async () => {
    const server = await start(() => response(403, "no"));
    const connection = await open(server);
    connection.send(post());
    const text = await connection.end();
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
    expect(text).toContain("Connection: close");
  });

  it("is met for a success that does not need the content: it is a response to the whole request", async () => {
    const server = await start(() => response(200, "fine"), { maxDiscardBytes: 2 });
    const connection = await open(server);
    connection.send(post());
    await connection.until((text) => text === "HTTP/1.1 100 Continue\r\n\r\n");
    connection.send(`hi${get()}`);
    const [, ...answers] = (await connection.end()).split("HTTP/1.1 ");
    expect(answers.map((one) => one.slice(0, 3))).toEqual(["100", "200", "200"]);
    const larger = post().replace("Length: 2", "Length: 3");
    expect(await exchange(server.local.port, larger)).toMatch(
      /^HTTP\/1.1 200 .*Connection: close/s,
    );
  });

  it("is not answered 100 in HTTP/1.0, which knows no such status", async () => {
    const server = await start(async (request) => response(200, await request.text()));
    const request = post().replace("HTTP/1.1", "HTTP/1.0");
    expect((await exchange(server.local.port, `${request}hi`)).match(/HTTP\/1\.1 \d+/g)).toEqual([
      "HTTP/1.1 200",
    ]);
  });
});

describe("an answer", () => {
  const answers: Record<string, () => HttpResponse | Promise<HttpResponse>> = {
    "/bytes": () => response(200, Buffer.from([0, 255])),
    "/utf8": () => response(200, "é€"),
    "/empty": () => response(200),
    "/none": () => response(204),
    "/same": () => response(304, "", { ETag: '"1"', "Content-Length": 5 }),
    "/cookies": () => response(200, "", { "Set-Cookie": ["a=1", "b=2"] }),
    "/closing": () => response(200, "bye", { Connection: "close" }),
    "/stream": () => response(200, pieces("a", "", "bc")),
    "/sized": () => response(200, pieces("a", "bc"), { "Content-Length": "3" }),
    "/large": () => response(200, "x".repeat(1_000_000)),
    "/dated": () => response(200, "", { Date: "Thu, 01 Jan 1970 00:00:00 GMT" }),
  };
  const handler: Handler = (request) => (answers[request.path] ?? (() => response(404)))();

  async function* pieces(...texts: string[]): AsyncGenerator<string> {
    for (const text of texts) {
      await null;
      yield text;
    }
  }

  it("has length, type and date, and no more than it needs", async () => {
    const server = await start(handler);
    const utf8 = await ask(server, get("/utf8"));
    expect(Buffer.from(utf8.body, "latin1").toString()).toBe("é€");
    expect(Array.from(utf8.fields.keys())).toEqual([
      "content-type",
      "content-length",
      "connection",
      "date",
    ]);
    expect(utf8.fields.get("content-length")).toBe("5");
    expect(Math.abs(Date.parse(utf8.fields.get("date") ?? "") - Date.now())).toBeLessThan(3000);
    expect((await ask(server, get("/bytes"))).body).toBe("\x00\xff");
    expect((await ask(server, get("/empty"))).fields.get("content-length")).toBe("0");
    expect((await ask(server, get("/large"))).body.length).toBe(1_000_000);
    expect((await ask(server, get("/dated"))).fields.get("date")).toMatch(/^Thu, 01 Jan 1970/);
    const cookies = await exchange(server.local.port, get("/cookies"));
    expect(cookies).toContain("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n");
  });

  it("has no content and no length with 204, none with 304, none to HEAD", async () => {
    const server = await start(handler);
    const none = await exchange(server.local.port, get("/none"));
    expect(none.endsWith("\r\n\r\n")).toBe(true);
    expect(none).not.toMatch(/content-length|transfer-encoding/i);
    const same = await exchange(server.local.port, get("/same"));
    expect(same.endsWith("\r\n\r\n")).toBe(true);
    expect(same).toContain("Content-Length: 5");
    for (const path of ["/utf8", "/stream", "/large", "/sized"]) {
      const text = await exchange(server.local.port, get(path).replace("GET", "HEAD"));
      expect(text.endsWith("\r\n\r\n")).toBe(true);
      expect(text.match(/\r\n\r\n/g)).toHaveLength(1);
      expect(text).toMatch(
        path === "/stream" ? /transfer-encoding: chunked/i : /content-length: [1-9]/i,
      );
    }
  });

  it("that streams is chunked, or as long as announced, or ended by a close in HTTP/1.0", async () => {
    const server = await start(handler);
    const chunked = await exchange(server.local.port, get("/stream"));
    expect(chunked.split("\r\n\r\n")[1]).toBe("1\r\na\r\n2\r\nbc\r\n0");
    expect((await ask(server, get("/sized"))).body).toBe("abc");
    const old = await exchange(
      server.local.port,
      "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    );
    expect(old).toMatch(/Connection: close.*\r\n\r\nabc$/s);
    expect(old).not.toMatch(/transfer-encoding/i);
  });

  it("may close the connection", async () => {
    const server = await start(handler);
    const text = await exchange(server.local.port, get("/closing", "") + get("/empty", ""));
    expect(parseResponses(text)).toHaveLength(1);
  });

  it("keeps an HTTP/1.0 connection that asks for it", async () => {
    const server = await start(handler);
    const old = "GET /empty HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    const text = await exchange(server.local.port, old + old.replace("keep-alive", "close"));
    const responses = parseResponses(text);
    expect(responses.map((each) => each.fields.get("connection"))).toEqual(["keep-alive", "close"]);
  });

  it("waits for its turn: pipelined requests are answered in order, handled one at a time", async () => {
    let handling = 0;
    let most = 0;
    const server = await start(async (request) => {
      most = Math.max(most, ++handling);
      for (let turn = Number(request.path.slice(1)); turn < 5; turn++) await null;
      handling--;
      return response(200, request.path);
    });
    const requests = [0, 1, 2, 3, 4].map((n) => get(`/${n}`, "")).join("") + get("/5");
    const responses = parseResponses(await exchange(server.local.port, requests));
    expect(responses.map((each) => each.body)).toEqual(["/0", "/1", "/2", "/3", "/4", "/5"]);
    expect(most).toBe(1);
  });
});

describe("an answer that could not be sent safely becomes a 500, and is reported", () => {
  const bad: Record<string, () => HttpResponse> = {
    "CR and LF in a value": () => response(200, "", { X: "a\r\nSet-Cookie: b" }),
    "LF in a value": () => response(200, "", { X: "a\nb" }),
    "NUL in a value": () => response(200, "", { X: "a\0" }),
    "CR in one value of a list": () => response(200, "", { X: ["a", "b\r"] }),
    "a character beyond one byte": () => response(200, "", { X: "\u010d\u010a" }),
    "a line break in a name": () => response(200, "", { "X\r\nY": "a" }),
    "an empty name": () => response(200, "", { "": "a" }),
    "a colon in a name": () => response(200, "", { "X:": "a" }),
    "a length that is not the content's": () => response(200, "abc", { "Content-Length": 2 }),
    "a length that is no number": () => response(200, "", { "content-length": "1, 1" }),
    "its own framing": () => response(200, "abc", { "Transfer-Encoding": "chunked" }),
    "an unknown Connection option": () => response(200, "", { Connection: "upgrade" }),
    "content in a 204": () => response(204, "abc"),
    "content in a 304": () => response(304, "abc"),
    "a length in a 204": () => response(204, "", { "Content-Length": 0 }),
    "content that is no content": () => response(200, 42 as unknown as string), // As untyped code could.
    "no content at all": () => response(200, null as unknown as string), // As untyped code could.
    "an interim status": () => response(101),
    "a status beyond 599": () => response(600),
    "a status that is no number": () => response(Number.NaN),
  };

  it.each(Object.entries(bad))("%s", async (_, make) => {
    const errors: unknown[] = [];
    const server = await start(make, {}, { onError: (error) => errors.push(error) });
    const text = await exchange(server.local.port, get());
    const [answer] = parseResponses(text);
    expect(answer.status).toBe(500);
    expect(text).not.toContain("Set-Cookie");
    expect(errors.map(String)).toEqual([expect.stringMatching(/^ResponseError: /)]);
  });
});

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
      expect(logged).toEqual(["onError failed:", "onError failed:"]);
    } finally {
      console.error = log;
    }
  });
});
