/** A child process under test: what it wrote so far, waiting for a line, its end. Never outlives the test. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { Speaker } from "./speaker";

/** How long a child that starts kernels may take to say what a test waits for, on a machine that does other things too. */
export const KERNEL_CHILD_DEADLINE_MS = 60_000;

export interface ChildEnd {
  /** Exit status, or null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Child extends Speaker<ChildEnd> {
  readonly process: ChildProcessWithoutNullStreams;

  constructor(child: ChildProcessWithoutNullStreams) {
    super();
    this.process = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => this.heard(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => this.complained(text));
    child.stdin.on("error", () => {}); // it may end before it has read everything
    child.on("error", (error) => this.lost(error));
    child.on("close", (status, signal) => {
      this.over({ status, signal, stdout: this.stdout, stderr: this.stderr });
    });
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

  /** Kills it if it still runs, and waits until it is gone. */
  async stop(): Promise<void> {
    if (!this.isOver) this.process.kill("SIGKILL");
    await this.ended.catch(() => undefined);
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
