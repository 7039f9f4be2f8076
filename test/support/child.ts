/** A child process under test: what it wrote so far, waiting for a line, its end. Never outlives the test. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { Changes } from "../../src/lab/changes";

/** How long a child may take to say or do what a test waits for. */
const CHILD_DEADLINE_MS = 10_000;
/** The same for a child that starts kernels, on a machine that does other things too. */
export const KERNEL_CHILD_DEADLINE_MS = 60_000;

export interface ChildEnd {
  /** Exit status, or null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Child {
  /** All that was written so far, decoded as UTF-8. */
  stdout = "";
  stderr = "";
  readonly process: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<ChildEnd>;
  readonly #changes = new Changes();
  #over = false;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.process = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      this.#changes.tell();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
      this.#changes.tell();
    });
    child.stdin.on("error", () => {}); // it may end before it has read everything
    this.#ended = new Promise((resolve, reject) => {
      child.on("error", (error) => {
        this.#over = true;
        reject(error);
        this.#changes.tell();
      });
      child.on("close", (status, signal) => {
        this.#over = true;
        resolve({ status, signal, stdout: this.stdout, stderr: this.stderr });
        this.#changes.tell();
      });
    });
    this.#ended.catch(() => {}); // told to whoever waits
  }

  get pid(): number {
    return this.process.pid ?? Number.NaN;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Writes to its standard input, and ends it when `end` is set. */
  write(text: string | Uint8Array, { end = false } = {}): void {
    this.process.stdin.write(text);
    if (end) this.process.stdin.end();
  }

  /** The first complete line of standard output that fits. @throws when it ends or the deadline passes first */
  async line(pattern = /.*/, deadlineMs = CHILD_DEADLINE_MS): Promise<RegExpExecArray> {
    const match = await this.until(
      () => {
        const complete = this.stdout.split("\n").slice(0, -1);
        for (const line of complete) {
          const found = pattern.exec(line);
          if (found) return found;
        }
        return undefined;
      },
      `a line like ${pattern}`,
      deadlineMs,
    );
    return match;
  }

  /** Waits until `find` finds something in what was written; it is asked after every write. */
  async until<T>(
    find: () => T | undefined,
    what: string,
    deadlineMs = CHILD_DEADLINE_MS,
  ): Promise<T> {
    const failure = (why: string) =>
      new Error(`the process did not write ${what} ${why}\n${this.transcript()}`);
    return this.#changes.until(find, () => this.#over, deadlineMs, failure);
  }

  /** Its end and all that it wrote. @throws when the deadline passes first, or it could not be started */
  async end(deadlineMs = CHILD_DEADLINE_MS): Promise<ChildEnd> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const text = `the process did not end within ${deadlineMs} ms`;
        reject(new Error(`${text}\n${this.transcript()}`));
      }, deadlineMs);
    });
    try {
      return await Promise.race([this.#ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Kills it if it still runs, and waits until it is gone. */
  async stop(): Promise<void> {
    if (!this.#over) this.process.kill("SIGKILL");
    await this.#ended.catch(() => undefined);
  }

  transcript(): string {
    return `--- standard output\n${this.stdout}--- standard error\n${this.stderr}---`;
  }
}

/** Starts a command; it is killed when the test ends, if it has not ended by itself. */
export function startChild(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Child {
  const child = new Child(
    spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: "pipe" }),
  );
  onTestFinished(() => child.stop());
  return child;
}
