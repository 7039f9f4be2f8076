import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/http/http-request";
import { json, response } from "../../src/http/response";
import { exchange } from "./support/raw-client";
import { ask, closeAfterEach, get, open, start } from "./support/servers";

closeAfterEach();

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
