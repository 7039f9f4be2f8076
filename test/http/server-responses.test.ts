import { describe, expect, it } from "vitest";
import { type HttpResponse, response } from "../../src/http/response";
import type { Handler } from "../../src/http/server";
import { exchange, parseResponses } from "./support/raw-client";
import { ask, closeAfterEach, get, start } from "./support/servers";

closeAfterEach();

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
