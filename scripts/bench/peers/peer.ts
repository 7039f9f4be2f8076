// A server under measurement, in a process of its own: its port, its CPU time, its end.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

/** The kernel counts a process's CPU time in ticks of this length (USER_HZ is 100 on Linux). */
const TICK_US = 10_000;

export interface Peer {
  readonly port: number;
  /** CPU time so far, user and system, in microseconds; undefined where the system does not tell. */
  cpuUs(): number | undefined;
  stop(): Promise<void>;
}

/** Starts a server of this folder, which prints its port as its first line. @throws when it cannot be started */
export async function startPeer(file: string): Promise<Peer> {
  const script = path.join(import.meta.dirname, file);
  const python = file.endsWith(".py");
  const child = python
    ? spawn("python3", [script], { stdio: ["ignore", "pipe", "inherit"] })
    : spawn(process.execPath, ["--import", "tsx", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
  await once(child, "spawn");
  const lines = createInterface(child.stdout);
  const first = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => undefined),
  ]);
  lines.close();
  if (first === undefined) throw new Error(`${file} ended before it listened`);
  return {
    port: Number(first[0]),
    cpuUs: () => cpuUs(child),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

function cpuUs(child: ChildProcess): number | undefined {
  try {
    const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
    // Fields 14 and 15, counted after the name in parentheses, which may hold anything (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  } catch {
    return undefined;
  }
}
