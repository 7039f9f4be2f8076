/** web_server as its users meet it: a process on a port, and clients of every kind. */
import { execFile } from "node:child_process";
import { METHODS } from "node:http";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { main, start } from "../../dist/web_server";
import { unusedPort } from "../../src/lab/unused-port";
import { formatEndpoint } from "../../src/sockets/endpoint";
import { connect, type TcpSocket } from "../../src/sockets/tcp";
import { runHere, serveHere } from "../support/here";
import { spawnProgram, startProgram } from "../support/program";
import { requireTool } from "../support/tools";
import { startOnForbiddenPort } from "./forbidden-port";

const run = promisify(execFile);
const HOST = "Host: lab\r\n";
const CLOSE = "Connection: close\r\n";

const urlOf = ({ port }: { port: number }, path: string) => `http://127.0.0.1:${port}${path}`;

async function call(port: number): Promise<TcpSocket> {
  const client = await connect({ port, timeout: 10_000 });
  onTestFinished(() => client.close());
  return client;
}

/** The same server in this process: for tests that need nothing of the program but its answers. */
async function startHere(): Promise<{ port: number }> {
  const server = await start({ port: 0 });
  onTestFinished(() => server.stop());
  return server.local;
}

/** All that the server sends until it ends its side, a byte a character. */
async function readToEnd(client: TcpSocket): Promise<string> {
  let text = "";
  for await (const piece of client) text += piece.toString("latin1");
  return text;
}

async function ask(port: number, request: string): Promise<string> {
  const client = await call(port);
  await client.send(Buffer.from(request, "latin1"));
  return readToEnd(client);
}

/** Receives until what came fits. */
async function receive(client: TcpSocket, pattern: RegExp): Promise<string> {
  let text = "";
  while (!pattern.test(text)) {
    const piece = await client.recv(65_536, { timeout: 10_000 });
    if (piece.length === 0) throw new Error(`the server ended after ${JSON.stringify(text)}`);
    text += piece.toString("latin1");
  }
  return text;
}

describe("the program", () => {
  test("listens on IPv6 when asked to, and names it so that a browser understands", async () => {
    const { firstLine, port } = await serveHere(main, ["--host", "::1", "--port", "0"]);
    expect(firstLine).toBe(`HTTP Server listening on http://[::1]:${port}`);
    expect((await fetch(`http://[::1]:${port}/hello`)).status).toBe(200);
  });

  test("shows its options, and that 8000 is its port", async () => {
    const { status, stdout } = await runHere(main, ["--help"]).end();
    expect(status).toBe(0);
    expect(stdout).toMatch(/--port PORT .*default 8000/);
    expect(stdout).toMatch(/--connections NUMBER .*default 16384/);
    expect(stdout).toMatch(/--timeout MILLISECONDS .*default 10000/);
  });

  test("takes its port from the environment, and an option before that", async () => {
    const free = await unusedPort();
    expect((await serveHere(main, [], { PORT: String(free) })).port).toBe(free);
    expect((await serveHere(main, ["--port=0"], { PORT: "1" })).port).not.toBe(1);
  });

  test("says in one line that its port is in use, and exits with 1", async () => {
    const { port } = await serveHere(main);
    const { status, stderr, stdout } = await spawnProgram("web_server", [`--port=${port}`]).end();
    expect(stderr.trimEnd()).toMatch(
      new RegExp(`^web_server: .*127\\.0\\.0\\.1:${port}.*in use.*$`),
    );
    expect(stdout).toBe("");
    expect(status).toBe(1);
  });

  test("says in one line that it may not have a port, and exits with 1", async (ctx) => {
    const { status, stderr } = await (await startOnForbiddenPort(ctx, "web_server")).end();
    expect(stderr.trimEnd()).toMatch(/^web_server: .*permission denied.*$/);
    expect(status).toBe(1);
  });

  test.each([
    ["an unknown option", ["--workers", "4"]],
    ["a port that is none", ["--port", "65536"]],
    ["no connections", ["--connections", "0"]],
    ["a timeout that is no number", ["--timeout", "soon"]],
    ["a word too many", ["now"]],
  ])("says what is wrong with %s, and exits with 2", async (_what, args) => {
    const { status, stderr } = await runHere(main, args).end();
    expect(stderr).toMatch(/^web_server: .+\nTry: node web_server\.mjs --help\n$/);
    expect(status).toBe(2);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "it says where it listens, and %s ends it with 0, with clients connected and one in the middle of a request",
    async (signal) => {
      const { child, firstLine, port } = await startProgram("web_server");
      expect(firstLine).toBe(`HTTP Server listening on http://127.0.0.1:${port}`);
      const kept = await call(port);
      await kept.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
      await receive(kept, /<\/html>/);
      const half = await call(port);
      await half.send("GET /hello HT");
      child.kill(signal);
      expect(await readToEnd(kept)).toBe("");
      expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
    },
  );

  test("answers a request that is under way when SIGTERM comes, and takes no new ones", async () => {
    const port = await unusedPort(); // of the system's choice it would go to another test at once
    const { child } = await startProgram("web_server", ["--port", String(port)]);
    const client = await call(port);
    const head = `POST /echo HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 8\r\n\r\n`;
    await client.send(head);
    await receive(client, /100 Continue\r\n\r\n/); // now the handler waits for the content
    child.kill("SIGTERM");
    await expect
      .poll(() => connect({ port }).then((late) => late.close(), String), { timeout: 5_000 })
      .toMatch(/refused/);
    await client.send("answer m");
    const answer = await readToEnd(client);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/^Connection: close\r$/m);
    expect(answer).toMatch(/\r\n\r\nanswer m$/);
    expect((await child.end()).status).toBe(0);
  });
});

describe("the pages", () => {
  test.each(["/", "/hello", "/about"])("%s shows method, path and user agent", async (path) => {
    const server = await startHere();
    const headers = { "User-Agent": "Mozilla/5.0 (Lab)" };
    const answer = await fetch(urlOf(server, path), { method: "POST", body: "a=b", headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await answer.text();
    expect(html).toContain("<p><strong>Method:</strong> POST</p>");
    expect(html).toContain(`<p><strong>Path:</strong> ${path}</p>`);
    expect(html).toContain("<p><strong>Browser:</strong> Mozilla/5.0 (Lab)</p>");
  });

  test("say what curl is, and where curl has been", async (ctx) => {
    await requireTool(ctx, "curl", "sudo apt-get install curl");
    const server = await startHere();
    const { stdout } = await run("curl", ["-sS", "-i", urlOf(server, "/hello?name=J%C3%B3n")]);
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(stdout).toMatch(/<strong>Browser:<\/strong> curl\/\d/);
    expect(stdout).toContain("<strong>Path:</strong> /hello</p>");
    expect(stdout).toContain("<strong>Query:</strong> name=Jón</p>");
  });

  test.each(["/nope", "/hello/", "/hellO", "/..%2fhello"])("%s is a 404", async (path) => {
    const server = await startHere();
    const answer = await fetch(urlOf(server, path));
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("<h1>404 Not Found</h1>");
  });

  test("of a known path tell other methods which ones it takes", async () => {
    const server = await startHere();
    const answer = await fetch(urlOf(server, "/hello"), { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, POST");
  });

  test.each([
    ["/hello?q=100%", "q=100%"],
    ["/hello?a[]={1|2}", "a[]={1|2}"],
    ["/hello?q=%zz", "q=%zz"],
    ["/hello?q=%25", "q=%"],
    ["/hello?a?b", "a?b"],
  ])("%s shows the query, also where a browser sends it raw", async (target, shown) => {
    const { port } = await startHere();
    const answer = await ask(port, `GET ${target} HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain(`<strong>Query:</strong> ${shown}</p>`);
  });

  test.each(["/", "/hello", "/echo"])("TRACE %s is not allowed", async (path) => {
    const { port } = await startHere();
    const answer = await ask(
      port,
      `TRACE ${path} HTTP/1.1\r\n${HOST}${CLOSE}Cookie: secret\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 405 .*\r\nAllow: GET, HEAD, POST\r\n/s);
    expect(answer).not.toContain("secret");
  });

  test("are kept by no cache, since they show each client its own request", async () => {
    const { port } = await startHere();
    for (const path of ["/", "/nope", "/echo"]) {
      const { headers } = await fetch(urlOf({ port }, path));
      expect(headers.get("cache-control"), path).toBe("no-store");
    }
  });

  test("answer HEAD with the head of GET and nothing else", async (ctx) => {
    await requireTool(ctx, "curl", "sudo apt-get install curl");
    const server = await startHere();
    const [head, get] = await Promise.all(
      [["--head"], ["-i"]].map((how) => run("curl", ["-sS", ...how, urlOf(server, "/about")])),
    );
    const headOf = (text = "") => text.split("\r\n\r\n")[0]?.replace(/Date: .*/, "");
    expect(headOf(head?.stdout)).toBe(headOf(get?.stdout));
    expect(head?.stdout.split("\r\n\r\n")[1]).toBe("");
  });
});

describe("/echo", () => {
  const METHODS_WITH_ANSWER = METHODS.filter(
    (method) => !["CONNECT", "HEAD", "TRACE"].includes(method),
  );

  test.each(METHODS_WITH_ANSWER)("answers %s with the content it got", async (method) => {
    const { port } = await startHere();
    const bytes = Buffer.from([0, 255, 13, 10, 128, 65]).toString("latin1");
    const head = `${method} /echo HTTP/1.1\r\n${HOST}${CLOSE}Content-Length: ${bytes.length}\r\n\r\n`;
    const answer = await ask(port, head + bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer.split("\r\n\r\n").slice(1).join("\r\n\r\n")).toBe(bytes);
  });

  test("joins chunks, however they are cut", async () => {
    const { port } = await startHere();
    const body =
      "3;name=value\r\nabc\r\n1\r\nd\r\n00a\r\n0123456789\r\n0\r\nX-Trailer: end\r\n\r\n";
    const request = `PUT /echo HTTP/1.1\r\n${HOST}${CLOSE}Transfer-Encoding: chunked\r\n\r\n${body}`;
    const client = await call(port);
    for (const sign of request) await client.send(sign);
    expect(await readToEnd(client)).toMatch(/\r\n\r\nabcd0123456789$/);
  });

  test("echoes a mebibyte, and refuses a byte more before it is sent", async () => {
    const server = await startHere();
    const body = Buffer.alloc(1024 * 1024, "0123456789abcdef-");
    const answer = await fetch(urlOf(server, "/echo"), { method: "POST", body });
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    const more = `POST /echo HTTP/1.1\r\n${HOST}Content-Length: ${body.length + 1}\r\n\r\n`;
    expect(await ask(server.port, more)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("asks for the content of a client that waits to be asked", async (ctx) => {
    await requireTool(ctx, "curl", "sudo apt-get install curl");
    const server = await startHere();
    const options = ["-sS", "-H", "Expect: 100-continue", "--expect100-timeout", "30"];
    const url = urlOf(server, "/echo");
    const { stdout } = await run("curl", [...options, "--data-binary", "patience", url]);
    expect(stdout).toBe("patience");
  });

  test("has an empty answer for an empty request, and for HEAD", async () => {
    const server = await startHere();
    expect(await (await fetch(urlOf(server, "/echo"))).text()).toBe("");
    expect((await fetch(urlOf(server, "/echo"), { method: "HEAD" })).status).toBe(200);
  });

  test("never answers as a page, whatever the client calls its content", async () => {
    const server = await startHere();
    const headers = { "Content-Type": "text/html" };
    const body = "<script>alert(1)</script>";
    const answer = await fetch(urlOf(server, "/echo"), { method: "POST", headers, body });
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).toBe(body);
  });
});

describe("one connection", () => {
  test("serves many requests", async () => {
    const { port } = await startHere();
    const client = await call(port);
    for (let i = 0; i < 100; i += 1) {
      await client.send(`GET /hello?n=${i} HTTP/1.1\r\n${HOST}\r\n`);
      expect(await receive(client, /<\/html>/)).toContain(`n=${i}<`);
    }
  });

  test("answers pipelined requests in the order in which they came", async () => {
    const { port } = await startHere();
    const request = (i: number) =>
      `POST /echo HTTP/1.1\r\n${HOST}${i === 49 ? CLOSE : ""}Content-Length: 4\r\n\r\n[${String(i).padStart(2, "0")}]`;
    const answer = await ask(port, Array.from({ length: 50 }, (_, i) => request(i)).join(""));
    expect(answer.match(/\[\d\d\]/g)).toEqual(
      Array.from({ length: 50 }, (_, i) => `[${String(i).padStart(2, "0")}]`),
    );
  });

  test("is closed after an answer to HTTP/1.0, and kept for one that asks for it", async () => {
    const { port } = await startHere();
    expect(await ask(port, "GET /hello HTTP/1.0\r\n\r\n")).toMatch(/^Connection: close\r$/m);
    const client = await call(port);
    await client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect(await receive(client, /<\/html>/)).toMatch(/^Connection: keep-alive\r$/m);
    await client.send("GET /about HTTP/1.0\r\n\r\n");
    expect(await readToEnd(client)).toContain("/about");
  });
});

test("start listens where it is told, and stop frees the port", async () => {
  const server = await start({ port: await unusedPort() });
  expect(server.url).toBe(`http://${formatEndpoint(server.local)}`);
  await server.stop();
  await expect(connect({ port: server.local.port })).rejects.toMatchObject({ code: "REFUSED" });
});
