import { statSync } from "node:fs";

/** Changes with every edit of the file, also one that keeps its size; undefined when there is no such file. */
export function fileStamp(file: string): string | undefined {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.mtimeNs} ${stats.ctimeNs} ${stats.size} ${stats.ino}`;
}
