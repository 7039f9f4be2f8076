/** What can go wrong while a part is stepped through: the front door survives it, and says so. */
import { chmod, readFile } from "node:fs/promises";
import { expect, it, type TestContext } from "vitest";
import { KEYS } from "../../../scripts/terminal/pty";
import { type LabFolder, labFolder } from "../notebook/support/lab-folder";
import { isRunning, openSession, SESSION_TIMEOUT, type Session } from "./support/session";

const MEBIBYTE = 1024 * 1024;
/** Of the process that shows ten million lines: Node itself takes a third of it. */
const MAX_RSS_BYTES = 300 * MEBIBYTE;

const CELLS = `%% md title
# Part 1: Faults

Wide: 世界 is two words of one sign each.

| what | how it goes on when there is a lot to say about it and the terminal is narrow |
|---|---|
| 世界 | a |
%% code late
console.log("in time");
setTimeout(() => console.log("late news"), 100);
await new Promise((resolve) => setTimeout(resolve, 10));
%% code long
console.log(Array.from({ length: 100 }, (_none, i) => "line " + i).join("\\n"));
%% code thrower
function fails(): never {
  throw new Error("it went wrong");
}
fails();
%% code hostile
console.log("a\\u001b[2Jb\\u001b]0;title\\u0007c\\u0000d");
console.error("told on stderr");
%% code page
import { display } from "tslab";
display.html("<h1>A heading</h1><script>no()</script><p>and text</p>");
%% code flood
const block = "f\\n".repeat(100_000); // a flood
for (let i = 0; i < 100; i++) process.stdout.write(block);
%% code endless
console.log("endless begins");
for (;;);
%% code stubborn
console.log("stubborn", "begins");
for (;;) {
  try {
    for (;;);
  } catch {}
}
%% code crash
process.kill(process.pid, "SIGKILL");
await new Promise(() => {});
%% code last
console.log("still here", "kernel", process.pid);
%% md end
The end.
`;

/** An editor that does what the file \`mode\` says. */
const EDITOR = `#!/bin/sh
case "$(cat mode)" in
  fail) echo '// half an edit' >> "$1"; exit 3 ;;
  conflict) echo '// my edit' >> "$1"; cp other.ipynb notebooks/01-faults.ipynb ;;
  *) echo '// edited' >> "$1" ;;
esac
`;

const NOTEBOOK = "notebooks/01-faults.ipynb";
const { enter, controlC } = KEYS;

interface Opened {
  readonly lab: LabFolder;
  readonly session: Session;
  /** The process that shows it all. */
  readonly stepper: number;
  /** The notebook as it was. */
  readonly original: string;
}

async function openFaults(ctx: TestContext): Promise<Opened> {
  const lab = await labFolder({ "01-faults": CELLS });
  await lab.write("editor.sh", EDITOR);
  await lab.write("browser.sh", '#!/bin/sh\ncp "$1" opened.html\n');
  await chmod(lab.path("browser.sh"), 0o755);
  const session = await openSession(ctx, lab, {
    args: "01",
    shell: "echo stepper $$; exec START",
    env: { EDITOR: "sh editor.sh", BROWSER: "./browser.sh" },
  });
  await session.see(/▶ 1\/10 late/);
  const stepper = Number(/stepper (\d+)/.exec(session.raw)?.[1]);
  return { lab, session, stepper, original: await lab.read(NOTEBOOK) };
}

it(
  "shows late text, long output, errors and hostile text for what they are",
  SESSION_TIMEOUT,
  async (ctx) => {
    const { session } = await openFaults(ctx);
    // Text that comes after its cell has ended is marked as such.
    await session.pressAndSee(enter, /↳ after the cell had ended:\n {4}late news/);
    expect(session.screen.text).toMatch(/✓ \d+ ms|✓ \d\.\d s/);

    // Long output folds and opens.
    await session.enterUntil(/⋯ 85 more lines · f opens/);
    expect(session.screen.text).toMatch(/line 9\n.*\n {4}line 95\n/);
    await session.pressAndSee("f", /line 10\n {4}line 11\n/);
    await session.pressAndSee("f", /⋯ 85 more lines/);

    // An error shows its cell and line first, and its stack on request.
    await session.enterUntil(
      /✗ notebooks\/01-faults\.ipynb#thrower:2:9\n {4}Error: it went wrong\n {4}s shows/,
    );
    await session.pressAndSee("s", /at fails \(cell thrower:2:9\)/);
    expect(session.marked).toBe("3/10 thrower");

    // Nothing that is printed takes the terminal over.
    await session.pressAndSee("n", /▶ 4\/10 hostile/);
    await session.enterUntil(/abc␀d\n {4}told on stderr/);
    expect(session.raw.includes("\u001b]0;")).toBe(false);
  },
);

it(
  "runs again, jumps, searches, explains its keys and opens pages",
  SESSION_TIMEOUT,
  async (ctx) => {
    const { lab, session } = await openFaults(ctx);
    // Run again, and jump, search and help.
    await session.jumpTo("hostile");
    await session.pressAndIdle("r");
    await session.see(/▶ 4\/10 hostile ─+ ✓/);
    await session.pressAndSee("g", /Jump to/);
    await session.pressAndSee("thro\r", /▶ 3\/10 thrower/);
    await session.pressAndSee("/", /type to search/);
    await session.pressAndSee("FLOOD", /2 found/);
    await session.pressAndSee(enter, /1 of 2[\s\S]*$/);
    await session.see(/▶ 6\/10 flood/);
    await session.pressAndSee(KEYS.esc, /│ Enter (?:run|read on)/);
    await session.pressAndSee("?", /Going through a part[\s\S]*runs the cell and moves on/);
    await session.pressAndSee(KEYS.esc, /▶ 6\/10 flood/);

    // A page shows its text, and opens in the browser.
    await session.jumpTo("page");
    await session.enterUntil(/A heading\n {4}and text\n {4}◇ a page · o opens it/);
    await session.pressAndSee("o", /Opened in the browser: \.lab\/outputs\/01-faults\/page\.html/);
    expect(await lab.read("opened.html")).toContain("<h1>A heading</h1>");
  },
);

it("counts ten million lines, and keeps few of them", SESSION_TIMEOUT, async (ctx) => {
  const { session, stepper } = await openFaults(ctx);
  await session.jumpTo("flood");
  await session.enterUntil(/⋯ 9,999,985 more lines · f opens/);
  await session.idle();
  const status = await readFile(`/proc/${stepper}/status`, "utf8");
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  expect(peak).toBeLessThan(MAX_RSS_BYTES);
  await session.pressAndSee("f", /f fold/);
  await session.pressAndSee("f", /f unfold/);
});

it(
  "ends cells that never end, and starts a kernel where one has died",
  SESSION_TIMEOUT,
  async (ctx) => {
    const { session, stepper } = await openFaults(ctx);
    await session.jumpTo("endless");
    // A cell that never ends, and never waits either.
    await session.runAndSee(/\n {4}endless begins[\s\S]*running.*Ctrl\+C interrupt/);
    await session.pressAndSee(controlC, /✗ notebooks\/01-faults\.ipynb#endless/);
    await session.idle();

    // One that even that does not end: the kernel is restarted.
    await session.pressAndSee("n", /▶ 8\/10 stubborn/);
    await session.runAndSee(/stubborn begins/); // an interrupt before that would find no loop
    await session.pressAndSee(controlC, /interrupting .*Ctrl\+C restart the kernel/);
    await session.pressAndSee(controlC, /✗ Ended: the kernel was restarted\./);
    await session.idle();

    // The kernel crashes: another one starts.
    await session.pressAndSee("n", /▶ 9\/10 crash/);
    await session.runAndSee(/✗ The kernel has died by SIGKILL/);
    await session.see(/A new one starts; a runs the\s+cells above/);
    await session.pressAndSee("n", /▶ 10\/10 last/);
    await session.runAndSee(/still here[\s\S]*The end\./);
    const kernel = Number(/still here kernel (\d+)/.exec(session.raw)?.[1]);
    expect(kernel).toBeGreaterThan(0);
    session.press("q");
    await session.closed;
    expect(isRunning(kernel)).toBe(false);
    expect(isRunning(stepper)).toBe(false);
  },
);

it(
  "loses no text to an editor that fails, and undoes to the byte",
  SESSION_TIMEOUT,
  async (ctx) => {
    const { lab, session, original } = await openFaults(ctx);
    await session.jumpTo("last");
    // An editor that fails loses nothing, and what it wrote is there the next time.
    await lab.write("mode", "fail");
    await session.pressAndSee(
      "e",
      /ended with status 3: your text is in[\s▌]+\.lab\/edits\/01-faults\/last\.ts/,
    );
    expect(await lab.read(".lab/edits/01-faults/last.ts")).toContain("// half an edit");
    expect(await lab.read(NOTEBOOK)).not.toContain("half an edit");
    await lab.write("mode", "ok");
    await session.pressAndSee("e", /from the edit that had been kept/);
    expect(await lab.read(NOTEBOOK)).toMatch(/still here[\s\S]*half an edit[\s\S]*\/\/ edited/);

    // Undone, to the byte.
    await session.pressAndSee("u", /Undone/);
    expect(await lab.read(NOTEBOOK)).toBe(original);
  },
);

it(
  "keeps what is shown when other programs change or break the notebook",
  SESSION_TIMEOUT,
  async (ctx) => {
    const { lab, session, original } = await openFaults(ctx);
    await session.jumpTo("last");
    // The notebook changes while the editor is open: neither text is lost.
    await lab.write("other.ipynb", original.replace("still here", "written by another"));
    await lab.write("mode", "conflict");
    await session.pressAndSee("e", /was changed by another program meanwhile/);
    expect(await lab.read(NOTEBOOK)).toContain("written by another");
    expect(await lab.read(".lab/edits/01-faults/last.ts")).toContain("// my edit");
    await session.see(/written by another/);

    // Another program saves the notebook; then it is no notebook for a while.
    await lab.write(NOTEBOOK, original.replace("still here", "saved elsewhere"));
    await session.see(/was changed on disk: the cell last/);
    await session.see(/console\.log\("saved elsewhere"/);
    await lab.write(NOTEBOOK, "{ broken");
    await session.see(/01-faults\.ipynb:1:3: not JSON.*[\s▌]+.*still shown/);
    await session.pressAndSee(enter, /not JSON: expected a property name in double\n ▌ quotes\n/);
    await session.idle();
    expect(session.screen.text).toContain("saved elsewhere");
    await session.pressAndSee("c", /1 {2}01-faults .*✗ cannot be opened/);
    await lab.write(NOTEBOOK, original);
    await session.see(/1 {2}Faults .* \d\/10/);
  },
);

it("stays readable when it is narrow or wide", SESSION_TIMEOUT, async (ctx) => {
  const { session } = await openFaults(ctx);
  await session.jumpTo("last");
  for (const columns of [60, 200]) {
    await session.resize({ columns, rows: 30 });
    await session.until(() => session.bar.length > columns - 8 || undefined, `is ${columns} wide`);
    session.press("\u001b[H");
    await session.see(/Part 1: Faults\n/);
    await session.see(columns === 60 ? /lot to say about it\n/ : /terminal is narrow\n/);
    for (const row of session.screen.rows.slice(0, -1)) expect(row.length).toBeLessThanOrEqual(124);
  }
});
