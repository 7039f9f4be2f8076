/** web_server under the seven attacks of Part 7: what is refused, and who is served meanwhile. */
import { describe, expect, onTestFinished, test } from "vitest";
import { escapeHtml } from "../../dist/web_page";
import { main, start } from "../../dist/web_server";
import type { HttpLimits } from "../../src/http/limits";
import type { HttpServer } from "../../src/http/server";
import { affordable } from "../../src/lab/open-files";
import { until } from "../../src/lab/until";
import { connect, type TcpSocket } from "../../src/sockets/tcp";
import { serveHere } from "../support/here";
import { startProgram } from "../support/program";

const HOST = "Host: lab\r\n";
const GET = `GET /hello HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
const OK = /^HTTP\/1\.1 200 OK\r\n/;
const MEBIBYTE = 1024 * 1024;
const DEADLINE_MS = 10_000;

async function serveWith(limits: Partial<HttpLimits> = {}): Promise<HttpServer> {
  const server = await start({ port: 0, limits });
  onTestFinished(() => server.stop());
  return server;
}

async function call(port: number): Promise<TcpSocket> {
  const client = await connect({ port, timeout: DEADLINE_MS });
  onTestFinished(() => client.reset());
  return client;
}

/** All that comes until the server ends or resets the connection, a byte a character. */
async function readToEnd(client: TcpSocket): Promise<string> {
  let text = "";
  for (;;) {
    const piece = await client.recv(65_536, { timeout: DEADLINE_MS }).catch((error) => {
      if (error.code === "RESET") return Buffer.alloc(0);
      throw error;
    });
    if (piece.length === 0) return text;
    text += piece.toString("latin1");
  }
}

async function ask(port: number, request: string): Promise<string> {
  const client = await call(port);
  // A server that refuses need not read the rest.
  await client.send(Buffer.from(request, "latin1"), { timeout: DEADLINE_MS }).catch(() => {});
  return readToEnd(client);
}

const answersIn = (text: string) => text.match(/^HTTP\/1\.1 \d{3} /gm)?.length ?? 0;

describe("half a request", () => {
  test("is not answered until the rest has come", async () => {
    const { local } = await serveWith();
    const client = await call(local.port);
    await client.send("GET /hel");
    // A whole exchange later, the half has still no answer.
    expect(await ask(local.port, GET)).toMatch(OK);
    expect(client.buffered).toBe(0);
    await client.send("lo HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n");
    expect(await readToEnd(client)).toContain("<strong>Path:</strong> /hello</p>");
  });

  test.each(["G", "GET /hello HTTP/1.1", "GET /hello HTTP/1.1\r\nHost: la", GET.slice(0, -2)])(
    "%j without the other half is answered 408, and the connection is closed",
    async (half) => {
      const { local } = await serveWith({ headerTimeoutMs: 50 });
      expect(await ask(local.port, half)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    },
  );

  test("does not get more time by adding to it", async () => {
    const { local } = await serveWith({ headerTimeoutMs: 200 });
    const client = await call(local.port);
    await client.send("GET /hello HTTP/1.1\r\n");
    const answer = readToEnd(client);
    let over = false;
    void answer.then(() => {
      over = true;
    });
    for (let i = 0; !over && i < 100; i += 1) {
      await client.send(`X-${i}: y\r\n`).catch(() => {});
      await until(() => over, 50).catch(() => {});
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("of a body is answered 408", async () => {
    const { local } = await serveWith({ bodyTimeoutMs: 50 });
    const half = `POST /echo HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nhello`;
    expect(await ask(local.port, half)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("gets the limit that the program is given", async () => {
    const { port } = await serveHere(main, ["--port=0", "--timeout=50"]);
    expect(await ask(port, "GET /hello HTT")).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe("a giant", () => {
  test.each([
    [431, "field", `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(8 * MEBIBYTE)}\r\n\r\n`],
    [431, "field name", `GET / HTTP/1.1\r\n${HOST}${"x".repeat(8 * MEBIBYTE)}: y\r\n\r\n`],
    [431, "number of fields", `GET / HTTP/1.1\r\n${HOST}${"X: y\r\n".repeat(MEBIBYTE)}\r\n`],
    [414, "path", `GET /${"x".repeat(8 * MEBIBYTE)} HTTP/1.1\r\n${HOST}\r\n`],
    [501, "method", `${"X".repeat(8 * MEBIBYTE)} / HTTP/1.1\r\n${HOST}\r\n`],
    [413, "length", `POST /echo HTTP/1.1\r\n${HOST}Content-Length: 1000000000\r\n\r\n`],
    [
      413,
      "number of chunks",
      `POST /echo HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${`10000\r\n${"x".repeat(0x10000)}\r\n`.repeat(17)}0\r\n\r\n`,
    ],
  ])("gets %i for its %s, and nobody else notices", async (status, _what, request) => {
    const { local } = await serveWith();
    const [refused, served] = await Promise.all([ask(local.port, request), ask(local.port, GET)]);
    expect(refused).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(served).toMatch(OK);
  });
});

describe("slow clients", () => {
  test("a thousand of them do not keep others from being served", async () => {
    const { port } = await startProgram("web_server");
    const count = affordable(1_000, 1);
    const slow = await Promise.all(Array.from({ length: count }, () => call(port)));
    await Promise.all(slow.map((client) => client.send("GET /hello HTTP/1.1\r\nHost: la")));
    for (let i = 0; i < 100; i += 1) expect(await ask(port, GET)).toMatch(OK);
    // All of them are still on the line: nobody was served at their expense either.
    expect(slow.filter((client) => client.buffered > 0 || client.closed)).toEqual([]);
    await Promise.all(slow.map((client) => client.send("b\r\nConnection: close\r\n\r\n")));
    const answers = await Promise.all(slow.map(readToEnd));
    expect(answers.filter((answer) => !OK.test(answer))).toEqual([]);
  });

  test("are all sent away with 408 when their time is up", async () => {
    const server = await serveWith({ headerTimeoutMs: 100 });
    const slow = await Promise.all(Array.from({ length: 200 }, () => call(server.local.port)));
    await Promise.all(slow.map((client) => client.send("GET /")));
    const answers = await Promise.all(slow.map(readToEnd));
    expect(new Set(answers.map((answer) => answer.split("\r\n")[0]))).toEqual(
      new Set(["HTTP/1.1 408 Request Timeout"]),
    );
    for (const client of slow) client.reset();
    await until(() => server.connections === 0);
  });

  test("who never take their answer are cut off", async () => {
    const server = await serveWith({ writeTimeoutMs: 100, idleTimeoutMs: 60_000 });
    const body = "x".repeat(MEBIBYTE);
    const client = await call(server.local.port);
    const request = `POST /echo HTTP/1.1\r\n${HOST}Content-Length: ${MEBIBYTE}\r\n\r\n${body}`;
    // More answers than sockets can hold between us, none of them received.
    for (let i = 0; i < 64 && server.connections > 0; i += 1) {
      await client.send(request, { timeout: DEADLINE_MS }).catch(() => {});
      if (i === 0) await until(() => client.buffered > 0);
    }
    await until(() => server.connections === 0, DEADLINE_MS);
  });
});

describe("a flood", () => {
  test("beyond --connections is answered 503, and those before it are served", async () => {
    const { port } = await serveHere(main, ["--port=0", "--connections=10"]);
    const first = await Promise.all(Array.from({ length: 10 }, () => call(port)));
    for (const client of first) {
      await client.send(`GET /hello HTTP/1.1\r\n${HOST}\r\n`);
      expect(String(await client.recv(65_536, { timeout: DEADLINE_MS }))).toMatch(OK);
    }
    const late = await ask(port, GET);
    expect(late).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(late).toMatch(/^Retry-After: \d+\r$/m);
    for (const client of first) {
      await client.send(`GET /about HTTP/1.1\r\n${HOST}\r\n`);
      expect(String(await client.recv(65_536, { timeout: DEADLINE_MS }))).toMatch(OK);
    }
  });

  test("beyond the second limit is closed without a word", async () => {
    const server = await serveWith({
      maxConnections: 1,
      maxTurnedAway: 1,
      lingerTimeoutMs: 60_000,
    });
    const kept = await call(server.local.port);
    await until(() => server.connections === 1);
    const refused = await call(server.local.port);
    await until(() => refused.buffered > 0);
    expect(await readToEnd(await call(server.local.port))).toBe("");
    await kept.send(GET);
    expect(await readToEnd(kept)).toMatch(OK);
  });

  test("of idle connections passes, and new clients are served again", async () => {
    const server = await serveWith({ maxConnections: 5, idleTimeoutMs: 100 });
    const flood = await Promise.all(Array.from({ length: 50 }, () => call(server.local.port)));
    await Promise.all(flood.map(readToEnd));
    for (const client of flood) client.reset();
    await until(() => server.connections === 0);
    expect(await ask(server.local.port, GET)).toMatch(OK);
  });
});

describe("request smuggling", () => {
  const hidden = `GET /admin HTTP/1.1\r\n${HOST}X: `;
  const body = `0\r\n\r\n${hidden}`;
  const chunk = `GET /admin HTTP/1.1\r\n${HOST}Content-Length: 60\r\n\r\n`;
  const post = `POST /echo HTTP/1.1\r\n${HOST}`;

  test.each([
    ["CL.TE", `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n${body}`],
    [
      "TE.CL",
      `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`,
    ],
    ["TE first", `Transfer-Encoding: chunked\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
    ["two lengths", "Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello"],
    ["two equal lengths", "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"],
    ["a list of lengths", "Content-Length: 5, 5\r\n\r\nhello"],
    ["a sign", "Content-Length: +5\r\n\r\nhello"],
    ["a space before the colon", "Content-Length : 5\r\n\r\nhello"],
    ["another coding", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"],
    ["chunked not last", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"],
    ["chunked twice", "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"],
    ["two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a folded line", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"],
    ["an underscore", "Transfer_Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a bare LF", "X: y\nContent-Length: 5\r\n\r\nhello"],
    ["a bare CR", "X: y\rContent-Length: 5\r\n\r\nhello"],
    ["a chunk size in words", "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n"],
    ["a chunk longer than it says", "Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n"],
    ["a chunk line that ends in LF", "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"],
  ])("by %s is answered once, with 400, and the connection is closed", async (_by, rest) => {
    const { local } = await serveWith();
    const answer = await ask(local.port, post + rest + GET);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:400|501) /);
    expect(answersIn(answer)).toBe(1);
    expect(answer).toMatch(/^Connection: close\r$/m);
    expect(answer).not.toContain("/hello");
  });
});

describe("markup", () => {
  const script = "<script>alert(1)</script>";

  test.each([
    [
      "the user agent",
      `GET /hello HTTP/1.1\r\n${HOST}User-Agent: ${script}\r\nConnection: close\r\n\r\n`,
    ],
    ["the path", `GET /${script} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    [
      "an encoded path",
      `GET /${encodeURIComponent(script)} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    ],
    [
      "a query",
      `GET /hello?${encodeURIComponent(script)} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    ],
    ["the method", `${script} / HTTP/1.1\r\n${HOST}\r\n`],
    ["the host", `GET / HTTP/1.1\r\nHost: ${script}\r\n\r\n`],
  ])("in %s never reaches a page as markup", async (_where, request) => {
    const { local } = await serveWith();
    expect(await ask(local.port, request)).not.toMatch(/<script/i);
  });

  test("could not run even if it reached one", async () => {
    const { local } = await serveWith();
    const answer = await ask(local.port, GET);
    expect(answer).toMatch(/^Content-Security-Policy: default-src 'none'\r$/m);
    expect(answer).toMatch(/^X-Content-Type-Options: nosniff\r$/m);
  });

  test("is shown as the text that it is", () => {
    expect(escapeHtml(`<a href="x" title='y'>&amp;</a>`)).toBe(
      "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;",
    );
  });
});

test("a line break in what is echoed never becomes a second answer", async () => {
  const { local } = await serveWith();
  const split = "%0d%0aContent-Length:%200%0d%0a%0d%0aHTTP/1.1%20200%20OK";
  for (const target of [`/${split}`, `/hello?${split}`, `/echo?${split}`]) {
    const answer = await ask(
      local.port,
      `GET ${target} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    );
    const head = answer.split("\r\n\r\n")[0] ?? "";
    expect(head.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(head.match(/^Content-Length:/gm)).toHaveLength(1);
  }
});
