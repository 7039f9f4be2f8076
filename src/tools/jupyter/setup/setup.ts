/** `npm run setup`: makes the kernel known to front ends that start it themselves, and undoes it. */
import path from "node:path";
import { type FoundKernel, findKernel, JUPYTER_FOLDER } from "./find-kernel";
import { jupyterDataFolders, type Machine, pathRules, vscodeDataFolders } from "./kernel-folders";
import { makeUserLink, removeUserLink, userLink } from "./user-link";
import { addToEnv, foldersOfEnv, removeFromEnv } from "./workspace-env";

const UNDO = "Undo: npm run setup -- --undo";

/**
 * Makes the kernel known to VS Code for this folder, or with `user` to every front end of the user.
 *
 * @returns lines that say what was done
 * @throws {SetupError} something is in the way
 */
export async function setUp(
  root: string,
  machine: Machine,
  { user = false } = {},
): Promise<string[]> {
  if (user) {
    const done = await makeUserLink(root, machine);
    return [`${userLink(machine)}: a link to the kernel, ${done}`, UNDO];
  }
  const done = await addToEnv(root, machine);
  return [`.env: JUPYTER_PATH with ${path.join(root, JUPYTER_FOLDER)}, ${done}`, UNDO];
}

/**
 * Takes away whatever of setUp is there, and nothing else.
 *
 * @returns lines that say what was done
 * @throws {SetupError} something is in the way
 */
export async function undo(root: string, machine: Machine): Promise<string[]> {
  const done: string[] = [];
  if (await removeUserLink(root, machine)) done.push(`${userLink(machine)}: the link is removed`);
  if (await removeFromEnv(root, machine)) done.push(".env: JUPYTER_PATH without the kernel again");
  return done.length > 0 ? done : ["There is nothing to undo."];
}

export interface Status {
  readonly lines: string[];
  /** Whether VS Code finds this repository's kernel. */
  readonly inVscode: boolean;
}

/** What front ends find now. */
export async function status(root: string, machine: Machine): Promise<Status> {
  const ofEnv = await foldersOfEnv(root, machine);
  const { delimiter } = pathRules(machine);
  const listed = ofEnv ?? (machine.env.JUPYTER_PATH ?? "").split(delimiter).filter(Boolean);
  const inVscode = findKernel(root, [...listed, ...vscodeDataFolders(machine)]);
  const inJupyter = findKernel(root, jupyterDataFolders(machine));
  const advice = `set JUPYTER_PATH to ${path.join(root, JUPYTER_FOLDER)} first`;
  return {
    lines: [
      `VS Code, this folder open:      ${describe(inVscode, "run npm run setup")}`,
      `jupyter, started in this shell: ${describe(inJupyter, advice)}`,
    ],
    inVscode: inVscode?.ours === true,
  };
}

function describe(found: FoundKernel | undefined, advice: string): string {
  if (found?.ours) return `finds the kernel in ${found.folder}`;
  const instead = found ? `finds another of the same name in ${found.folder}` : "does not find it";
  return `${instead}: ${advice}`;
}
