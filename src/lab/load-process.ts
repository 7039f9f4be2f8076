// The load of load.ts, from a process of its own.

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { LoadOptions, LoadResult } from "./load";

const MAIN = path.join("src", "lab", "load-main.ts");

/** Beyond the time that the load itself takes. */
const START_AND_STOP_MAX_MS = 15_000;

/** One turn for each server where only the way of measuring is tried; longer ones on a machine too busy for that. */
const BRIEF_ROUNDS_MS = [100, 1_000, 4_000];

/**
 * As `load`, but in another process, started in the working directory (in a kernel, the repository).
 * With `SOCKET_LAB_MEASURE=briefly` in the environment (runs that check a notebook and show no figure),
 * each server has one turn, which is over soon once all have answered or failed.
 */
export async function loadFromOutside(wanted: LoadOptions): Promise<LoadResult[]> {
  if (process.env.SOCKET_LAB_MEASURE !== "briefly") return loadOnce(wanted);
  let results: LoadResult[] = [];
  for (const roundMs of BRIEF_ROUNDS_MS) {
    results = await loadOnce({ ...wanted, rounds: 1, roundMs });
    if (results.every(({ answers, failures }) => answers + failures > 0)) break;
  }
  return results;
}

async function loadOnce(options: LoadOptions): Promise<LoadResult[]> {
  const args = ["--import", "tsx", MAIN, JSON.stringify(options)];
  const timeout = options.rounds * options.roundMs * options.targets.length + START_AND_STOP_MAX_MS;
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout });
  return JSON.parse(stdout) as LoadResult[];
}
