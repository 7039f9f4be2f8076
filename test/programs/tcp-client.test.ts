/** tcp_client against servers of every kind: ours, Python's, nc, and ones that misbehave. */
import { createServer, type Server, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { main } from "../../dist/tcp_client";
import { main as serverMain } from "../../dist/tcp_server";
import { unusedPort } from "../../src/lab/unused-port";
import { startChild } from "../support/child";
import { runHere, serveHere } from "../support/here";
import { spawnProgram } from "../support/program";
import { startPython } from "../support/python";
import { requireTool } from "../support/tools";

/** A server of Node's own that does `talk` with each client. */
async function serveWith(talk: (client: Socket) => void): Promise<number> {
  const clients = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client.on("error", () => {}));
    talk(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return address.port;
}

const run = (port: number, ...more: string[]) =>
  runHere(main, ["--port", String(port), ...more]).end();

test("prints what the lab shows, three times in a row", async () => {
  const { port } = await serveHere(serverMain);
  const process = spawnProgram("tcp_client", ["--port", String(port)]);
  for (const number of [1, 2, 3]) {
    expect(await (number === 1 ? process.end() : run(port))).toMatchObject({
      status: 0,
      stdout: `Connected to 127.0.0.1:${port}\nReceived: Hello! You are connection #${number}\n`,
      stderr: "",
    });
  }
});

test("sends the message that it is given", async () => {
  const { here, port } = await serveHere(serverMain);
  await run(port, "Grüße aus 東京");
  await here.line(/^Received: Grüße aus 東京$/);
});

test("sends a message of a mebibyte and reads the answer to it", async () => {
  const message = "x".repeat(1024 * 1024);
  const port = await serveWith((client) => {
    let bytes = 0;
    client.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes === message.length) client.end(`${bytes} bytes`);
    });
  });
  expect((await run(port, message)).stdout).toContain("Received: 1048576 bytes\n");
});

test("reads an answer of a mebibyte to its end", async () => {
  const port = await serveWith((client) => client.end("x".repeat(1024 * 1024)));
  const { status, stdout } = await run(port);
  expect(status).toBe(0);
  expect(/^Received: (x+)$/m.exec(stdout)?.[1]).toHaveLength(1024 * 1024);
});

test("puts an answer together that comes byte by byte, cut inside its characters", async () => {
  const port = await serveWith(async (client) => {
    client.setNoDelay(true);
    for (const byte of Buffer.from("10 € 👋")) {
      await new Promise((resolve) => client.write(Buffer.from([byte]), resolve));
      await new Promise(setImmediate);
    }
    client.end();
  });
  expect((await run(port)).stdout).toContain("Received: 10 € 👋\n");
});

test("shows what came when the server answers and does not close", async () => {
  const port = await serveWith((client) => client.write("I am staying"));
  expect(await run(port)).toMatchObject({
    status: 0,
    stdout: `Connected to 127.0.0.1:${port}\nReceived: I am staying\n`,
  });
});

test("stops reading at a mebibyte from a server that never stops", async () => {
  const port = await serveWith((client) => {
    client.write("x".repeat(2 * 1024 * 1024));
    const more = setInterval(() => client.write("x"), 10);
    client.on("close", () => clearInterval(more));
  });
  const { status, stdout } = await run(port);
  expect(status).toBe(0);
  expect(/^Received: (x+)$/m.exec(stdout)?.[1]).toHaveLength(1024 * 1024);
});

test("says that the server closed without an answer, and exits with 1", async () => {
  const port = await serveWith((client) => client.end());
  const { status, stderr } = await run(port);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^tcp_client: recv 127\.0\.0\.1:\d+: .*closed[^\n]*\n$/);
});

test("says that the server hung up on it, and exits with 1", async () => {
  const port = await serveWith((client) => client.once("data", () => client.resetAndDestroy()));
  const { status, stderr } = await run(port);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^tcp_client: recv [^\n]*reset[^\n]*\n$/);
});

test("gives up on a server that never answers, and exits with 1", async () => {
  const port = await serveWith(() => {});
  const { status, stderr } = await run(port, "--timeout", "100");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^tcp_client: recv [^\n]*timed out after 100 ms[^\n]*\n$/);
});

test("says that no program listens, and exits with 1", async () => {
  const port = String(await unusedPort());
  const { status, stdout, stderr } = await spawnProgram("tcp_client", ["--port", port]).end();
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^tcp_client: connect 127\.0\.0\.1:\d+: connection refused\. [^\n]+\n$/);
});

test("ends cleanly on Ctrl+C while it waits", async () => {
  const port = await serveWith(() => {});
  const child = spawnProgram("tcp_client", ["--port", String(port)]);
  await child.line(/^Connected to /);
  child.kill("SIGINT");
  expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
});

test.each([
  [["--port", "0"], "--port"],
  [["--timeout", "soon"], "--timeout"],
  [["one", "two"], "two"],
])("names the mistake in the options %j and exits with 2", async (args, named) => {
  const { status, stderr } = await runHere(main, args).end();
  expect(status).toBe(2);
  expect(stderr).toContain(named);
});

test("talks to a Python server that makes the original's calls", async (ctx) => {
  const server = await startPython(ctx, "tcp_server");
  const [, port] = await server.line(/^TCP Server listening on 127\.0\.0\.1:(\d+)$/);
  for (const number of [1, 2, 3]) {
    expect((await run(Number(port))).stdout).toBe(
      `Connected to 127.0.0.1:${port}\nReceived: Hello! You are connection #${number}\n`,
    );
  }
  await server.line(/^Received: Hello from client!$/);
});

test("talks to a person at nc -l, and waits for what they type", async (ctx) => {
  await requireTool(ctx, "nc", "sudo apt-get install netcat-openbsd");
  const nc = startChild("nc", ["-v", "-n", "-l", "127.0.0.1", "0"]);
  // Without a port of its choice nc has to say which one it got; on standard error, with -v.
  const port = await nc.until(() => /[ :](\d{2,5})\s*$/m.exec(nc.stderr)?.[1], "its port");
  const client = runHere(main, ["--port", port]);
  await nc.until(() => (nc.stdout === "Hello from client!" ? true : undefined), "the message");
  nc.write("Hello from the keyboard\n");
  expect(await client.end()).toMatchObject({
    status: 0,
    stdout: `Connected to 127.0.0.1:${port}\nReceived: Hello from the keyboard\n`,
  });
});
