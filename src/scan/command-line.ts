/** The command line of port_scanner, checked as a whole before anything is sent. */

import { UsageError } from "../program/failures";
import type { OptionValues, ProgramPositional } from "../program/options";
import { groupDigits } from "../wire/group-digits";
import { formatCsv } from "./csv";
import { formatJson } from "./json";
import {
  CONCURRENCY_DEFAULT,
  CONCURRENCY_HERE_DEFAULT,
  CONCURRENCY_MAX,
  PROBES_MAX,
  RATE_MAX,
  TIMEOUT_DEFAULT_MS,
  TIMEOUT_MAX_MS,
} from "./limits";
import { ownAddresses, PERMISSION_FLAG, requirePermission, staysHere } from "./permission";
import { parsePorts } from "./ports";
import type { ScanReport } from "./report";
import { formatTable } from "./table";
import { parseTargets, type Resolve, type Target } from "./targets";

export const TARGET: ProgramPositional = {
  name: "target",
  description: "host name, address, block (10.0.0.0/30) or range (10.0.0.1-9); by default --host",
  rest: true,
};

export const OPTIONS = {
  ports: {
    description: "22,80,8000-8100, or common, or all",
    short: "p",
    value: "LIST",
    default: "common",
  },
  timeout: {
    type: "integer",
    description: "how long a probe waits; when it is repeated, twice as long",
    value: "MILLISECONDS",
    default: TIMEOUT_DEFAULT_MS,
    min: 1,
    max: TIMEOUT_MAX_MS,
  },
  concurrency: {
    type: "integer",
    description: `probes in flight at once, at most; by default ${CONCURRENCY_DEFAULT}, and ${CONCURRENCY_HERE_DEFAULT} on this machine`,
    value: "NUMBER",
    min: 1,
    max: CONCURRENCY_MAX,
  },
  rate: {
    type: "integer",
    description: "probes per second, at most; without a limit by default",
    value: "NUMBER",
    min: 1,
    max: RATE_MAX,
  },
  "no-banners": { type: "boolean", description: "do not ask open ports for a banner" },
  json: { type: "boolean", description: "print JSON" },
  csv: { type: "boolean", description: "print CSV" },
  "expect-open": {
    type: "boolean",
    description: "exit with 1 unless every probed port is open",
  },
  [PERMISSION_FLAG]: {
    type: "boolean",
    description: "I assert that the owner of each target lets me scan it",
  },
} as const;

export type ScannerOptions = OptionValues<typeof OPTIONS>;

/** A checked command line, as `scan` takes it. */
export interface CheckedScan {
  readonly targets: readonly Target[];
  readonly ports: readonly number[];
  readonly timeout: number;
  readonly concurrency: number;
  readonly rate?: number;
}

/**
 * Reads targets and options, and looks up names. Sends nothing to any target.
 *
 * @throws UsageError for what is not well written, too much, or not this machine without the flag
 * @throws ProgramError when a name has no address
 */
export async function checkedScan(
  texts: readonly string[],
  options: ScannerOptions,
  resolve?: Resolve,
): Promise<CheckedScan> {
  if (options.json && options.csv) throw new UsageError("--json and --csv exclude each other");
  const ports = parsePorts(options.ports);
  const targets = await parseTargets(texts, resolve);
  requirePermission(targets, options[PERMISSION_FLAG]);
  const probes = targets.length * ports.length;
  if (probes > PROBES_MAX) {
    throw new UsageError(
      `${targets.length} addresses with ${ports.length} ports are ${groupDigits(probes)} probes, more than ${groupDigits(PROBES_MAX)}: scan in smaller pieces`,
    );
  }
  const { timeout, rate } = options;
  const own = ownAddresses(); // once: asking the system takes its time
  const here = targets.every(({ address }) => staysHere(address, own));
  const usual = here ? CONCURRENCY_HERE_DEFAULT : CONCURRENCY_DEFAULT;
  const concurrency = options.concurrency ?? usual;
  return { targets, ports, timeout, concurrency, ...(rate !== undefined && { rate }) };
}

/** The report in the form that was asked for, without the last line feed. */
export function formatReport(report: ScanReport, options: ScannerOptions): string {
  if (options.json) return formatJson(report);
  return options.csv ? formatCsv(report).replace(/\n$/, "") : formatTable(report);
}

/** The reason to exit with code 1, in a sentence; undefined if there is none. */
export function failureReason(report: ScanReport, options: ScannerOptions): string | undefined {
  if (report.failure !== undefined) {
    return `this machine lacks what a probe takes (${report.failure}), so not every port was probed. Lower --concurrency, and check that the address is one that this machine can connect to.`;
  }
  if (!options["expect-open"] || !report.finished) return undefined;
  const notOpen = report.hosts.flatMap(({ closed, filtered, unreachable }) => [
    ...closed,
    ...filtered,
    ...unreachable,
  ]).length;
  if (notOpen === 0) return undefined;
  return `${notOpen} of the ports that were expected to be open ${notOpen === 1 ? "is" : "are"} not`;
}
