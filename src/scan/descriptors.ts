/** The number of sockets that a scan may open within the limit on open files (`ulimit -n`). */
import { readdirSync, readFileSync } from "node:fs";
import { openFilesMax } from "../lab/open-files";
import { RESERVED_FILES } from "./limits";

const LIMITS_FILE = "/proc/self/limits";
const OPEN_FILES_FOLDER = "/proc/self/fd";

/** The soft limit; Infinity where the system has none. Linux tells it faster than Node's report. */
export function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files +(\S+)/m.exec(readFileSync(LIMITS_FILE, "utf8")) ?? [];
    if (soft === "unlimited") return Number.POSITIVE_INFINITY;
    if (soft !== undefined) return Number(soft);
  } catch {
    // not Linux
  }
  return openFilesMax();
}

/** The number of files that this process has open now, where the system tells it. */
function openNow(): number {
  try {
    return readdirSync(OPEN_FILES_FOLDER).length;
  } catch {
    return RESERVED_FILES;
  }
}

/**
 * `wanted` sockets, or as many as there is room for: beside what is open, and with RESERVED_FILES to
 * spare, or half of the room where that is little. At least 1.
 */
export function affordableSockets(
  wanted: number,
  limit = descriptorLimit(),
  open = openNow(),
): number {
  const room = Math.max(0, limit - open);
  const spare = Math.min(RESERVED_FILES, Math.ceil(room / 2));
  return Math.max(1, Math.min(wanted, room - spare));
}
