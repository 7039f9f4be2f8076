// A server in a process of its own, so that what is measured is not slowed down by the notebook.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** How long a server may take to say where it listens: one may have to be extracted first. */
const START_MAX_MS = 20_000;
const STOP_MAX_MS = 2_000;

export interface ChildServer {
  readonly port: number;
  /** Ends the process and resolves when it has ended. */
  stop(): Promise<void>;
  /** The same without warning the process: SIGKILL. */
  kill(): Promise<void>;
}

/**
 * Starts a file under Node, with `tsx` to read TypeScript, and waits for the first line of its output,
 * which has to tell the port: `HTTP Server listening on http://127.0.0.1:40123`.
 *
 * @param file relative to the working directory, which in a kernel is the repository
 * @throws Error with what the process wrote to standard error, when it ends before it listens
 */
export async function startServer(file: string, ...args: string[]): Promise<ChildServer> {
  const reader = file.endsWith(".ts") ? ["--import", "tsx"] : [];
  const child = spawn(process.execPath, [...reader, file, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const stop = async () => {
    process.off("exit", killAtExit);
    await end(child);
  };
  const kill = async () => {
    process.off("exit", killAtExit);
    await end(child, "SIGKILL");
  };
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  try {
    const line = await firstLine(child);
    const port = Number(/:(\d+)/.exec(line)?.[1]);
    if (!port) throw new Error(`${file} did not say where it listens, but: ${line}`);
    // What it prints from now on is not looked at, but must go somewhere.
    child.stdout.resume();
    return { port, stop, kill };
  } catch (error) {
    await stop();
    throw errors.trim() ? new Error(errors.trim(), { cause: error }) : error;
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError("the process has no standard output");
  const lines = createInterface({ input: child.stdout });
  const signal = AbortSignal.timeout(START_MAX_MS);
  try {
    const [line] = await Promise.race([
      once(lines, "line", { signal }),
      once(child, "close", { signal }),
    ]);
    if (typeof line === "string") return line;
    throw new Error("the process ended before it listened");
  } finally {
    lines.close();
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "close");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MAX_MS);
  await gone;
  clearTimeout(timer);
}
