/** Starts a program under judgement as a child process, with nothing of this one's own that could change what it does. */
import { spawn } from "node:child_process";
import type { Launched } from "./program-process";

/** Starts a program by its name in something else than a child process. */
export type Launch = (name: string, args: readonly string[]) => Launched;

/** Variables of the environment that programs of the lab, or Node, would read. */
const MEANT_FOR_PROGRAMS = ["HOST", "PORT", "TOKEN", "NODE_OPTIONS"];

/**
 * @param command what starts it, word for word: `node`, its `.mjs`, and what it is given
 * @param cwd where it runs: a folder that it may fill
 */
export function spawnProgram(command: readonly string[], cwd: string): Launched {
  const env = { ...process.env };
  for (const variable of MEANT_FOR_PROGRAMS) delete env[variable];
  const [file = "", ...words] = command;
  return spawn(file, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}
