/** A whole walk through Part 2 and to a copy of Part 6, as a person takes it: 80 by 24, and mostly Enter. */
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { KEYS } from "../../scripts/terminal/pty";
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
  "goes through Part 2 with Enter, a restart, an edit, its tests and an interrupt, practises Part 6, and comes back to its place",
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
      "test/support/kernel-setup.ts",
      "test/support/program.ts",
    );
    await lab.write("test/programs/tcp-server.test.ts", PROGRAM_TEST);
    const original = await lab.read(PART);

    const first = await openSession(ctx, lab, { env: { EDITOR } });
    // The contents page.
    await first.see(/2 {2}TCP .* criteria 0\/2 .* 0\/31/);
    await first.see(/You can write a TCP server that serves many clients/);
    await first.pressAndSee("2", /▶ 1\/31 imports/);

    // Enter alone, as far as the first conversation.
    await first.enterUntil(/▶ 5\/31 serve-in-turn/);
    expect(first.screen.text).toContain("and then: 0 bytes");

    // A restart: what ran is gone, until all above has run again.
    await first.pressAndSee("R", /The kernel starts anew/);
    await first.see(/kernel ready/);
    await first.enterUntil(/Cannot find name 'TcpServer'/);
    await first.see(/✗ notebooks\/02-tcp\.ipynb#serve-in-turn:4:/);
    await first.see(/4 cells above have not run in this kernel: a runs them/);
    await first.pressAndSee("a", /Ran 4 cells/);

    // On to the drawing, and to the server's program.
    await first.enterUntil(/┃◄─+ connect ─+│/);
    await first.pressAndSee(
      "o",
      /no browser here\. The file is \.lab\/outputs\/02-tcp\/flow-diagram\.svg/,
    );
    expect(await lab.read(".lab/outputs/02-tcp/flow-diagram.svg")).toMatch(/^<svg/);
    await first.enterUntil(/▶ 18\/31 tcp-server/);

    // An edit: greet differently.
    await first.pressAndSee("e", /Saved in notebooks\/02-tcp\.ipynb\. u undoes it/);
    await first.see(/tcp-server ─+ edited/);
    const edited = await lab.read(PART);
    expect(edited).toBe(original.replace(GREETING, NEW_GREETING));
    await first.enterUntil(/Received: Welcome, number 1/);
    await first.enterUntil(/▶ 31\/31 endless/);

    // The program that a cell becomes, run in this terminal.
    await first.pressAndSee("p", /dist\/line_client\.ts +notebooks\/02-tcp\.ipynb#line-client/);
    await first.pressAndSee(KEYS.enter, /\$ node dist\/line_client\.mjs/);
    await first.pressAndSee(
      `--help${KEYS.enter}`,
      /Sends lines to a server that answers each[\s\S]*Press a key to go back/,
    );
    await first.pressAndSee(" ", /line_client\.mjs ended with exit status 0\./);
    await first.pressAndSee(KEYS.esc, /▶ 31\/31 endless/);

    // The part's tests: one objects, and the cell is named.
    await first.pressAndSee("t", /✗ 1 objection, 1 passed/);
    await first.see(
      /✗ tcp_server {2}notebooks\/02-tcp\.ipynb#tcp-server\n {4}test\/programs\/tcp-server\.test\.ts/,
    );
    await first.see(/✗ greets its clients as the lab promises/);
    await first.see(/expected 'Welcome, number 1' to be 'Hello! You are/);
    await first.pressAndSee(KEYS.esc, /▶ 31\/31 endless/);

    // A cell that never ends.
    await first.runAndSee(/kernel \d+\n/);
    const pid = /kernel (\d+)\n/.exec(first.screen.text)?.[1];
    await first.see(/[⠋-⠿] running \d/);
    await first.pressAndSee(KEYS.controlC, /✗ notebooks\/02-tcp\.ipynb#endless/);
    await first.idle();

    // At the end of a part the next one is at hand: a copy of it is made to practise in, and checked.
    await first.pressAndSee("c", /2 {2}TCP +1 edited · tests ✗ · criteria 0\/2 .* 30\/31/);
    await first.see(/▶ 6 {2}Challenge, an HTTP server +criteria 0\/1/);
    await first.pressAndSee("y", /t check|Enter read on/);
    expect(await lab.read(COPY)).toContain("TODO: ");
    await first.pressAndSee(
      "t",
      /✗ accepts a client, and is there for the next one[\s\S]*0 of 14 steps passed/,
    );
    await first.see(/Enter go to http-server/);
    await first.pressAndSee("h", /A nudge: Begin at the end/);
    await first.pressAndSee(KEYS.enter, /▶ \d+\/\d+ http-server/);
    await first.pressAndSee("e", new RegExp(`Saved in ${COPY}\\. u undoes it`));
    expect(await lab.read(COPY)).toContain(FIRST_STEP);
    first.press("q");
    await first.over(0);
    expect(isRunning(Number(pid))).toBe(false);

    // The copy opens by its name, at its place, and is a program too.
    const second = await openSession(ctx, lab, { args: "practice/06", columns: 100 });
    await second.see(/▶ \d+\/\d+ http-server/);
    await second.pressAndSee("p", /dist\/practice\/http_server\.ts +practice\/06\S*#http-server/);
    await second.pressAndSee(KEYS.enter, /\$ node dist\/practice\/http_server\.mjs/);
    await second.pressAndSee(
      `--help${KEYS.enter}`,
      /Shows each client its own request[\s\S]*Press a key to go back/,
    );
    await second.pressAndSee(" ", /http_server\.mjs ended with exit status 0\./);
    await second.pressAndSee(KEYS.esc, /▶ \d+\/\d+ http-server/);

    // And Part 2 is as it was left.
    await second.pressAndSee("c", /▶ 6 {2}Challenge, an HTTP server +yours 0\/14 · criteria 0\/1/);
    await second.see(/2 {2}TCP +1 edited · tests ✗ · criteria 0\/2 .* 30\/31/);
    await second.pressAndSee("2", /▶ 31\/31 endless/);
    await second.see(/This is where you left\. The kernel is fresh/);
    await lab.write(PART, original);
    await second.see(/was changed on disk: the cell tcp-server/);
    second.press("q");
    await second.over(0);
  },
);
