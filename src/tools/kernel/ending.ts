// How a kernel process ends: with its front end, within a second, whatever the main thread does, and
// with the processes that its cells started. Lives in the server thread.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { isAlive } from "./alive";

const PARENT_CHECK_MS = 300;
/** Time for child processes to end by themselves. */
const CHILDREN_GRACE_MS = 250;
/** Time for the main thread to exit by itself. */
const EXIT_GRACE_MS = 300;

/** Calls `onGone` once when the process that started this kernel has ended. */
export function watchParent(onGone: () => void): void {
  const started = process.ppid;
  const frontEnd = Number(process.env.JPY_PARENT_PID);
  const timer = setInterval(() => {
    const orphaned = process.platform === "win32" ? !isAlive(started) : process.ppid !== started;
    if (!orphaned && (!Number.isInteger(frontEnd) || frontEnd <= 1 || isAlive(frontEnd))) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
}

/** Ends this process: asks first its children, then the main thread; then ends it by force. */
export async function endProcess(askMainThread: () => Promise<void>): Promise<void> {
  const children = descendants(process.pid);
  for (const pid of children) kill(pid, "SIGTERM");
  const until = Date.now() + CHILDREN_GRACE_MS;
  while (children.some(isRunning) && Date.now() < until) await sleep(10);
  for (const pid of children) kill(pid, "SIGKILL");
  await askMainThread();
  await sleep(EXIT_GRACE_MS);
  process.kill(process.pid, "SIGKILL");
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

/** False also for a process that has ended and that a blocked main thread has not collected. */
function isRunning(pid: number): boolean {
  const stat = procStat(pid);
  return stat ? stat.state !== "Z" : process.platform !== "linux" && isAlive(pid);
}

interface ProcStat {
  state: string;
  parent: number;
  session: number;
}

function procStat(pid: number): ProcStat | undefined {
  try {
    // The command name, in parentheses, may itself contain spaces and parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: String(state), parent: Number(parent), session: Number(session) };
  } catch {
    return undefined;
  }
}

/** Processes below `root`, except those that left its session on purpose (`detached: true`). */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  const add = (pid: number, parent: number) =>
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  if (process.platform === "linux") {
    const session = procStat(root)?.session;
    for (const name of readdirSync("/proc")) {
      const stat = /^\d+$/.test(name) ? procStat(Number(name)) : undefined;
      if (stat && stat.session === session) add(Number(name), stat.parent);
    }
  } else if (process.platform !== "win32") {
    const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,pgid="], { encoding: "utf8" });
    for (const line of stdout?.split("\n") ?? []) {
      const [pid, parent, group] = line.trim().split(/\s+/).map(Number);
      // A detached child leads its own group; ps itself is gone by now.
      if (pid && parent && group !== pid) add(pid, parent);
    }
  }
  const found: number[] = [];
  for (let next = children.get(root) ?? []; next.length > 0; ) {
    found.push(...next);
    next = next.flatMap((pid) => children.get(pid) ?? []);
  }
  return found;
}
