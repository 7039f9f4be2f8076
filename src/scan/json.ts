/** A report as JSON, for programs. */
import { formatPorts } from "./ports";
import type { ScanReport } from "./report";

/** One object; ports that are not open stand as ranges (`1-21,23`), as `--ports` reads them. */
export function formatJson({ hosts, finished, elapsedMs }: ScanReport): string {
  const all = hosts.map(({ address, name, open, closed, filtered, unreachable, unasked }) => ({
    address,
    ...(name !== undefined && { name }),
    open,
    closed: formatPorts(closed),
    filtered: formatPorts(filtered),
    unreachable: formatPorts(unreachable),
    unasked: formatPorts(unasked),
  }));
  return JSON.stringify({ finished, elapsedMs: Math.round(elapsedMs), hosts: all }, null, 2);
}
