/** The stepper in a real terminal: a pseudo-terminal made by script(1). */
import { describe, expect, it, type TestContext } from "vitest";
import { commandLine } from "../commands/support";
import { labFolder } from "../notebook/support/lab-folder";
import { type Child, KERNEL_CHILD_DEADLINE_MS, startChild } from "../support/child";
import { requireTool } from "../support/tools";

/** Each starts a kernel. */
const TIMEOUT = { timeout: 2 * KERNEL_CHILD_DEADLINE_MS };
const ENTER = "\r";
const CONTROL_C = "\u0003";
/** Below the last line when the stepper waits for a key. */
const STEP_LINE = /Enter run/;

const PART = `%% md title
# Part 1: The first

Some **bold** prose.
%% code hello
console.log("hello from", process.pid);
%% code endless
console.log("endless begins");
await new Promise(() => {});
%% code last
console.log("the last one");
`;

interface Session {
  readonly child: Child;
  /** Waits for text that comes after all that was waited for before. */
  see(pattern: RegExp): Promise<RegExpExecArray>;
  press(keys: string): void;
  /** Everything so far, without escape sequences. */
  text(): string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** Opens the stepper in a terminal of 80 columns; its shell then says the exit status and the settings. */
async function open(
  ctx: TestContext,
  notebooks: Record<string, string>,
  {
    args = [],
    env = {},
    columns = 80,
  }: { args?: string[]; env?: NodeJS.ProcessEnv; columns?: number } = {},
): Promise<Session & { root: string }> {
  await requireTool(ctx, "script", "sudo apt-get install bsdutils");
  const lab = await labFolder(notebooks);
  const command = [process.execPath, ...commandLine("start", args)].map((word) => `'${word}'`);
  const shell = `stty cols ${columns} rows 24; ${command.join(" ")}; echo "status $?"; stty -a`;
  const child = startChild("script", ["-qfec", shell, "/dev/null"], {
    cwd: lab.root,
    env: { SOCKET_LAB_PORTS: "system", TERM: "xterm", NO_COLOR: "1", SHELL: "/bin/sh", ...env },
  });
  // A bottom line that was taken away stays as a line of its own.
  const text = (): string =>
    child.stdout.replaceAll("\r\u001b[2K", "\n").replace(ESCAPES, "").replaceAll("\r\n", "\n");
  let seen = 0;
  return {
    root: lab.root,
    child,
    text,
    press: (keys) => child.write(keys),
    see: (pattern) =>
      child.until(
        () => {
          const found = pattern.exec(text().slice(seen));
          if (found) seen += found.index + found[0].length;
          return found ?? undefined;
        },
        String(pattern),
        KERNEL_CHILD_DEADLINE_MS,
      ),
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("stepping through the lab in a terminal", () => {
  it(
    "chooses a part, runs cell after cell, interrupts one, and leaves nothing behind",
    TIMEOUT,
    async (ctx) => {
      const { child, see, press, text } = await open(ctx, { "01-first": PART });
      await see(/1 {2}The first/);
      await see(/a number opens a part/);
      press("1");
      await see(/Some bold prose\./);
      await see(/── cell 1 of 3: hello ──\nconsole\.log/);
      await see(STEP_LINE);
      press(ENTER);
      const [, pid] = await see(/\nhello from (\d+)\n/);
      await see(/── cell 2 of 3: endless ──/);
      await see(STEP_LINE);
      press(ENTER);
      await see(/\nendless begins\n/);
      press(CONTROL_C);
      await see(/notebooks\/01-first\.ipynb#endless.*(?:Interrupt|interrupt)/);
      await see(STEP_LINE);
      press("n");
      await see(/── cell 3 of 3: last ──/);
      press("b");
      await see(/── cell 2 of 3: endless ──/);
      await see(STEP_LINE);
      press("n");
      await see(/── cell 3 of 3: last ──/);
      await see(STEP_LINE);
      press(ENTER);
      await see(/\nthe last one\n/);
      await see(/This part is done\./);
      await see(/a number opens a part/);
      press("?");
      await see(/edit the cell in your editor/);
      press("q");
      await see(/status 0\n/);
      await child.end();
      expect(text()).toMatch(/[^-]icanon/); // the terminal is as it was
      expect(text()).toMatch(/[^-]echo /);
      expect(isRunning(Number(pid))).toBe(false);
    },
  );

  it(
    "leaves at the second Ctrl+C, also while a cell runs that does not end",
    TIMEOUT,
    async (ctx) => {
      const busy =
        "%% code pid\nconsole.log('pid', process.pid);\n%% code busy\nconsole.log('busy now');\nfor (;;);\n";
      const { child, see, press, text } = await open(ctx, { "01-first": busy }, { args: ["01"] });
      await see(STEP_LINE);
      press(ENTER);
      const [, pid] = await see(/\npid (\d+)\n/);
      await see(STEP_LINE);
      press(ENTER);
      await see(/running · Ctrl\+C/);
      press(CONTROL_C + CONTROL_C);
      await see(/status 130\n/);
      await child.end();
      expect(text()).toMatch(/[^-]icanon/);
      expect(isRunning(Number(pid))).toBe(false);
    },
  );

  it(
    "shows where a cell failed, opens it in the editor, saves it and runs it",
    TIMEOUT,
    async (ctx) => {
      const wrong = '%% code wrong\nconst word: string = "word";\nconsole.log(word.lenght);\n';
      const { see, press, root } = await open(
        ctx,
        { "01-first": wrong },
        { args: ["01"], env: { VISUAL: "", EDITOR: "sed -i s/lenght/length/" } },
      );
      await see(STEP_LINE);
      press(ENTER);
      await see(/notebooks\/01-first\.ipynb#wrong:2:18: .*lenght/);
      await see(STEP_LINE);
      press("e");
      await see(/console\.log\(word\.length\);/);
      await see(STEP_LINE);
      press(ENTER);
      await see(/\n4\n/);
      const { readFile } = await import("node:fs/promises");
      expect(await readFile(`${root}/notebooks/01-first.ipynb`, "utf8")).toContain("word.length");
      press("q");
      await see(/status 0\n/);
    },
  );

  it(
    "bounds what it shows of a flood, and lets no output take the terminal over",
    TIMEOUT,
    async (ctx) => {
      const cells = `%% code flood
console.log(Array.from({ length: 100_000 }, (_none, i) => "line " + i).join("\\n"));
%% code hostile
console.log("a\\u001b[2Jb\\u001b]0;title\\u0007c\\u001b[31mred\\u001b[0m\\u0000d");
%% code deadly
process.kill(process.pid, "SIGKILL");
await new Promise(() => {});
`;
      const { child, see, press } = await open(ctx, { "01-first": cells }, { args: ["01"] });
      await see(STEP_LINE);
      press(ENTER);
      await see(/\nline 0\n/);
      await see(/\nline 199\n/);
      await see(/… 99,800 more lines of output not shown/);
      expect(child.stdout).not.toContain("line 201");
      await see(STEP_LINE);
      press(ENTER);
      await see(/\nabcred␀d\n/);
      expect(child.stdout).not.toContain("\u001b[2J");
      expect(child.stdout).not.toContain("\u001b[3"); // NO_COLOR
      await see(STEP_LINE);
      press(ENTER);
      await see(/The kernel ended: /);
      await see(STEP_LINE);
      press("b"); // and goes on with another kernel
      await see(/── cell 2 of 3: hostile ──/);
      await see(STEP_LINE);
      press(ENTER);
      await see(/\nabcred␀d\n/);
      press("q");
      await see(/status 0\n/);
    },
  );

  it("leaves at once, before the kernel has started", TIMEOUT, async (ctx) => {
    const { see, press } = await open(ctx, { "01-first": PART }, { columns: 30 });
    await see(/a number opens a part/);
    press("q");
    await see(/status 0\n/);
  });
});
