/** Runs the npm commands of this repository, in it or in a throwaway folder. */
import path from "node:path";
import { type Child, startChild } from "../support/child";

export const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** What package.json's scripts do: `node scripts/run.mjs NAME ARGS`. */
export function commandLine(name: string, args: readonly string[] = []): string[] {
  return [path.join(REPOSITORY, "scripts/run.mjs"), name, ...args];
}

/** Starts a command in `cwd`; it has no terminal. */
export function startCommand(
  name: string,
  args: readonly string[] = [],
  { cwd = REPOSITORY, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Child {
  const child = startChild(process.execPath, commandLine(name, args), { cwd, env });
  child.process.stdin.end();
  return child;
}
