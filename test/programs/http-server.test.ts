/** http_server as a program, with clients that other people wrote; what it answers is judged in test/challenge. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bodyLength, readBody } from "../../dist/http_body";
import { readFields, readRequestLine } from "../../dist/http_head";
import { RequestReader } from "../../dist/http_reader";
import { HttpError } from "../../dist/http_request";
import { main } from "../../dist/http_server";
import { connect } from "../../src/sockets/tcp";
import { mutations } from "../../src/tools/practice/judges/06-http-server/mutations";
import { runHere, serveHere } from "../support/here";
import { spawnProgram, startProgram } from "../support/program";
import { startOnForbiddenPort } from "./forbidden-port";
import { HTTP_CLIENTS } from "./http-clients";

describe("http_server", () => {
  for (const [name, get, agent] of HTTP_CLIENTS) {
    test(`shows ${name} its request, and the way to nowhere`, async (ctx) => {
      const { port } = await serveHere(main);
      const { status, body } = await get(ctx, port, "/hello");
      expect(status).toBe(200);
      const [, shown = ""] = /<strong>Browser:<\/strong> (.*)<\/p>/.exec(body) ?? [];
      expect(shown).toMatch(agent);
      expect(body.split("\n").map((line) => line.trim())).toEqual([
        "<html>",
        "<body>",
        "<h1>Request Info</h1>",
        "<p><strong>Method:</strong> GET</p>",
        "<p><strong>Path:</strong> /hello</p>",
        `<p><strong>Browser:</strong> ${shown}</p>`,
        "</body>",
        "</html>",
        "",
      ]);
      const nowhere = await get(ctx, port, "/nope");
      expect(nowhere.status).toBe(404);
      expect(nowhere.body).toContain("<h1>404 Not Found</h1>");
    });
  }

  test("writes a line for each request, in which nothing of the client's can disturb a terminal", async () => {
    const { here, port } = await serveHere(main);
    const client = await connect({ port });
    onTestFinished(() => client.close());
    await client.send("GET /hello?\x1b[31m HTTP/1.1\r\nHost: x\r\n\r\n");
    await here.line(
      new RegExp(`^Request #1 from 127\\.0\\.0\\.1:${client.local.port}: 400 Bad Request$`),
    );
    await fetch(`http://127.0.0.1:${port}/hello?%1b`);
    await here.line(/^Request #2 from 127\.0\.0\.1:\d+: GET \/hello\?%1b 200 OK$/);
    expect(here.stdout).not.toContain("\x1b");
  });

  test("says nothing to a client that says nothing, and closes", async () => {
    const { port } = await serveHere(main, ["--port", "0", "--timeout", "100"]);
    const client = await connect({ port, timeout: 5_000 });
    onTestFinished(() => client.close());
    expect(String(await client.recv(100, { timeout: 5_000 }))).toBe("");
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "says where it listens, and ends cleanly on %s, with clients in the middle",
    async (signal) => {
      const { child, firstLine, port } = await startProgram("http_server");
      expect(firstLine).toBe(`HTTP Server running on http://127.0.0.1:${port}`);
      const clients = await Promise.all(Array.from({ length: 5 }, () => connect({ port })));
      onTestFinished(() => {
        for (const client of clients) client.reset();
      });
      for (const client of clients) await client.send("GET /hello HT");
      await fetch(`http://127.0.0.1:${port}/`);
      child.kill(signal);
      expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
    },
  );

  test("a port in use is one clear line, and exit 1", async () => {
    const { port } = await serveHere(main);
    const { status, stderr } = await spawnProgram("http_server", ["--port", String(port)]).end();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^http_server: listen 127\.0\.0\.1:\d+: address already in use\. .+\n$/);
  });

  test("a forbidden port is one clear line, and exit 1", async (ctx) => {
    const child = await startOnForbiddenPort(ctx, "http_server");
    const { status, stderr } = await child.end();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^http_server: listen 127\.0\.0\.1:1: permission denied\. .+\n$/);
  });

  test("an unknown option is bad usage, exit 2", async () => {
    const { status, stderr } = await runHere(main, ["--prot", "9000"]).end();
    expect(status).toBe(2);
    expect(stderr).toContain("--prot");
  });

  test("imports nothing but sockets and what every program shares", async () => {
    const dist = path.resolve(import.meta.dirname, "../../dist");
    const parts = "request reader head body response target routes exchange drain server".split(
      " ",
    );
    for (const part of parts) {
      const code = await readFile(path.join(dist, `http_${part}.ts`), "utf8");
      for (const [, from = ""] of code.matchAll(/from "([^"]+)"/g)) {
        expect(from).toMatch(/^\.\/http_|^\.\.\/src\/(sockets|program)\//);
      }
    }
  });
});

describe("reading a request", () => {
  /** What becomes of `text` when it arrives in pieces of `size` bytes: the parts, or the status. */
  async function read(text: string, size: number): Promise<unknown> {
    const bytes = Buffer.from(text, "latin1");
    let at = 0;
    const reader = new RequestReader(async () => {
      at += size;
      return bytes.subarray(at - size, at);
    });
    try {
      const line = await readRequestLine(reader);
      const fields = await readFields(reader);
      const body = await readBody(reader, bodyLength(fields, line.version));
      return { line, fields: [...fields], body: String(body) };
    } catch (error) {
      if (error instanceof HttpError) return error.status;
      throw error;
    }
  }

  test("gives the same result however the bytes are cut, good request or not", async () => {
    const results = new Map<unknown, number>();
    for (const text of mutations(100)) {
      const whole = await read(text, text.length || 1);
      for (const size of [1, 2, 7]) expect(await read(text, size), text).toEqual(whole);
      const kind = typeof whole === "number" ? whole : 200;
      results.set(kind, (results.get(kind) ?? 0) + 1);
    }
    // The mutations reach what they are for.
    for (const status of [200, 400, 414, 501]) expect([...results.keys()]).toContain(status);
  });
});
