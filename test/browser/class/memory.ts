/** What processes hold in memory, as Linux counts it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Held {
  /** The process's command line. */
  readonly command: string;
  /** Its proportional set size (proc(5), smaps_rollup): a page that n processes share counts one n-th for each. */
  readonly bytes: number;
}

/** A process and all below it. */
export function memoryBelow(root: number): Held[] {
  const children = new Map<number, number[]>();
  const commands = new Map<number, string>();
  const table = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  for (const line of table.trim().split("\n")) {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(pid)]);
    commands.set(Number(pid), command);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root).map((pid) => ({
    command: commands.get(pid) ?? "",
    bytes: proportionalSetSize(pid),
  }));
}

function proportionalSetSize(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended
  }
}
