import { describe, expect, onTestFinished, test } from "vitest";
import { main, requestFor, takeApart } from "../../dist/http_manual_client";
import { startApache } from "../../src/lab/apache/start-apache";
import { unusedPort } from "../../src/lab/unused-port";
import { listen } from "../../src/sockets/tcp";
import { requireApache } from "../support/apache";
import { startChild } from "../support/child";
import { runHere } from "../support/here";
import { spawnProgram } from "../support/program";
import { requireTool } from "../support/tools";

const SITE = { "index.html": "<h1>It works!</h1>\n" };

/** A server that answers its first client with `answer`, whatever it asks, and closes. */
async function answering(
  answer: string | Buffer,
): Promise<{ port: number; asked: Promise<string> }> {
  const server = await listen({ port: 0 });
  onTestFinished(() => server.close());
  const asked = (async () => {
    const client = await server.accept();
    const request = String(await client.recv(65_536));
    await client.send(answer);
    await client.close();
    return request;
  })();
  return { port: server.local.port, asked };
}

const process = (port: number) =>
  spawnProgram("http_manual_client", ["--port", String(port)]).end();

const ask = (port: number, ...args: string[]) =>
  runHere(main, ["--port", String(port), ...args]).end();

describe("http_manual_client", () => {
  test("shows a real Apache's response, raw and taken apart, with the body that curl gets", async (ctx) => {
    await requireTool(ctx, "curl", "sudo apt-get install curl");
    const apache = await startApache(await requireApache(ctx), SITE);
    onTestFinished(() => apache.stop());
    const { status, stdout, stderr } = await process(apache.port);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(
      `Connected to 127.0.0.1:${apache.port}\nSent HTTP request:\nGET / HTTP/1.1\r\n`,
    );
    expect(stdout).toContain("\nReceived HTTP response:\nHTTP/1.1 200 OK\r\n");
    expect(stdout).toMatch(/\nServer: Apache\b/);
    expect(stdout).toContain("\r\n\r\n<h1>It works!</h1>\n");
    expect(stdout).toMatch(
      /\nStatus line: HTTP\/1\.1 200 OK\nFields: .*Server.*Content-Length.*\nBody: 19 bytes\n$/,
    );
    const url = `http://127.0.0.1:${apache.port}/`;
    const curl = await startChild("curl", ["--silent", "--include", url]).end();
    const { statusLine, body } = takeApart(Buffer.from(curl.stdout));
    expect(stdout).toContain(statusLine);
    expect(stdout).toContain(`\r\n\r\n${body}`);
  });

  test("asks for the path, at the host and port, as RFC 9112 writes them", async () => {
    const { port, asked } = await answering("HTTP/1.1 204 No Content\r\n\r\n");
    await ask(port, "--path", "/hello?name=J%C3%B3n");
    expect(await asked).toBe(
      `GET /hello?name=J%C3%B3n HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
    );
    expect(requestFor("localhost", "/")).toBe(
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
  });

  test("receives all of a response that comes in many pieces", async () => {
    const body = "x".repeat(3 * 2 ** 20);
    const { port } = await answering(
      `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const { stdout } = await ask(port);
    expect(stdout).toMatch(/Body: 3145728 bytes\n$/);
  });

  test("takes fields apart as they are: any case, any space around the value, colons inside", () => {
    const text = "HTTP/1.1 200 OK\r\nA:1\r\nb: \t x:y \t\r\nA: 2\r\n\r\nbody\r\n\r\nmore";
    const { statusLine, fields, body } = takeApart(Buffer.from(text));
    expect(statusLine).toBe("HTTP/1.1 200 OK");
    expect(fields).toEqual([
      ["A", "1"],
      ["b", "x:y"],
      ["A", "2"],
    ]);
    expect(String(body)).toBe("body\r\n\r\nmore");
  });

  test("lets nothing from the server move the cursor or change colours", async () => {
    const { port } = await answering("HTTP/1.1 200 OK\r\n\r\n\x1b[2Jcleared\x07");
    const { stdout } = await ask(port);
    expect(stdout).toContain("\ufffd[2Jcleared\ufffd");
    expect(stdout).not.toContain("\x1b");
  });

  test.each([
    ["something else than HTTP", "220 mail.example.com ESMTP\r\n"],
    ["nothing", ""],
  ])("explains in one line that a server answers with %s", async (_what, answer) => {
    const { port } = await answering(answer);
    const { status, stderr } = await ask(port);
    expect(status).toBe(1);
    expect(stderr).toBe("http_manual_client: that is no HTTP response: its fields do not end\n");
  });

  test("explains in one line that no program listens", async () => {
    const { status, stderr } = await process(await unusedPort());
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^http_manual_client: connect 127\.0\.0\.1:\d+: connection refused\. .+\n$/,
    );
  });

  test.each(["hello", "/a b", "/a\r\nX: y"])("refuses %j as a path, exit 2", async (bad) => {
    const { status, stderr } = await ask(1, "--path", bad);
    expect(status).toBe(2);
    expect(stderr).toContain("--path begins with /");
  });
});
