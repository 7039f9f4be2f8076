/** tcp_server as its users meet it: a process on a port, and clients of every kind. */
import { connect as netConnect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { main, serve } from "../../dist/tcp_server";
import { until } from "../../src/lab/until";
import { unusedPort } from "../../src/lab/unused-port";
import { connect, listen, type TcpSocket } from "../../src/sockets/tcp";
import { startChild } from "../support/child";
import { runHere, type ServerHere, serveHere } from "../support/here";
import { spawnProgram, startProgram } from "../support/program";
import { startPython } from "../support/python";
import { requireTool } from "../support/tools";
import { startOnForbiddenPort } from "./forbidden-port";

const GET_NC = "sudo apt-get install netcat-openbsd";

async function call(port: number): Promise<TcpSocket> {
  const client = await connect({ port, timeout: 10_000 });
  onTestFinished(() => client.close());
  return client;
}

/** All that the server sends until it ends its side. */
async function readToEnd(client: TcpSocket): Promise<string> {
  let text = "";
  for await (const piece of client) text += piece;
  return text;
}

async function ask(port: number, message: string | Uint8Array): Promise<string> {
  const client = await call(port);
  await client.send(message);
  const answer = await readToEnd(client);
  await client.close();
  return answer;
}

/** The lines about received messages, once there are `count`. */
function received({ here }: Pick<ServerHere, "here">, count: number): Promise<string[]> {
  return here.until(() => {
    const lines = here.stdout.split("\n").slice(0, -1);
    const found = lines.filter((line) => line.startsWith("Received: "));
    return found.length >= count ? found.map((line) => line.slice("Received: ".length)) : undefined;
  }, `${count} lines about received messages`);
}

test("takes its port from the environment, and an option before that", async () => {
  const byEnvironment = await serveHere(main, [], { PORT: "0" });
  expect(byEnvironment.port).not.toBe(8080);
  const byOption = await serveHere(main, ["--port", "0"], { PORT: "1" });
  expect(byOption.port).toBeGreaterThan(1);
});

test("prints who connects and what it received, as the lab shows it", async () => {
  const { here, port } = await serveHere(main);
  const client = await call(port);
  await client.send("Hello from client!");
  expect(await readToEnd(client)).toBe("Hello! You are connection #1");
  await here.line(/^Received: Hello from client!$/);
  expect(here.stdout.split("\n").slice(1)).toEqual([
    `Connection #1 from 127.0.0.1:${client.local.port}`,
    "Received: Hello from client!",
    "",
  ]);
});

test("counts one connection after the other", async () => {
  const { port } = await serveHere(main);
  for (let number = 1; number <= 100; number += 1) {
    expect(await ask(port, "Hello")).toBe(`Hello! You are connection #${number}`);
  }
});

test("gives each of 200 clients that come at once a number of its own", async () => {
  const { port } = await serveHere(main);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(port, `${i}`)));
  const numbers = answers.map((answer) =>
    Number(/^Hello! You are connection #(\d+)$/.exec(answer)?.[1]),
  );
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
});

test("does not let a client that says nothing hold up the others", async () => {
  const { port } = await serveHere(main);
  const silent = await call(port);
  expect(await ask(port, "I am in a hurry")).toBe("Hello! You are connection #2");
  await silent.send("Now I know");
  expect(await readToEnd(silent)).toBe("Hello! You are connection #1");
});

test("lets a client that says nothing go after a limit", async () => {
  const server = await listen({ port: 0 });
  const lines: string[] = [];
  const serving = serve(server, (line: string) => lines.push(line), 20);
  const silent = await call(server.local.port);
  expect(await readToEnd(silent)).toBe("");
  await server.close();
  await serving;
  expect(lines[1]).toMatch(/^Connection #1 failed: .*timed out after 20 ms/);
});

test("ends the talks that are open when the server is closed", async () => {
  const server = await listen({ port: 0 });
  const lines: string[] = [];
  const serving = serve(server, (line: string) => lines.push(line));
  const silent = await call(server.local.port);
  await until(() => lines.length === 1);
  await server.close();
  await serving;
  await expect(silent.recv(1)).rejects.toMatchObject({ code: "RESET" });
  expect(lines).toEqual([`Connection #1 from 127.0.0.1:${silent.local.port}`]);
});

test("answers a client that ends its side without a word", async () => {
  const running = await serveHere(main);
  const client = await call(running.port);
  await client.shutdown();
  expect(await readToEnd(client)).toBe("Hello! You are connection #1");
  expect(await received(running, 1)).toEqual([""]);
});

test("goes on when clients leave mid-way: with a farewell, abruptly, inside a character", async () => {
  const { here, port } = await serveHere(main);
  await (await call(port)).close();
  const abrupt = await call(port);
  await here.line(/^Connection #2 /);
  abrupt.reset();
  await here.line(/^Connection #2 failed: .*reset by the peer/);
  const inside = await call(port);
  await inside.send(Buffer.from([0xf0, 0x9f]));
  inside.reset();
  await here.line(/^Connection #3 /);
  expect(await ask(port, "Still there?")).toBe("Hello! You are connection #4");
});

test("answers a client that sends a mebibyte, and says how much it did not show", async () => {
  const running = await serveHere(main);
  const client = await call(running.port);
  const sending = client.send("x".repeat(1024 * 1024));
  expect(await readToEnd(client)).toBe("Hello! You are connection #1");
  await sending;
  await client.close();
  const [, more] = await running.here.line(/^Connection #1 sent (\d+) more bytes$/);
  const [text] = await received(running, 1);
  expect(text).toMatch(/^x{1,1024}$/);
  expect(Number(more) + (text?.length ?? 0)).toBe(1024 * 1024);
});

test("lets go of a client that never stops sending", async () => {
  const { here, port } = await serveHere(main);
  const flood = netConnect(port, "127.0.0.1");
  onTestFinished(() => void flood.destroy());
  flood.on("error", () => {});
  const piece = Buffer.alloc(64 * 1024, "x");
  const more = () => {
    while (!flood.destroyed && flood.write(piece));
  };
  flood.on("drain", more).on("connect", more);
  const [, drained] = await here.line(/^Connection #1 sent (\d+) more bytes$/);
  expect(Number(drained)).toBeLessThanOrEqual(16 * 1024 * 1024);
  expect(await ask(port, "And me?")).toBe("Hello! You are connection #2");
});

test("puts a character together that arrives in pieces", async () => {
  const running = await serveHere(main);
  const client = await call(running.port);
  const bytes = Buffer.from("€ 👋");
  await client.send(bytes.subarray(0, 5)); // the first byte of the hand, its others later
  await running.here.line(/^Connection #1 /);
  // Right whether or not it has read the first piece by now: the next test has both.
  await client.send(bytes.subarray(5, 7));
  await client.send(bytes.subarray(7));
  expect(await readToEnd(client)).toBe("Hello! You are connection #1");
  expect(await received(running, 1)).toEqual(["€ 👋"]);
});

test("puts a character together whichever two pieces it arrives in", async () => {
  const server = await listen({ port: 0 });
  const lines: string[] = [];
  const serving = serve(server, (line: string) => lines.push(line));
  const bytes = Buffer.from("é€👋");
  // Cuts inside a character: between characters the first piece is a message of its own.
  for (const cut of [1, 3, 4, 6, 7, 8]) {
    const told = lines.length;
    const client = await call(server.local.port);
    await client.send(bytes.subarray(0, cut));
    await until(() => lines.length > told); // it is about to receive
    for (let turn = 0; turn < 5; turn += 1) await setImmediate(); // and most likely has
    await client.send(bytes.subarray(cut));
    await client.recv(1024);
    expect(lines.at(-1)).toMatch(/^Received: (é|é€|é€👋)$/);
    await client.close();
  }
  await server.close();
  await serving;
});

test("does not wait for ever for the rest of a character", async () => {
  const running = await serveHere(main);
  const client = await call(running.port);
  await client.send(Buffer.from([0x61, 0xe2, 0x82]));
  expect(await readToEnd(client)).toBe("Hello! You are connection #1");
  expect(await received(running, 1)).toEqual(["a\ufffd"]);
});

test("shows bytes that are not UTF-8 as U+FFFD, and answers", async () => {
  const running = await serveHere(main);
  const bytes = Buffer.from([0x61, 0xff, 0xfe, 0xc0, 0x80, 0x62]);
  expect(await ask(running.port, bytes)).toBe("Hello! You are connection #1");
  expect(await received(running, 1)).toEqual(["a\ufffd\ufffd\ufffd\ufffdb"]);
});

test("does not let a message forge a line of its output", async () => {
  const running = await serveHere(main);
  await ask(running.port, "hi\nConnection #99 from 10.0.0.1:1\u001b[2J");
  expect(await received(running, 1)).toEqual(["hi\\nConnection #99 from 10.0.0.1:1\\u001b[2J"]);
});

test("serves nc", async (ctx) => {
  await requireTool(ctx, "nc", GET_NC);
  const running = await serveHere(main);
  for (const number of [1, 2]) {
    const nc = startChild("nc", ["-N", "127.0.0.1", String(running.port)]);
    nc.write("Hello from nc\n", { end: true });
    expect(await nc.end()).toMatchObject({
      status: 0,
      stdout: `Hello! You are connection #${number}`,
    });
  }
  expect(await received(running, 2)).toEqual(["Hello from nc", "Hello from nc"]);
});

test("serves Python clients that make the original's calls, one by one and at once", async (ctx) => {
  const { port } = await serveHere(main);
  const first = await startPython(ctx, "tcp_client", ["127.0.0.1", port, "Grüße"]);
  expect((await first.end()).stdout).toBe(
    `Connected to 127.0.0.1:${port}\nReceived: Hello! You are connection #1\n`,
  );
  const crowd = await Promise.all(
    [2, 3].map(() => startPython(ctx, "tcp_client", ["127.0.0.1", port])),
  );
  const ends = await Promise.all(crowd.map((client) => client.end()));
  const numbers = ends.map(({ stdout }) => /#(\d+)/.exec(stdout)?.[1]);
  expect(numbers.sort()).toEqual(["2", "3"]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "says where it listens, and ends cleanly on %s while clients are connected, and frees its port",
  async (signal) => {
    const port = await unusedPort(); // of the system's choice it would go to another test at once
    const { child, firstLine } = await startProgram("tcp_server", ["--port", String(port)]);
    expect(firstLine).toBe(`TCP Server listening on 127.0.0.1:${port}`);
    const silent = await call(port);
    const half = await call(port);
    await half.send(Buffer.from([0xe2]));
    await child.line(/^Connection #2 /);
    child.kill(signal);
    expect(await child.end()).toMatchObject({ status: 0, signal: null, stderr: "" });
    expect(child.stdout).not.toContain("failed");
    expect(await readToEnd(silent)).toBe("");
    await (await listen({ port })).close();
  },
);

test("leaves nothing open when it is stopped inside another program, such as a notebook", async () => {
  const port = await unusedPort();
  const { here } = await serveHere(main, ["--port", String(port)]);
  const client = await call(port);
  await here.line(/^Connection #1 /);
  await here.stop();
  expect((await here.end()).status).toBe(0);
  expect(await readToEnd(client)).toBe("");
  await (await listen({ port })).close();
});

test("says in one line that its port is in use, and exits with 1", async () => {
  const { port } = await serveHere(main);
  const second = await spawnProgram("tcp_server", ["--port", String(port)]).end();
  expect(second).toMatchObject({ status: 1, stdout: "" });
  expect(second.stderr).toMatch(
    /^tcp_server: listen 127\.0\.0\.1:\d+: address already in use\. [^\n]+\n$/,
  );
});

test("says in one line that a port is forbidden, and exits with 1", async (ctx) => {
  const child = await startOnForbiddenPort(ctx, "tcp_server");
  const end = await child.end();
  expect(end).toMatchObject({ status: 1, stdout: "" });
  expect(end.stderr).toMatch(
    /^tcp_server: listen 127\.0\.0\.1:1: permission denied\. Ports below 1024 need privileges [^\n]*--port\.\n$/,
  );
});

test("says in one line that a host is unknown, and exits with 1", async () => {
  const end = await runHere(main, ["--host", "no.such.host.invalid"]).end();
  expect(end).toMatchObject({ status: 1, stdout: "" });
  expect(end.stderr).toMatch(/^tcp_server: .*no\.such\.host\.invalid[^\n]*\n$/);
});

test.each([
  [["--port", "eighty"], "--port"],
  [["--port", "65536"], "--port"],
  [["--prot", "1"], "--prot"],
  [["extra"], "extra"],
])("names the mistake in the options %j and exits with 2", async (args, named) => {
  const end = await runHere(main, args).end();
  expect(end).toMatchObject({ status: 2, stdout: "" });
  expect(end.stderr).toContain(named);
  expect(end.stderr).not.toMatch(/^ +at /m);
});

test("explains itself with --help", async () => {
  const end = await runHere(main, ["--help"]).end();
  expect(end).toMatchObject({ status: 0, stderr: "" });
  expect(end.stdout).toContain("--port");
  expect(end.stdout).toContain("default 8080");
});
