/** A program in a pseudo-terminal, made by script(1), and the screen that its output makes. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { Changes } from "../../src/lab/changes";
import { HeadlessScreen, type Size } from "./screen";

const run = promisify(execFile);

export interface PtyOptions extends Partial<Size> {
  /** A command for sh. */
  readonly command: string;
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the terminal answers when it is asked for its background: `rgb:ffff/ffff/ffff`. */
  readonly background?: string;
}

/** Synchronized output, mode 2026. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";

const ENTER = "\r";
export const KEYS = {
  enter: ENTER,
  esc: "\u001b",
  up: "\u001b[A",
  down: "\u001b[B",
  controlC: "\u0003",
  controlZ: "\u001a",
  pageDown: "\u001b[6~",
  end: "\u001b[F",
} as const;

export class Pty {
  readonly child: ChildProcessWithoutNullStreams;
  readonly screen: HeadlessScreen;
  /** All that was written, escape sequences and all. */
  raw = "";
  readonly #changes = new Changes();
  #device: string | undefined;
  #ended = false;
  readonly closed: Promise<void>;

  constructor({ command, cwd, env = {}, columns = 80, rows = 24, background }: PtyOptions) {
    this.screen = new HeadlessScreen({ columns, rows }, background);
    const shell = `stty cols ${columns} rows ${rows}; tty; ${command}`;
    this.child = spawn("script", ["-qfec", shell, "/dev/null"], {
      cwd,
      env: { ...process.env, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
    });
    this.child.stdin.on("error", () => {}); // it may have ended
    this.screen.onAnswer = (text) => this.press(text);
    let queue = Promise.resolve();
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.raw += text;
      this.#device ??= /\/dev\/pts\/\d+/.exec(this.raw)?.[0];
      // A frame that is not yet whole is nothing to look at.
      const whole = this.raw.lastIndexOf(END_FRAME) >= this.raw.lastIndexOf(BEGIN_FRAME);
      queue = queue
        .then(() => this.screen.write(text))
        .then(() => {
          if (whole) this.#changes.tell();
        });
    });
    this.closed = new Promise((resolve) => {
      this.child.on("close", () => {
        void queue.then(() => {
          this.#ended = true;
          this.#changes.tell();
          resolve();
        });
      });
    });
  }

  press(keys: string): void {
    this.child.stdin.write(keys);
  }

  /** Waits until the screen shows this. @throws Error with the screen, when it does not by the deadline */
  async see(wanted: RegExp, deadlineMs = 30_000): Promise<RegExpExecArray> {
    return this.until(
      () => wanted.exec(this.screen.text) ?? undefined,
      `shows ${wanted}`,
      deadlineMs,
    );
  }

  async until<T>(find: () => T | undefined, what: string, deadlineMs = 30_000): Promise<T> {
    const failure = (why: string) =>
      new Error(`the terminal never ${what} ${why}:\n${this.screen.text}`);
    return this.#changes.until(find, () => this.#ended, deadlineMs, failure);
  }

  /** Gives the terminal another size, as its window would. */
  async resize(size: Size): Promise<void> {
    const device = await this.until(() => this.#device, "named its device");
    this.screen.resize(size);
    await run("stty", ["-F", device, "cols", String(size.columns), "rows", String(size.rows)]);
  }

  /** The window is closed: the terminal is gone. */
  hangUp(): void {
    this.child.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    if (!this.#ended) this.child.kill("SIGKILL");
    await this.closed;
    this.screen.close();
  }
}
