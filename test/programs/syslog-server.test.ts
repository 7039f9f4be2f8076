/** syslog_message and syslog_server: RFC 5424, RFC 3164, nonsense, and a real logger. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "../../dist/syslog_message";
import { main, serve } from "../../dist/syslog_server";
import { bind } from "../../src/sockets/udp";
import { serveHere } from "../support/here";
import { spawnProgram, startProgram } from "../support/program";
import { requireTool } from "../support/tools";
import { startOnForbiddenPort } from "./forbidden-port";

const run = promisify(execFile);

async function send({ port }: { port: number }, message: string | Uint8Array): Promise<void> {
  const socket = await bind({ port: 0 });
  onTestFinished(() => socket.close());
  await socket.sendto(message, { host: "127.0.0.1", port });
}

// The first four are the examples of RFC 5424, section 6.5; BOM marks UTF-8 there.
test.each([
  [
    "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed for lonvick on /dev/pts/8",
    {
      facility: "auth",
      severity: "crit",
      time: "2003-10-11T22:14:15.003Z",
      host: "mymachine.example.com",
      app: "su",
      msgid: "ID47",
      text: "'su root' failed for lonvick on /dev/pts/8",
    },
  ],
  [
    "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
    {
      facility: "local4",
      severity: "notice",
      time: "2003-08-24T05:14:15.000003-07:00",
      host: "192.0.2.1",
      app: "myproc",
      procid: "8710",
      text: "%% It's time to make the do-nuts.",
    },
  ],
  [
    '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] \uFEFFAn application event log entry...',
    {
      facility: "local4",
      severity: "notice",
      time: "2003-10-11T22:14:15.003Z",
      host: "mymachine.example.com",
      app: "evntslog",
      msgid: "ID47",
      data: '[exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"]',
      text: "An application event log entry...",
    },
  ],
  [
    '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]',
    {
      facility: "local4",
      severity: "notice",
      time: "2003-10-11T22:14:15.003Z",
      host: "mymachine.example.com",
      app: "evntslog",
      msgid: "ID47",
      data: '[exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]',
    },
  ],
  ["<0>1 - - - - - -", { facility: "kern", severity: "emerg" }],
  ["<191>1 - - - - - - -", { facility: "local7", severity: "debug", text: "-" }],
  [
    String.raw`<13>1 - - - - - [a b="\"\]\\"] x`,
    { facility: "user", severity: "notice", data: String.raw`[a b="\"\]\\"]`, text: "x" },
  ],
  ["<13>1 - - - - - - two\nlines", { facility: "user", severity: "notice", text: "two\nlines" }],
])("reads RFC 5424: %s", (message, fields) => {
  expect(parse(message)).toEqual(fields);
});

// The first is the example of RFC 3164, section 5.4.
test.each([
  [
    "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
    { host: "mymachine", app: "su", text: "'su root' failed for lonvick on /dev/pts/8" },
  ],
  ["<34>Jan  5 08:30:00 gw su[230]: no", { host: "gw", app: "su", procid: "230", text: "no" }],
  ["<34>Jan  5 08:30:00 gw kernel: ", { host: "gw", app: "kernel", text: "" }],
])("reads RFC 3164: %s", (message, fields) => {
  expect(parse(message)).toMatchObject({ facility: "auth", severity: "crit", ...fields });
});

test.each([
  ["", "no priority"],
  ["hello?", "no priority"],
  ["<192>1 - - - - - -", "no priority"],
  ["<007>1 - - - - - -", "no priority"],
  ["<-1>1 - - - - - -", "no priority"],
  ["<1e1>1 - - - - - -", "no priority"],
  ["<13>", "neither"],
  ["<13>2 - - - - - -", "neither"],
  ["<13>1 yesterday - - - - -", "neither"],
  ["<13>1 - - - - -", "neither"],
  ['<13>1 - - - - - [a b="c]', "neither"],
  ["<13>1 - - - - - [a b=c]", "neither"],
  [`<13>1 - ${"h".repeat(256)} - - - -`, "neither"],
])("reports %j as malformed", (message, why) => {
  expect(() => parse(message)).toThrow(why);
});

test("is not slowed down by a datagram made to make it search", () => {
  // Every one of these is answered at once or, with a pattern that backtracks, never.
  const name = 'a b="'.repeat(13_000);
  expect(() => parse(`<13>1 - - - - - [${name}`)).toThrow("neither");
  expect(() => parse(`<13>1 - - - - - ${"[a]".repeat(20_000)}(`)).toThrow("neither");
  expect(() => parse(`<13>1 - - - - - [a${' b="\\\\"'.repeat(9_000)}`)).toThrow("neither");
});

test("prints a line of key=value pairs for each message", async () => {
  const running = await serveHere(main);
  await send(running, "<13>1 2026-01-05T08:30:00Z printer7 lpd 4711 - - paper jam\n");
  await running.here.line(
    /^127\.0\.0\.1:\d+ facility=user severity=notice time=2026-01-05T08:30:00Z host=printer7 app=lpd procid=4711 text="paper jam"$/,
  );
});

test("reports malformed messages and goes on", async () => {
  const running = await serveHere(main);
  await send(running, "");
  await running.here.line(/^127\.0\.0\.1:\d+ malformed \(no priority <0> to <191>\): ""$/);
  await send(running, Buffer.from([0xff, 0x00, 0x1b, 0x9b]));
  await running.here.line(/malformed \(no priority <0> to <191>\): "\ufffd\\u0000\\u001b\ufffd"$/);
  await send(running, `<13>${"x".repeat(60_000)}`);
  await running.here.line(/malformed \(neither RFC 5424 nor RFC 3164\): "<13>x{76}"$/);
  await send(running, "<13>1 - - - - - - fine again");
  await running.here.line(/text="fine again"$/);
});

test("does not let a message pass for two lines or forge a field", async () => {
  const running = await serveHere(main);
  await send(running, '<13>1 - - - - - - a"\n10.0.0.1:1 facility=kern\u2028\u009b2J');
  await running.here.line(
    /^127\.0\.0\.1:\d+ facility=user severity=notice text="a\\"\\n10\.0\.0\.1:1 facility=kern\\u2028\\u009b2J"$/,
  );
});

for (const [format, time] of [
  ["--rfc5424", String.raw`time=\d{4}-\S+`],
  ["--rfc3164", String.raw`time="\w{3} .{11}"`],
] as const) {
  test(`takes messages from a real logger with ${format}`, async (ctx) => {
    await requireTool(ctx, "logger", "sudo apt-get install bsdutils");
    const running = await serveHere(main);
    const where = ["--udp", "--server", "127.0.0.1", "--port", String(running.port), format];
    const what = ["--tag", "lab", "--priority", "local0.err", "disk almost full"];
    await run("logger", [...where, ...what]);
    await running.here.line(
      new RegExp(
        `facility=local0 severity=err ${time} host=\\S+ app=lab .*text="disk almost full"$`,
      ),
    );
  });
}

test("holds a flood back while its lines cannot be written, and says how many messages were lost", async () => {
  const server = await bind({ port: 0 });
  const sender = await bind({ port: 0 });
  onTestFinished(() => sender.close());
  const lines: string[] = [];
  let write = () => {};
  const written = new Promise<void>((resolve) => {
    write = resolve;
  });
  const serving = serve(
    server,
    (line: string) => lines.push(line),
    () => written,
  );
  while (server.dropped === 0) {
    await sender.sendto("x".repeat(8_000), server.local);
    await new Promise(setImmediate); // sending alone lets nothing arrive
  }
  expect(lines).toHaveLength(1); // the rest waits in the socket's queue, which is full
  const waiting = server.waiting;
  write();
  await expect.poll(() => lines.length).toBeGreaterThanOrEqual(waiting + 2);
  expect(lines[1]).toMatch(/^\d+ messages were dropped$/);
  await server.close();
  await serving;
});

test("says where it listens, ends cleanly on SIGTERM, and says in one line that its port is in use", async () => {
  const { child, firstLine, port } = await startProgram("syslog_server");
  expect(firstLine).toBe(`Syslog Server listening on 127.0.0.1:${port}`);
  const second = await spawnProgram("syslog_server", ["--port", String(port)]).end();
  expect(second.status).toBe(1);
  expect(second.stderr).toMatch(/^syslog_server: bind [^\n]*address already in use[^\n]*\n$/);
  child.kill("SIGTERM");
  expect(await child.end()).toMatchObject({ status: 0, stderr: "" });
});

test("says in one line that a port is forbidden, such as syslog's own", async (ctx) => {
  const end = await (await startOnForbiddenPort(ctx, "syslog_server")).end();
  expect(end.status).toBe(1);
  expect(end.stderr).toMatch(/^syslog_server: bind [^\n]*permission denied[^\n]*\n$/);
});
