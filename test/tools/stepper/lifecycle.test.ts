/** However a session ends, the terminal is as it was before, and no process is left behind. */
import { readFileSync } from "node:fs";
import { describe, expect, it, type TestContext } from "vitest";
import { KEYS } from "../../../scripts/terminal/pty";
import { until } from "../../../src/lab/until";
import { KERNEL_CHILD_DEADLINE_MS } from "../../support/child";
import { requireTool } from "../../support/tools";
import { type LabFolder, labFolder, notebookText } from "../notebook/support/lab-folder";
import {
  isRunning,
  openSession,
  SESSION_TIMEOUT,
  type Session,
  type SessionOptions,
  startCommand,
} from "./support/session";

const PART = `%% md title
# Part 1: The first

Some **bold** prose and \`code\`.
%% code hello
console.log("kernel", process.pid);
`;
/** With a second cell, to be left at. */
const NEXT = `${PART.replace("Part 1: The first", "Part 2: The second")}%% code again\n1\n`;
/** Says the process id of what it then becomes. */
const NAMED = "sh -c 'echo stepper $$; exec \"$@\"' - START";
const SHELL = `${NAMED}; echo status $?; stty -a`;

interface Opened {
  readonly session: Session;
  readonly pid: number;
}

async function open(
  ctx: TestContext,
  { lab, ...options }: SessionOptions & { lab?: LabFolder } = {},
): Promise<Opened> {
  const folder = lab ?? (await labFolder({ "01-first": PART }));
  const session = await openSession(ctx, folder, { shell: SHELL, ...options });
  await session.see(/ {2}Socket Lab +0 of \d cells|▶ 1\/1 hello/);
  return { session, pid: Number(/stepper (\d+)/.exec(session.raw)?.[1]) };
}

/** The processes that this one started and that still run. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}

/** Runs the cell, and returns the process id of the kernel. */
async function runHello(session: Session): Promise<number> {
  await session.runAndSee(/kernel \d+\n/);
  await session.idle(); // a running cell takes no keys but Ctrl+C
  return Number(/kernel (\d+)\n/.exec(session.screen.text)?.[1]);
}

/** The colours on the screen. */
function coloursOf({ screen }: Session): number[] {
  const inks = screen
    .cells()
    .flat()
    .flatMap(({ ink, paper }) => [ink, paper]);
  return [...new Set(inks.filter((colour) => colour !== undefined))];
}

describe("a session in a terminal", SESSION_TIMEOUT, () => {
  it("takes keys that are pressed ahead, is left with the second of two Ctrl+C, opens again where it was, and ends with its terminal", async (ctx) => {
    const lab = await labFolder({ "01-first": PART, "02-second": NEXT });
    const first = await openSession(ctx, lab, { shell: SHELL });
    await first.see(/▶ 1 {2}The first/);
    await first.pressAndSee("2ng", /Jump to/);
    await first.pressAndSee(KEYS.esc, /▶ 2\/2 again/);
    await first.pressAndSee(KEYS.controlC, /Nothing is running\. Ctrl\+C again leaves/);
    first.press("k");
    await first.until(() => !first.screen.text.includes("Nothing") || undefined, "stays");
    await first.pressAndSee(KEYS.controlC, /Nothing is running/);
    first.press(KEYS.controlC);
    await first.over(130);

    const { session, pid } = await open(ctx, { lab });
    await session.see(/▶ 2 {2}The second/);
    const kernel = await until(() => childrenOf(pid).length > 0).then(
      () => childrenOf(pid)[0] ?? 0,
    );
    await session.pressAndSee(KEYS.enter, /▶ 2\/2 again/);
    await session.see(/This is where you left\. The kernel is fresh/);
    session.hangUp();
    await until(() => !isRunning(pid) && !isRunning(kernel), KERNEL_CHILD_DEADLINE_MS);
  });

  it("has 256 colours on a background that the terminal tells, gives the terminal back when it is told to end while an editor has it, ends its kernel, and keeps the edit", async (ctx) => {
    const lab = await labFolder({ "01-first": PART });
    await lab.write("editor.sh", 'echo "// mine" >> "$1"; echo editor $$; exec sleep 1000');
    const env = { EDITOR: "sh editor.sh" };
    const background = "rgb:ffff/ffff/ffff";
    const session = await openSession(ctx, lab, { args: "01", shell: SHELL, env, background });
    await session.until(() => coloursOf(session).includes(254) || undefined, "is light");
    const kernel = await runHello(session);
    await session.pressAndSee("e", /editor \d+/);
    const [stepper, editor] = [/stepper (\d+)/, /editor (\d+)/].map((name) =>
      Number(name.exec(session.raw)?.[1]),
    );
    process.kill(stepper ?? 0, "SIGTERM");
    await session.over(143);
    // The answer never became a key.
    expect(session.raw).not.toContain("Nothing");
    expect(await lab.read(".lab/edits/01-first/hello.ts")).toContain("// mine");
    const running = [stepper, editor, kernel].filter((pid) => isRunning(pid ?? 0));
    expect(running).toEqual([]);
  });

  it("gives the terminal back when it has a bug, and says it", async (ctx) => {
    const bug = 'process.on("SIGUSR2",()=>{throw new Error("deliberate")})';
    const { session, pid } = await open(ctx, {
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` },
    });
    process.kill(pid, "SIGUSR2");
    await session.over(1);
    expect(session.screen.text).toContain("Error: deliberate");
    expect(isRunning(pid)).toBe(false);
  });

  it("is suspended with Ctrl+Z, and comes back with fg; with NO_COLOR it has no colour", async (ctx) => {
    await requireTool(ctx, "bash", "sudo apt-get install bash");
    const lab = await labFolder({ "01-first": PART });
    await lab.write("start.sh", `exec ${startCommand()}`);
    const session = await openSession(ctx, lab, {
      shell: "PS1='ready> ' bash --norc --noprofile -i; stty -a",
      env: { NO_COLOR: "1" },
    });
    await session.pressAndSee("sh start.sh\r", /Socket Lab +0 of 1 cells/);
    await session.pressAndSee(KEYS.controlZ, /Stopped/);
    expect(session.screen.alternate).toBe(false);
    await session.pressAndSee("stty -a | grep -o 'icanon\\|-icanon'\r", /\nicanon\n/);
    await session.pressAndSee("fg\r", /Socket Lab +0 of 1 cells/);
    // Signs tell code from prose.
    await session.pressAndSee("1", /Some bold prose and `code`\.\n[\s\S]*▶ 1\/1 hello/);
    expect(coloursOf(session)).toEqual([]);
    // What is typed behind q does nothing here, and is not lost where it can be kept.
    await session.pressAndSee("qe", /ready> $/m);
    await session.pressAndSee("\u0015echo status $?\rexit\r", /status 0/);
    await session.over(0);
  });
});

describe("what a terminal can show is what it gets:", SESSION_TIMEOUT, () => {
  it("only lines where the terminal knows no escape sequences, until it is told to end", async (ctx) => {
    const { session, pid } = await open(ctx, { args: "01", env: { TERM: "dumb" } });
    await session.see(/Some bold prose and `code`\.\n[\s\S]*▶ 1\/1 hello[\s\S]*Enter run/);
    await session.pressAndSee("n", /This is the end of the part/);
    process.kill(pid, "SIGTERM");
    await session.see(/status 143[\s\S]* icanon/);
    expect(session.raw.includes("\u001b")).toBe(false);
    expect(isRunning(pid)).toBe(false);
  });

  it.for([
    ["tmux", "tmux -L NAME -f /dev/null new-session sh start.sh"],
    ["screen", "screen -c /dev/null -S NAME sh start.sh"],
  ] as const)(
    "the same within %s, until q, which ends it before the kernel has started",
    async ([name, command], ctx) => {
      await requireTool(ctx, name, `sudo apt-get install ${name}`);
      const lab = await labFolder({ "01-first": PART });
      await lab.write("practice/01-first.ipynb", notebookText(PART.replace("hello", "own")));
      // One's own copy opens by its name.
      await lab.write("start.sh", `echo $$ > pid; exec ${startCommand("practice/01")}`);
      const socket = `socket-lab-${process.pid}`;
      const session = await openSession(ctx, lab, {
        shell: `${command.replace("NAME", socket)}; stty -a`,
        env: { LC_ALL: "C.UTF-8", SCREENDIR: lab.path("screens") },
      });
      await session.see(/Some bold prose and code\.\n[\s\S]*▶ 1\/1 own ─+/);
      await session.pressAndSee("q", /icanon/);
      await session.closed;
      const pid = Number(await lab.read("pid"));
      await until(() => !isRunning(pid), KERNEL_CHILD_DEADLINE_MS);
      expect(session.screen.alternate).toBe(false);
    },
  );
});
