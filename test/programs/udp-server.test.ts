/** udp_server as its users meet it: a process on a port, and clients of every kind. */
import { expect, onTestFinished, test } from "vitest";
import { AnswerLimit } from "../../dist/answer_limit";
import { main, serve } from "../../dist/udp_server";
import { unusedPort } from "../../src/lab/unused-port";
import { bind, type UdpSocket } from "../../src/sockets/udp";
import { startChild } from "../support/child";
import { runHere, serveHere } from "../support/here";
import { spawnProgram, startProgram } from "../support/program";
import { startPython } from "../support/python";
import { requireTool } from "../support/tools";
import { startOnForbiddenPort } from "./forbidden-port";

const HOST = "127.0.0.1";
const ANSWER_MAX_MS = 10_000;

async function open(): Promise<UdpSocket> {
  const socket = await bind({ port: 0 });
  onTestFinished(() => socket.close());
  return socket;
}

/** One question and its answer. On loopback nothing is lost while so little is under way. */
async function ask(port: number, message: string | Uint8Array, from?: UdpSocket): Promise<string> {
  const client = from ?? (await open());
  await client.sendto(message, { host: HOST, port });
  return String((await client.recvfrom(1024, { timeout: ANSWER_MAX_MS })).data);
}

test("prints every message with its number and sender, as the lab shows it", async () => {
  const { here, port } = await serveHere(main);
  const client = await open();
  expect(await ask(port, "Hello from UDP client!", client)).toBe("Received! Message #1");
  expect(here.stdout.split("\n")[1]).toBe(
    `Message #1 from 127.0.0.1:${client.local.port}: Hello from UDP client!`,
  );
});

test("counts one message after the other, from one client and from many", async () => {
  const { port } = await serveHere(main);
  const regular = await open();
  for (let number = 1; number <= 100; number += 1) {
    const client = number % 2 === 0 ? regular : undefined;
    expect(await ask(port, "Hello", client)).toBe(`Received! Message #${number}`);
  }
});

test("gives each of 100 clients that ask at once a number of its own", async () => {
  const { port } = await serveHere(main);
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(port, `${i}`)));
  const numbers = answers.map((answer) => Number(/^Received! Message #(\d+)$/.exec(answer)?.[1]));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
});

test("goes on when a client asks and is gone before the answer", async () => {
  const { port } = await serveHere(main);
  const leaving = await open();
  await leaving.sendto("Bye", { host: HOST, port });
  await leaving.close();
  expect(await ask(port, "Still there?")).toBe("Received! Message #2");
});

test("answers an empty datagram", async () => {
  const { here, port } = await serveHere(main);
  expect(await ask(port, "")).toBe("Received! Message #1");
  await here.line(/^Message #1 from 127\.0\.0\.1:\d+: $/);
});

test("takes the longest datagram there is, shows its first 1024 bytes and counts the rest", async () => {
  const { here, port } = await serveHere(main);
  expect(await ask(port, "x".repeat(65_507))).toBe("Received! Message #1");
  await here.line(/^Message #1 from \S+: x{1024}$/);
  await here.line(/^Message #1 had 64483 more bytes$/);
});

test("does not show half a character where it cuts a long message", async () => {
  const { here, port } = await serveHere(main);
  await ask(port, `${"x".repeat(1022)}€`);
  await here.line(/: x{1022}$/);
});

test("shows bytes that are not UTF-8 as U+FFFD, and answers", async () => {
  const { here, port } = await serveHere(main);
  expect(await ask(port, Buffer.from([0x61, 0xff, 0xe2, 0x82]))).toBe("Received! Message #1");
  await here.line(/: a\ufffd\ufffd$/);
});

test("does not let a message forge a line of its output", async () => {
  const { here, port } = await serveHere(main);
  await ask(port, "hi\nMessage #99 from 10.0.0.1:1: \u001b[2J");
  await here.line(/: hi\\nMessage #99 from 10\.0\.0\.1:1: \\u001b\[2J$/);
});

test("goes on after an answer that cannot be sent", async () => {
  const socket = await bind({ port: 0 });
  const lines: string[] = [];
  const send = socket.sendto.bind(socket);
  let fail = true;
  socket.sendto = async (data, to) => {
    if (!fail) return send(data, to);
    fail = false;
    return send(data, { host: "no.such.host.invalid", port: to.port });
  };
  const serving = serve(socket, (line: string) => lines.push(line));
  const client = await open();
  await client.sendto("Hello", socket.local);
  await expect(client.recvfrom(1024, { timeout: 5 })).rejects.toMatchObject({ code: "TIMED_OUT" });
  expect(await ask(socket.local.port, "And now?", client)).toBe("Received! Message #2");
  await socket.close();
  await serving;
  expect(lines[1]).toMatch(/^Message #1 not answered: .*no\.such\.host\.invalid/);
});

test("answers no answer: one forged datagram starts no loop between two servers", async () => {
  const [one, two] = [await open(), await open()];
  const lines: string[] = [];
  const serving = [one, two].map((socket) => serve(socket, (line: string) => lines.push(line)));
  await one.sendto("Hello", two.local); // it bears the address of the first server
  await expect.poll(() => lines.at(-1)).toBe("Message #1 is an answer, and gets none");
  for (const socket of [one, two]) await socket.close();
  await Promise.all(serving);
  expect(lines).toEqual([
    `Message #1 from 127.0.0.1:${one.local.port}: Hello`,
    `Message #1 from 127.0.0.1:${two.local.port}: Received! Message #1`,
    "Message #1 is an answer, and gets none",
  ]);
});

test("answers one address so many times in a second and no more, and the next second again", () => {
  const limit = new AnswerLimit(3);
  const times = (host: string, now: number) =>
    Array.from({ length: 5 }, () => limit.allows(host, now)).filter(Boolean).length;
  expect([times("192.0.2.1", 5_000), times("192.0.2.2", 5_999)]).toEqual([3, 3]);
  expect(times("192.0.2.1", 5_999)).toBe(0);
  expect(times("192.0.2.1", 6_000)).toBe(3);
});

test("answers no more addresses in a second than it can remember", () => {
  const limit = new AnswerLimit(1);
  for (let i = 0; i < 10_000; i += 1) expect(limit.allows(`host ${i}`, 0)).toBe(true);
  expect(limit.allows("one more", 0)).toBe(false);
  expect(limit.allows("one more", 1_000)).toBe(true);
});

test("serves nc", async (ctx) => {
  await requireTool(ctx, "nc", "sudo apt-get install netcat-openbsd");
  const { port } = await serveHere(main);
  const nc = startChild("nc", ["-u", HOST, String(port)]);
  nc.write("Hello from nc\n");
  const answered = (text: string) => nc.until(() => (nc.stdout === text ? true : undefined), text);
  await answered("Received! Message #1");
  nc.write("Again\n");
  await answered("Received! Message #1Received! Message #2");
});

test("serves Python clients that make the original's calls", async (ctx) => {
  const { here, port } = await serveHere(main);
  for (const number of [1, 2]) {
    const client = await startPython(ctx, "udp_client", [HOST, port, "Grüße"]);
    expect((await client.end()).stdout).toBe(
      `Sent to 127.0.0.1:${port}\n` +
        `Received from ('127.0.0.1', ${port}): Received! Message #${number}\n`,
    );
  }
  await here.line(/^Message #2 from 127\.0\.0\.1:\d+: Grüße$/);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "says where it listens, and ends cleanly on %s, and frees its port",
  async (signal) => {
    const port = await unusedPort(); // of the system's choice it would go to another test at once
    const { child, firstLine } = await startProgram("udp_server", ["--port", String(port)]);
    expect(firstLine).toBe(`UDP Server listening on 127.0.0.1:${port}`);
    await ask(port, "Hello");
    child.kill(signal);
    expect(await child.end()).toMatchObject({ status: 0, signal: null, stderr: "" });
    await (await bind({ port })).close();
  },
);

test("leaves nothing open when it is stopped inside another program, such as a notebook", async () => {
  const port = await unusedPort();
  const { here } = await serveHere(main, ["--port", String(port)]);
  expect(await ask(port, "Hello")).toBe("Received! Message #1");
  await here.stop();
  expect((await here.end()).status).toBe(0);
  await (await bind({ port })).close();
});

test("says in one line that its port is in use, and exits with 1", async () => {
  const { port } = await serveHere(main);
  const second = await spawnProgram("udp_server", ["--port", String(port)]).end();
  expect(second).toMatchObject({ status: 1, stdout: "" });
  expect(second.stderr).toMatch(
    /^udp_server: bind 127\.0\.0\.1:\d+: address already in use\. [^\n]+\n$/,
  );
});

test("says in one line that a port is forbidden, and exits with 1", async (ctx) => {
  const child = await startOnForbiddenPort(ctx, "udp_server");
  const end = await child.end();
  expect(end).toMatchObject({ status: 1, stdout: "" });
  expect(end.stderr).toMatch(/^udp_server: bind 127\.0\.0\.1:1: permission denied\. [^\n]+\n$/);
});

test.each([
  [["--port", "-1"], "--port"],
  [["--port", "9090.5"], "--port"],
  [["--verbose"], "--verbose"],
])("names the mistake in the options %j and exits with 2", async (args, named) => {
  const end = await runHere(main, args).end();
  expect(end).toMatchObject({ status: 2, stdout: "" });
  expect(end.stderr).toContain(named);
});

test("explains itself with --help", async () => {
  const end = await runHere(main, ["--help"]).end();
  expect(end).toMatchObject({ status: 0, stderr: "" });
  expect(end.stdout).toContain("default 9090");
});
