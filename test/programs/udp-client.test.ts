/** udp_client against servers of every kind, and against none. */
import { expect, onTestFinished, test } from "vitest";
import { main } from "../../dist/udp_client";
import { main as serverMain } from "../../dist/udp_server";
import { unusedPort } from "../../src/lab/unused-port";
import { bind } from "../../src/sockets/udp";
import { startChild } from "../support/child";
import { runHere, serveHere } from "../support/here";
import { spawnProgram } from "../support/program";
import { startPython } from "../support/python";
import { requireTool } from "../support/tools";

const run = (port: number, ...more: string[]) =>
  runHere(main, ["--port", String(port), ...more]).end();

test("prints what the lab shows, three times in a row", async () => {
  const { port } = await serveHere(serverMain);
  const process = spawnProgram("udp_client", ["--port", String(port)]);
  for (const number of [1, 2, 3]) {
    expect(await (number === 1 ? process.end() : run(port))).toMatchObject({
      status: 0,
      stdout: `Sent to 127.0.0.1:${port}\nReceived from 127.0.0.1:${port}: Received! Message #${number}\n`,
      stderr: "",
    });
  }
});

test("sends the message that it is given", async () => {
  const { here, port } = await serveHere(serverMain);
  await run(port, "Grüße aus 東京");
  await here.line(/^Message #1 from \S+: Grüße aus 東京$/);
});

test("finds a server by its name", async () => {
  const { port } = await serveHere(serverMain);
  const { status, stdout } = await run(port, "--host", "localhost");
  // Where localhost is ::1 first, no server is there, which the system reports.
  if (status === 0) expect(stdout).toContain("Received! Message #1");
  expect(stdout).toContain(`Sent to localhost:${port}\n`);
});

test("says what may be wrong when no answer comes, and exits with 1", async () => {
  const silent = await bind({ port: 0 });
  onTestFinished(() => silent.close());
  const { port } = silent.local;
  const args = ["--port", String(port), "--timeout", "100"];
  const { status, stdout, stderr } = await spawnProgram("udp_client", args).end();
  expect({ status, stdout }).toEqual({ status: 1, stdout: `Sent to 127.0.0.1:${port}\n` });
  expect(stderr).toMatch(/^udp_client: no answer from 127\.0\.0\.1:\d+ within 100 ms\. [^\n]+\n$/);
  expect(stderr).toContain("check --host and --port");
});

test("says at once that no server is there, where the system tells, and exits with 1", async () => {
  const gone = await bind({ port: 0 });
  const { port } = gone.local;
  await gone.close();
  const { status, stderr } = await run(port, "--timeout", "3600000");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^udp_client: recvfrom 127\.0\.0\.1:\d+: connection refused\. [^\n]+\n$/);
  expect(stderr).toContain("check --host and --port");
});

test("refuses a message that is too long for a datagram, and exits with 1", async () => {
  const { status, stderr } = await run(9, "x".repeat(65_508));
  expect(status).toBe(1);
  expect(stderr).toMatch(/^udp_client: send 127\.0\.0\.1:9: message too long\. [^\n]+\n$/);
});

test("says that a host is unknown, and exits with 1", async () => {
  const { status, stderr } = await run(9090, "--host", "no.such.host.invalid");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^udp_client: [^\n]*no\.such\.host\.invalid[^\n]*\n$/);
});

test("ends cleanly on Ctrl+C while it waits", async () => {
  const silent = await bind({ port: 0 });
  onTestFinished(() => silent.close());
  const child = spawnProgram("udp_client", ["--port", String(silent.local.port)]);
  await child.line(/^Sent to /);
  child.kill("SIGINT");
  expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
});

test.each([
  [["--port", "0"], "--port"],
  [["--timeout", "0"], "--timeout"],
  [["one", "two"], "two"],
])("names the mistake in the options %j and exits with 2", async (args, named) => {
  const { status, stderr } = await runHere(main, args).end();
  expect(status).toBe(2);
  expect(stderr).toContain(named);
});

test("converses with a Python server that makes the original's calls", async (ctx) => {
  const server = await startPython(ctx, "udp_server");
  const [, port] = await server.line(/^UDP Server listening on 127\.0\.0\.1:(\d+)$/);
  for (const number of [1, 2, 3]) {
    expect((await run(Number(port))).stdout).toContain(`: Received! Message #${number}\n`);
  }
});

test("converses with a person at nc -u -l", async (ctx) => {
  await requireTool(ctx, "nc", "sudo apt-get install netcat-openbsd");
  const port = await unusedPort(); // by TCP, and no test asks UDP for it by number
  const nc = startChild("nc", ["-v", "-n", "-u", "-l", "127.0.0.1", String(port)]);
  await nc.until(() => (/bound|listening/i.test(nc.stderr) ? true : undefined), "that it listens");
  const client = runHere(main, ["--port", String(port)]);
  await nc.until(() => (nc.stdout.includes("Hello from UDP client!") ? true : undefined), "it");
  nc.write("Hello from the keyboard\n");
  expect((await client.end()).stdout).toContain(
    `Received from 127.0.0.1:${port}: Hello from the keyboard\n`,
  );
});
