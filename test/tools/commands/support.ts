/** Runs the npm commands of this repository, in it or in a throwaway folder. */
import { readFile, symlink } from "node:fs/promises";
import path from "node:path";
import {
  type Child,
  type ChildEnd,
  KERNEL_CHILD_DEADLINE_MS,
  startChild,
} from "../../support/child";
import { type LabFolder, labFolder } from "../notebook/support/lab-folder";

export const REPOSITORY = path.resolve(import.meta.dirname, "../../..");

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

/** Runs a command that starts kernels in a throwaway folder, to its end. */
export function runCommand(lab: LabFolder, name: string, ...args: string[]): Promise<ChildEnd> {
  const env = { SOCKET_LAB_PORTS: "system" };
  return startCommand(name, args, { cwd: lab.root, env }).end(KERNEL_CHILD_DEADLINE_MS);
}

/** Cells that run clean; the first never prints the same twice. */
export const GOOD = `%% md intro
# A part
%% code hello
console.log("hello from pid " + process.pid);
%% code answer
6 * 7
`;
/** Cells of which the second does not compile. */
export const BROKEN = `%% code fine
console.log("fine");
%% code deliberately-broken
const text: string = "x";
text.nothing();
`;

/** A throwaway folder with notebooks and tests of its own, and the lab's configuration of vitest. */
export async function labWithTests(
  notebooks: Record<string, string>,
  tests: Record<string, string>,
): Promise<LabFolder> {
  const lab = await labFolder(notebooks);
  await symlink(path.join(REPOSITORY, "node_modules"), lab.path("node_modules"));
  await symlink(path.join(REPOSITORY, "src/tools"), lab.path("src/tools"));
  const support = ["global-setup", "file-setup", "end-of-file"];
  const supportFiles = support.map((name) => `test/support/${name}.ts`);
  for (const file of ["vitest.config.ts", "package.json", ...supportFiles]) {
    await lab.write(file, await readFile(path.join(REPOSITORY, file), "utf8"));
  }
  for (const [name, text] of Object.entries(tests)) await lab.write(`test/${name}.test.ts`, text);
  return lab;
}

/** Starts the vitest of such a folder, as from a shell. */
export function startVitest(lab: LabFolder, args: readonly string[]): Child {
  const vitest = path.join(REPOSITORY, "node_modules/vitest/vitest.mjs");
  return startChild(process.execPath, [vitest, ...args], {
    cwd: lab.root,
    env: { CI: undefined, VITEST: undefined, TEST: undefined, NODE_ENV: undefined },
  });
}
