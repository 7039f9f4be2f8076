import { describe, expect, onTestFinished, test } from "vitest";
import { main, serve } from "../../dist/http_simple_server";
import { connect, listen } from "../../src/sockets/tcp";
import { serveHere } from "../support/here";
import { spawnProgram, startProgram } from "../support/program";
import { startOnForbiddenPort } from "./forbidden-port";
import { HTTP_CLIENTS } from "./http-clients";

async function raw(port: number, pieces: readonly string[]): Promise<string> {
  const client = await connect({ port, timeout: 5_000, noDelay: true });
  onTestFinished(() => client.close());
  for (const piece of pieces) await client.send(piece);
  let answer = "";
  for await (const piece of client) answer += String(piece);
  return answer;
}

describe("http_simple_server", () => {
  for (const [name, get] of HTTP_CLIENTS) {
    test(`serves ${name} the page, and counts`, async (ctx) => {
      const { port } = await serveHere(main);
      for (let visitor = 1; visitor <= 2; visitor++) {
        const { status, body } = await get(ctx, port, "/");
        expect(status).toBe(200);
        expect(body).toContain("<h1>Hello from a Socket!</h1>");
        expect(body).toContain(`<strong>You are visitor #${visitor}</strong>`);
        expect(body).toMatch(/^<!DOCTYPE html>\n<html>\n.*\n<\/html>\n$/s);
      }
    });
  }

  test("prints who asks, and the request line, as the lab shows it", async () => {
    const { here, port } = await serveHere(main);
    await raw(port, ["GET /x?y HTTP/1.1\r\nHost: localhost\r\n\r\n"]);
    await here.line(/^GET/);
    const shown = here.stdout.split("\n").slice(3);
    expect(shown[0]).toBe("");
    expect(shown[1]).toMatch(/^Request #1 from 127\.0\.0\.1:\d+$/);
    expect(shown.slice(2)).toEqual(["Request received:", "GET /x?y HTTP/1.1", ""]);
  });

  test("ends every line of the head with CR LF, and counts the body's bytes", async () => {
    const { port } = await serveHere(main);
    const answer = await raw(port, ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"]);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(head).toContain(`\r\nContent-Length: ${Buffer.byteLength(body)}`);
    expect(head).toContain("\r\nConnection: close");
  });

  test("waits for the rest of a request that arrives in two pieces, wherever it is cut", async () => {
    const { port } = await serveHere(main);
    const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (let cut = 1; cut < request.length; cut++) {
      const answer = await raw(port, [request.slice(0, cut), request.slice(cut)]);
      expect(answer).toContain(`You are visitor #${cut}<`);
    }
  });

  test("answers a request typed with bare line feeds, as nc sends it", async () => {
    const { port } = await serveHere(main);
    expect(await raw(port, ["GET / HTTP/1.0\n\n"])).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test("forbids caches to store the page or the missing icon, since it counts each visit", async () => {
    const { port } = await serveHere(main);
    for (const target of ["/", "/favicon.ico"]) {
      const { headers } = await fetch(`http://127.0.0.1:${port}${target}`);
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  test("does not count the browser's question for an icon as a visitor", async () => {
    const { port } = await serveHere(main);
    const visit = async () =>
      /#\d+/.exec(await (await fetch(`http://127.0.0.1:${port}/`)).text())?.[0];
    expect(await visit()).toBe("#1");
    const icon = await fetch(`http://127.0.0.1:${port}/favicon.ico`);
    expect({ status: icon.status, body: await icon.text() }).toEqual({ status: 404, body: "" });
    expect(await visit()).toBe("#2");
  });

  test("serves others while clients connect and say nothing", async () => {
    const { port } = await serveHere(main);
    const silent = await Promise.all(Array.from({ length: 10 }, () => connect({ port })));
    onTestFinished(() => {
      for (const client of silent) client.reset();
    });
    expect(await raw(port, ["GET / HTTP/1.0\r\n\r\n"])).toContain("You are visitor #1");
  });

  test("survives clients that reset, that never end their request, and that send nonsense", async () => {
    const { port } = await serveHere(main);
    for (const text of ["", "GET", "GET / HTTP/1.1\r\n\r\n"]) {
      const client = await connect({ port });
      await client.send(text);
      client.reset();
    }
    expect(await raw(port, ["x".repeat(20_000)])).toBe("");
    expect(await raw(port, ["\r\n\r\n"])).toMatch(/^HTTP\/1\.1 /);
    expect(await raw(port, ["GET / HTTP/1.0\r\n\r\n"])).toContain("You are visitor #");
  });

  test("gives up a client whose request trickles in, however short each pause", async () => {
    const server = await listen({ port: 0 });
    const log: string[] = [];
    const serving = serve(server, (line: string) => log.push(line), 200);
    const client = await connect({ port: server.local.port });
    const trickle = setInterval(() => client.send("x").catch(() => clearInterval(trickle)), 20);
    const left = await client.recv(1024).then(String, (error) => error.code);
    clearInterval(trickle);
    expect(["", "RESET"]).toContain(left);
    expect(log.join()).toMatch(/recv 127\.0\.0\.1:\d+: timed out/);
    await client.close();
    await server.close();
    await serving;
  });

  test("shows control characters of a request line as text", async () => {
    const { here, port } = await serveHere(main);
    await raw(port, ["GET /\x1b[31m HTTP/1.0\r\n\r\n"]);
    await here.line(/^GET \/\\u001b\[31m HTTP\/1\.0$/);
  });

  test("is reached from outside only if it is told so", async () => {
    const { host } = await serveHere(main);
    expect(host).toBe("127.0.0.1");
    const open = await serveHere(main, ["--host", "0.0.0.0", "--port", "0"]);
    expect(open.firstLine).toBe(`HTTP Server running on http://0.0.0.0:${open.port}`);
  });

  test("says where it listens and how to stop it, ends cleanly on SIGINT with a client connected, and explains a port in use", async () => {
    const { child, port } = await startProgram("http_simple_server");
    await child.line(/^Press Ctrl\+C to stop$/);
    expect(child.stdout).toBe(
      `HTTP Server running on http://127.0.0.1:${port}\n` +
        "Open your browser and visit the URL above\nPress Ctrl+C to stop\n",
    );
    const client = await connect({ port });
    onTestFinished(() => client.reset());
    const second = await spawnProgram("http_simple_server", ["--port", String(port)]).end();
    expect(second.status).toBe(1);
    expect(second.stderr).toMatch(/address already in use\. .+\n$/);
    child.kill("SIGINT");
    expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
  });

  test("a forbidden port is one clear line, and exit 1", async (ctx) => {
    const { status, stderr } = await (await startOnForbiddenPort(ctx, "http_simple_server")).end();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^http_simple_server: listen 127\.0\.0\.1:1: permission denied\. .+\n$/);
  });
});
