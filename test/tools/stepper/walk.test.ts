/** Walks through parts, as a person takes them: 80 by 24, and mostly Enter. */
import { cp } from "node:fs/promises";
import path from "node:path";
import { expect, it, type TestContext } from "vitest";
import { KEYS } from "../../../scripts/terminal/pty";
import { REPOSITORY } from "../commands/support";
import { type LabFolder, labFolder } from "../notebook/support/lab-folder";
import {
  isRunning,
  linkRepository,
  openSession,
  SESSION_TIMEOUT,
  type Session,
} from "./support/session";

const PART = "notebooks/02-tcp.ipynb";
const CHALLENGE = "notebooks/06-http-server-challenge.ipynb";
const COPY = "practice/06-http-server-challenge.ipynb";

const CELLS = `%% md title
# Part 2: TCP

You can write a TCP server.

**Criteria covered:** write a TCP server; write a TCP client.
%% code imports
import { connect, listen, type TcpServer } from "./src/sockets/tcp";
import { display } from "tslab";
%% code server
const server = await listen({ port: 0 });
%% md question
How many bytes come after the last one?
%% code serve
async function serveOne(server: TcpServer): Promise<void> {
  const client = await server.accept();
  client.close();
}
const served = serveOne(server);
const visitor = await connect({ port: server.local.port });
console.log("and then:", (await visitor.recv(10)).length, "bytes");
await served;
await server.close();
%% code drawing
display.raw("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>");
%% code tcp-server
/** @module tcp_server */
import { listen } from "./src/sockets/tcp";
import { program } from "./src/program/program";
export const greeting = (number: number): string => "Hello! You are connection #" + number;
export const main = program({
  name: "tcp_server",
  about: "Greets each client.",
  port: 8080,
  async run({ host, port, signal, print }) {
    const server = await listen({ host, port, signal });
    print("TCP Server listening on " + host + ":" + server.local.port);
    let number = 0;
    for await (const client of server) {
      await client.recv(1024);
      await client.send(greeting(++number));
      client.close();
    }
  },
});
%% code greet
import { greeting } from "./tcp_server";
console.log("Received:", greeting(1));
%% code endless
console.log("kernel", process.pid);
await new Promise(() => {});
`;
const GREETING = "Hello! You are connection #";
const NEW_GREETING = "Welcome, number ";

/** In the challenge, what stands for the first statement that throws a TODO. */
const FIRST_STEP = "for await (const client of server) await client.close();";
const EDITOR = [
  "sed -i",
  "-e 's/Hello! You are connection #/Welcome, number /'",
  `-e '0,/throw new Error/s/throw new Error.*/${FIRST_STEP}/'`,
].join(" ");

const PROGRAM_TEST = `import { connect as netConnect } from "node:net";
import { expect, test } from "vitest";
import { startProgram } from "../support/program";

test("greets its clients as the lab promises", async () => {
  const { port } = await startProgram("tcp_server");
  const client = netConnect(port);
  client.end("hi");
  let said = "";
  for await (const piece of client) said += piece;
  expect(said).toBe("Hello! You are connection #1");
});
test("says where it listens", async () => {
  expect((await startProgram("tcp_server")).firstLine).toMatch(/^TCP Server listening on /);
});
`;

/** A lab with this part, the challenge, and what a test of a program needs. */
async function walkLab(): Promise<LabFolder> {
  const lab = await labFolder({ "02-tcp": CELLS });
  await cp(path.join(REPOSITORY, CHALLENGE), lab.path(CHALLENGE));
  await linkRepository(
    lab,
    "src",
    "package.json",
    "tsconfig.json",
    "vitest.config.ts",
    "test/support/child.ts",
    "test/support/end-of-file.ts",
    "test/support/file-setup.ts",
    "test/support/global-setup.ts",
    "test/support/program.ts",
    "test/support/speaker.ts",
  );
  await lab.write("test/programs/tcp-server.test.ts", PROGRAM_TEST);
  return lab;
}

async function openPart(ctx: TestContext, lab: LabFolder): Promise<Session> {
  const session = await openSession(ctx, lab, { env: { EDITOR } });
  await session.see(/2 {2}TCP .* criteria 0\/2 .* 0\/7/);
  await session.pressAndSee("2", /▶ 1\/7 imports/);
  return session;
}

it(
  "runs cells with Enter, and after a restart those that are missing",
  SESSION_TIMEOUT,
  async (ctx) => {
    const lab = await walkLab();
    const session = await openPart(ctx, lab);
    await session.enterUntil(/▶ 4\/7 drawing/);
    expect(session.screen.text).toContain("and then: 0 bytes");
    await session.jumpTo("serve");
    await session.pressAndSee("R", /The kernel starts anew/);
    await session.see(/kernel ready/);
    await session.enterUntil(/Cannot find name 'TcpServer'/);
    await session.see(/✗ notebooks\/02-tcp\.ipynb#serve:1:/);
    await session.see(/2 cells above have not run in this kernel: a runs them/);
    await session.pressAndSee("a", /Ran 2 cells/);
    await session.enterUntil(/▶ 4\/7 drawing/);
    await session.enterUntil(/◇ a drawing · o opens it in the browser/);
    await session.pressAndSee(
      "o",
      /no browser here\. The file is \.lab\/outputs\/02-tcp\/drawing\.svg/,
    );
    expect(await lab.read(".lab/outputs/02-tcp/drawing.svg")).toMatch(/^<svg/);
  },
);

it("edits a cell, runs the program that it becomes, and tests it", SESSION_TIMEOUT, async (ctx) => {
  const lab = await walkLab();
  const original = await lab.read(PART);
  const session = await openPart(ctx, lab);
  await session.jumpTo("tcp-server");
  await session.pressAndSee("e", /Saved in notebooks\/02-tcp\.ipynb\. u undoes it/);
  await session.see(/tcp-server ─+ edited/);
  expect(await lab.read(PART)).toBe(original.replace(GREETING, NEW_GREETING));
  await session.enterUntil(/▶ 6\/7 greet/);
  await session.enterUntil(/Received: Welcome, number 1/);

  // The program that a cell becomes, run in this terminal.
  await session.pressAndSee("p", /dist\/tcp_server\.ts +notebooks\/02-tcp\.ipynb#tcp-server/);
  await session.pressAndSee(KEYS.enter, /\$ node dist\/tcp_server\.mjs/);
  await session.pressAndSee(
    `--help${KEYS.enter}`,
    /Greets each client[\s\S]*Press a key to go back/,
  );
  await session.pressAndSee(" ", /tcp_server\.mjs ended with exit status 0\./);
  await session.pressAndSee(KEYS.esc, /▶ 7\/7 endless/);

  // The part's tests: one fails, and the cell is named.
  await session.pressAndSee("t", /✗ 1 failed, 1 passed/);
  await session.see(
    /✗ tcp_server {2}notebooks\/02-tcp\.ipynb#tcp-server\n {4}test\/programs\/tcp-server\.test\.ts/,
  );
  await session.see(/✗ greets its clients as the lab promises/);
  await session.see(/expected 'Welcome, number 1' to be 'Hello! You are/);
  await session.pressAndSee(KEYS.esc, /▶ 7\/7 endless/);
  session.press("q");
  await session.over(0);
  const { parts, last } = JSON.parse(await lab.read(".lab/progress.json"));
  expect(last).toBe(PART);
  expect(parts[PART]).toMatchObject({
    at: "endless",
    edits: [{ cell: "tcp-server" }],
    tests: { passed: 1, failed: 1 },
  });
});

it(
  "interrupts a cell that never ends, and has the next part at hand",
  SESSION_TIMEOUT,
  async (ctx) => {
    const lab = await walkLab();
    const session = await openPart(ctx, lab);
    await session.jumpTo("endless");
    await session.runAndSee(/kernel \d+\n/);
    const pid = /kernel (\d+)\n/.exec(session.screen.text)?.[1];
    await session.see(/[⠋-⠿] running \d/);
    await session.pressAndSee(KEYS.controlC, /✗ notebooks\/02-tcp\.ipynb#endless/);
    await session.idle();
    await session.pressAndSee("c", /▶ 6 {2}Challenge, an HTTP server +criteria 0\/1/);
    await session.pressAndSee("2", /▶ 7\/7 endless/);
    session.press("q");
    await session.over(0);
    expect(isRunning(Number(pid))).toBe(false);
  },
);

it(
  "practises Part 6 in a copy: checks it, edits it, runs its program",
  SESSION_TIMEOUT,
  async (ctx) => {
    const lab = await walkLab();
    const session = await openSession(ctx, lab, { env: { EDITOR }, rows: 50 });
    await session.see(/2 {2}TCP/);
    await session.pressAndSee(KEYS.down, /▶ 6 {2}Challenge, an HTTP server +criteria 0\/1/);
    await session.pressAndSee("y", /t check|Enter read on/);
    expect(await lab.read(COPY)).toContain("TODO: ");
    await session.pressAndSee(
      "t",
      /✗ accepts a client, and is there for the next one[\s\S]*0 of 14 steps passed/,
    );
    await session.see(/Enter go to http-server/);
    await session.pressAndSee("h", /A nudge: Begin at the end/);
    await session.see(/Enter go to http-server/);
    await session.pressAndSee(KEYS.enter, /▶ \d+\/\d+ http-server/);
    await session.pressAndSee("e", new RegExp(`Saved in ${COPY}\\. u undoes it`));
    expect(await lab.read(COPY)).toContain(FIRST_STEP);

    // It is a program too, as it is now.
    await session.pressAndSee("p", /dist\/practice\/http_serv.* practice\/06\S*#http-server/);
    await session.pressAndSee(KEYS.enter, /\$ node dist\/practice\/http_server\.mjs/);
    await session.pressAndSee(
      `--help${KEYS.enter}`,
      /Shows each client its own request[\s\S]*Press a key to go back/,
    );
    await session.pressAndSee(" ", /http_server\.mjs ended with exit status 0\./);
    await session.pressAndSee(KEYS.esc, /▶ \d+\/\d+ http-server/);
    await session.pressAndSee("c", /▶ 6 {2}Challenge, an HTTP server +yours 0\/14 · criteria 0\/1/);
    session.press("q");
    await session.over(0);
  },
);
