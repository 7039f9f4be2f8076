/** Runs the npm commands of this repository, in it or in a throwaway folder. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Child, startChild } from "../support/child";

export const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** What package.json's scripts do: `node --import tsx scripts/NAME.ts ARGS`. */
export function commandLine(name: string, args: readonly string[] = []): string[] {
  const tsx = pathToFileURL(path.join(REPOSITORY, "node_modules/tsx/dist/loader.mjs")).href;
  return ["--import", tsx, path.join(REPOSITORY, "scripts", `${name}.ts`), ...args];
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
