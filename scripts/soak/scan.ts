/**
 * `npm run soak -- scan`: 20 full scans of the loopback in a row, each beside nmap's, with servers of
 * its own to find. Exit 1 at the first false open or missed port.
 */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "../../src/lab/find-program";
import { ProgramError } from "../../src/program/failures";
import { print, printError } from "../../src/program/print";
import { extractPrograms } from "../../src/tools/notebook/extract";
import { wholeNumber } from "../whole-number";
import { compareScans } from "./compare-scans";
import { startListeners } from "./listeners";
import { NMAP_MISSING } from "./scanners";

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const ROUNDS = 20;
const LISTENERS = 48;
/** With everything else that listens there: the harder case. */
const LOOPBACK = "127.0.0.1";
const ROUNDS_MAX = 10_000;

export interface SoakScanResult {
  readonly rounds: number;
  /** What was wrong, in words; empty when every list was right. */
  readonly faults: readonly string[];
}

/**
 * Scans `host` so many times with both, or until something is wrong. `say` gets a line a round. Without
 * `others`, a list like `1-1024`, all ports are asked; with it those, and those that are to be found.
 */
export async function soakScan(
  rounds: number,
  say: (line: string) => void = () => {},
  host = LOOPBACK,
  others?: string,
): Promise<SoakScanResult> {
  const listeners = await startListeners(LISTENERS, host);
  const ports = others && [others, ...listeners.ports].join(",");
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const { ours, nmap, falseOpen, missed, noted } = await compareScans(
        host,
        listeners.ports,
        ports,
      );
      const faults = [
        ...falseOpen.map((port) => `round ${round}: ${port} was reported open, nobody listens`),
        ...missed.map((port) => `round ${round}: ${port} is open and was missed`),
      ];
      const times = `${(ours.ms / 1000).toFixed(2)} s, nmap ${(nmap.ms / 1000).toFixed(2)} s`;
      const verdict = faults.length > 0 ? "WRONG" : inShort(noted);
      say(`${String(round).padStart(3)}  ${ours.open.length} open  ${times}  ${verdict}`);
      if (faults.length > 0) return { rounds: round, faults };
    }
    return { rounds, faults: [] };
  } finally {
    await listeners.close();
  }
}

const NOTED_SHOWN_MAX = 3;

/** "equal", or what differs for reasons that are not the scanner's. */
function inShort(noted: readonly string[]): string {
  if (noted.length === 0) return "equal";
  if (noted.length <= NOTED_SHOWN_MAX) return `equal but for ${noted.join("; ")}`;
  return `equal but for ${noted.length} ports that other programs opened or closed meanwhile`;
}

/** @throws UsageError a value is wrong */
export async function scanSection(values: ReadonlyMap<string, string>): Promise<number> {
  const rounds = wholeNumber(values, "rounds", ROUNDS, ROUNDS_MAX, 1);
  if (findProgram(["nmap"]) === undefined) throw new ProgramError(NMAP_MISSING);
  await extractPrograms(REPOSITORY);
  print(`${LISTENERS} servers to find; ports 1 to 65535 of ${LOOPBACK}`);
  const { faults } = await soakScan(rounds, print);
  for (const fault of faults) printError(`soak: ${fault}`);
  if (faults.length === 0) print(`no false open and none missed in ${rounds} full scans`);
  return faults.length > 0 ? 1 : 0;
}
