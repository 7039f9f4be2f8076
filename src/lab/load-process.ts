// The load of load.ts, from a process of its own.

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { LoadOptions, LoadResult } from "./load";

const MAIN = path.join("src", "lab", "load-main.ts");

/** Beyond the time that the load itself takes. */
const START_AND_STOP_MAX_MS = 15_000;

/** As `load`, but in another process, started in the working directory (in a kernel, the repository). */
export async function loadFromOutside(options: LoadOptions): Promise<LoadResult[]> {
  const args = ["--import", "tsx", MAIN, JSON.stringify(options)];
  const timeout = options.rounds * options.roundMs * options.targets.length + START_AND_STOP_MAX_MS;
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout });
  return JSON.parse(stdout) as LoadResult[];
}
