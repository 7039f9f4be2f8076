/** What processes hold in memory, as Linux counts it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Bytes that a process and all below it hold: the sum of their proportional set sizes (proc(5), smaps_rollup),
 * in which a page that n processes share counts one n-th for each.
 */
export function memoryBelow(pid: number): number {
  const children = new Map<number, number[]>();
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  for (const line of table.trim().split("\n")) {
    const [child = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (root: number): number[] => [root, ...(children.get(root) ?? []).flatMap(below)];
  return below(pid).reduce((sum, one) => sum + proportionalSetSize(one), 0);
}

function proportionalSetSize(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended
  }
}
