/** The front door in a pseudo-terminal, over a folder of notebooks of its own. */
import { cp, mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, type TestContext } from "vitest";
import { KEYS, Pty, type PtyOptions } from "../../../../scripts/terminal/pty";
import { KERNEL_CHILD_DEADLINE_MS } from "../../../support/child";
import { requireTool } from "../../../support/tools";
import { REPOSITORY } from "../../commands/support";
import type { LabFolder } from "../../notebook/support/lab-folder";

/** A session starts kernels, on a machine that does other things too. */
export const SESSION_TIMEOUT = { timeout: 3 * KERNEL_CHILD_DEADLINE_MS };
const START = path.join(REPOSITORY, "scripts/run.mjs");

/** What the bottom line shows when a part waits for a key. */
export const WAITING = /│ Enter (?:run|read on|contents|check|Part \d)/;

export interface SessionOptions extends Partial<PtyOptions> {
  readonly args?: string;
  /** What the shell does around it; `START` stands for the command. */
  readonly shell?: string;
}

export class Session extends Pty {
  /** Presses a key, and waits until the screen shows what is wanted. */
  async pressAndSee(keys: string, wanted: RegExp): Promise<RegExpExecArray> {
    this.press(keys);
    return this.see(wanted, KERNEL_CHILD_DEADLINE_MS);
  }

  /** Presses a key that runs something, and waits until that is done. */
  async pressAndIdle(keys: string): Promise<void> {
    const drawn = this.raw.length;
    this.press(keys);
    const redraws = () => this.raw.length > drawn || undefined;
    await this.until(redraws, `does something after ${keys}`, KERNEL_CHILD_DEADLINE_MS);
    await this.idle();
  }

  /** Goes to a cell by the list of cells. */
  async jumpTo(cell: string): Promise<void> {
    await this.pressAndSee("g", /Jump to/);
    await this.pressAndSee(`${cell}${KEYS.enter}`, new RegExp(`▶ \\d+/\\d+ ${cell} `));
  }

  /** The cell that is marked: `2/26 listen`. */
  get marked(): string | undefined {
    return /▶ (\d+\/\d+ [\w-]+)/.exec(this.screen.text)?.[1];
  }

  get bar(): string {
    return this.screen.rows.at(-1) ?? "";
  }

  /** Waits until a part waits for a key. */
  async idle(): Promise<void> {
    await this.until(() => WAITING.test(this.bar) || undefined, "waits", KERNEL_CHILD_DEADLINE_MS);
  }

  /** Presses Enter until the screen shows what is wanted, as a person does who reads on. */
  async enterUntil(wanted: RegExp, atMost = 100): Promise<void> {
    for (let presses = 0; presses < atMost; presses++) {
      await this.idle();
      if (wanted.test(this.screen.text)) return;
      const before = this.screen.text;
      this.press(KEYS.enter);
      await this.until(
        () =>
          (this.screen.text !== before && WAITING.test(this.bar)) ||
          /criteria proved/.test(this.screen.text) ||
          undefined,
        `moves on after Enter at ${this.marked}`,
        KERNEL_CHILD_DEADLINE_MS,
      );
      if (wanted.test(this.screen.text)) return;
    }
    throw new Error(`${atMost} times Enter, and never ${wanted}:\n${this.screen.text}`);
  }

  /** Reads on until the cell can be run, runs it, and waits until the screen shows what is wanted. */
  async runAndSee(wanted: RegExp): Promise<void> {
    for (;;) {
      await this.idle();
      const before = this.screen.text;
      this.press(KEYS.enter);
      const moved = (): boolean => this.screen.text !== before && WAITING.test(this.bar);
      const found = await this.until(
        () => (wanted.test(this.screen.text) ? "found" : moved() ? "moved" : undefined),
        `shows ${wanted} after Enter`,
        KERNEL_CHILD_DEADLINE_MS,
      );
      if (found === "found") return;
    }
  }

  /** The session is over, and the shell has the terminal as it was. */
  async over(status: number): Promise<void> {
    await this.see(/status \d+/);
    expect(this.screen.text).toContain(`status ${status}`);
    await this.closed;
    expect(this.screen.alternate).toBe(false);
    // What was switched on is switched off: paste, the cursor's hiding, the wrapping at the edge; frames are whole.
    for (const [on, off] of [
      ["?2026h", "?2026l"],
      ["?2004h", "?2004l"],
      ["?25l", "?25h"],
      ["?7l", "?7h"],
    ] as const) {
      expect(this.raw.lastIndexOf(off)).toBeGreaterThan(this.raw.lastIndexOf(on));
    }
    expect(this.raw).toMatch(/[^-]icanon/);
    expect(this.raw).toMatch(/[^-]echo /);
  }
}

/** What `npm start` runs, for a shell. */
export function startCommand(args = ""): string {
  return `'${process.execPath}' '${START}' start ${args}`;
}

export async function openSession(
  ctx: TestContext,
  lab: LabFolder,
  { args = "", shell = "START; echo status $?; stty -a", env = {}, ...more }: SessionOptions = {},
): Promise<Session> {
  await requireTool(ctx, "script", "sudo apt-get install bsdutils");
  const start = startCommand(args);
  const session = new Session({
    cwd: lab.root,
    command: shell.replaceAll("START", start),
    ...more,
    env: {
      SOCKET_LAB_PORTS: "system",
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      COLORTERM: undefined,
      COLORFGBG: undefined,
      TMUX: undefined,
      BROWSER: undefined,
      DISPLAY: undefined,
      WAYLAND_DISPLAY: undefined,
      VISUAL: undefined,
      ...env,
    },
  });
  onTestFinished(() => session.stop());
  return session;
}

/** What `npm start` needs of the repository to extract programs and to test them. */
export async function linkRepository(lab: LabFolder, ...files: string[]): Promise<void> {
  await symlink(path.join(REPOSITORY, "node_modules"), lab.path("node_modules"));
  for (const file of files) {
    await mkdir(path.dirname(lab.path(file)), { recursive: true });
    await cp(path.join(REPOSITORY, file), lab.path(file), { recursive: true });
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
