/** A whole walk through Part 2 and to a copy of Part 6, as a person takes it: 80 by 24, and mostly Enter. */
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { KEYS } from "../../../scripts/terminal/pty";
import { REPOSITORY } from "../commands/support";
import { labFolder } from "../notebook/support/lab-folder";
import { isRunning, linkRepository, openSession, SESSION_TIMEOUT } from "./support/session";

const PART = "notebooks/02-tcp.ipynb";
const CHALLENGE = "notebooks/06-http-server-challenge.ipynb";
const COPY = "practice/06-http-server-challenge.ipynb";

/** As the cell tcp-server has it, and no other. */
const GREETING = "await client.send(`Hello! You are connection #$" + "{number}`)";
const NEW_GREETING = "await client.send(`Welcome, number $" + "{number}`)";

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

/** One cell more: it never ends. */
function withEndlessCell(text: string): string {
  const notebook = JSON.parse(text) as { cells: object[] };
  const source = ['console.log("kernel", process.pid);\n', "await new Promise(() => {});"];
  notebook.cells.push({
    cell_type: "code",
    execution_count: null,
    id: "endless",
    metadata: {},
    outputs: [],
    source,
  });
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

it(
  "goes through Part 2 with Enter, a restart, an edit, its tests and an interrupt, and practises Part 6",
  SESSION_TIMEOUT,
  async (ctx) => {
    const lab = await labFolder();
    await lab.write(PART, withEndlessCell(await readFile(path.join(REPOSITORY, PART), "utf8")));
    await cp(path.join(REPOSITORY, CHALLENGE), lab.path(CHALLENGE));
    await linkRepository(
      lab,
      "src",
      "package.json",
      "vitest.config.ts",
      "test/support/child.ts",
      "test/support/end-of-file.ts",
      "test/support/file-setup.ts",
      "test/support/global-setup.ts",
      "test/support/program.ts",
      "test/support/speaker.ts",
    );
    await lab.write("test/programs/tcp-server.test.ts", PROGRAM_TEST);
    const original = await lab.read(PART);

    const session = await openSession(ctx, lab, { env: { EDITOR } });
    // The contents page.
    await session.see(/2 {2}TCP .* criteria 0\/2 .* 0\/31/);
    await session.see(/You can write a TCP server that serves many clients/);
    await session.pressAndSee("2", /▶ 1\/31 imports/);

    // Enter alone, as far as the first conversation.
    await session.enterUntil(/▶ 5\/31 serve-in-turn/);
    expect(session.screen.text).toContain("and then: 0 bytes");

    // A restart: what ran is gone, until all above has run again.
    await session.pressAndSee("R", /The kernel starts anew/);
    await session.see(/kernel ready/);
    await session.enterUntil(/Cannot find name 'TcpServer'/);
    await session.see(/✗ notebooks\/02-tcp\.ipynb#serve-in-turn:4:/);
    await session.see(/4 cells above have not run in this kernel: a runs them/);
    await session.pressAndSee("a", /Ran 4 cells/);

    // On to the drawing, and to the server's program.
    await session.enterUntil(/┃◄─+ connect ─+│/);
    await session.pressAndSee(
      "o",
      /no browser here\. The file is \.lab\/outputs\/02-tcp\/flow-diagram\.svg/,
    );
    expect(await lab.read(".lab/outputs/02-tcp/flow-diagram.svg")).toMatch(/^<svg/);
    await session.enterUntil(/▶ 18\/31 tcp-server/);

    // An edit: greet differently.
    await session.pressAndSee("e", /Saved in notebooks\/02-tcp\.ipynb\. u undoes it/);
    await session.see(/tcp-server ─+ edited/);
    const edited = await lab.read(PART);
    expect(edited).toBe(original.replace(GREETING, NEW_GREETING));
    await session.enterUntil(/Received: Welcome, number 1/);
    await session.enterUntil(/▶ 31\/31 endless/);

    // The program that a cell becomes, run in this terminal.
    await session.pressAndSee("p", /dist\/line_client\.ts +notebooks\/02-tcp\.ipynb#line-client/);
    await session.pressAndSee(KEYS.enter, /\$ node dist\/line_client\.mjs/);
    await session.pressAndSee(
      `--help${KEYS.enter}`,
      /Sends lines to a server that answers each[\s\S]*Press a key to go back/,
    );
    await session.pressAndSee(" ", /line_client\.mjs ended with exit status 0\./);
    await session.pressAndSee(KEYS.esc, /▶ 31\/31 endless/);

    // The part's tests: one objects, and the cell is named.
    await session.pressAndSee("t", /✗ 1 objection, 1 passed/);
    await session.see(
      /✗ tcp_server {2}notebooks\/02-tcp\.ipynb#tcp-server\n {4}test\/programs\/tcp-server\.test\.ts/,
    );
    await session.see(/✗ greets its clients as the lab promises/);
    await session.see(/expected 'Welcome, number 1' to be 'Hello! You are/);
    await session.pressAndSee(KEYS.esc, /▶ 31\/31 endless/);

    // A cell that never ends.
    await session.runAndSee(/kernel \d+\n/);
    const pid = /kernel (\d+)\n/.exec(session.screen.text)?.[1];
    await session.see(/[⠋-⠿] running \d/);
    await session.pressAndSee(KEYS.controlC, /✗ notebooks\/02-tcp\.ipynb#endless/);
    await session.idle();

    // At the end of a part the next one is at hand: a copy of it is made to practise in, and checked.
    await session.pressAndSee("c", /2 {2}TCP +1 edited · tests ✗ · criteria 0\/2 .* 30\/31/);
    await session.see(/▶ 6 {2}Challenge, an HTTP server +criteria 0\/1/);
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

    // Part 2 is as it was left.
    await session.pressAndSee("c", /▶ 6 {2}Challenge, an HTTP server +yours 0\/14 · criteria 0\/1/);
    await session.pressAndSee("2", /▶ 31\/31 endless/);
    session.press("q");
    await session.over(0);
    const { parts, last } = JSON.parse(await lab.read(".lab/progress.json"));
    expect([last, Object.keys(parts[PART].ran).length]).toEqual([PART, 30]);
    expect(parts[PART]).toMatchObject({
      at: "endless",
      edits: [{ cell: "tcp-server" }],
      tests: { passed: 1, failed: 1 },
    });
    expect(isRunning(Number(pid))).toBe(false);
  },
);
