/** The JupyterLab to start: the one on PATH when it is new enough, otherwise the lab's own. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { findProgram, pathFolders } from "../../lab/find-program";
import { commandsFolder } from "./python-environment";

/** The oldest that the lab was tried with. */
const OLDEST_JUPYTERLAB = [4, 0] as const;
const COMMAND = "jupyter-lab";

export interface JupyterLab {
  readonly command: string;
  readonly version: string;
}

/** The JupyterLab that the user has installed, unless it is too old for the lab or does not run. */
export function jupyterLabOnPath(env: NodeJS.ProcessEnv): JupyterLab | undefined {
  return findProgramsInOrder(env)
    .map(jupyterLabAt)
    .find((found) => found && isNewEnough(found.version));
}

/** The JupyterLab that was installed into a virtual environment, if any. */
export function jupyterLabIn(venv: string): JupyterLab | undefined {
  const command = findProgram([COMMAND], [commandsFolder(venv)]);
  return command === undefined ? undefined : jupyterLabAt(command);
}

/** "4.6.6" is new enough; "3.6.8" is not. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_JUPYTERLAB;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** One in each folder of PATH: a later one may do where an earlier does not. */
function findProgramsInOrder(env: NodeJS.ProcessEnv): string[] {
  return pathFolders(env.PATH).flatMap((folder) => findProgram([COMMAND], [folder]) ?? []);
}

function jupyterLabAt(command: string): JupyterLab | undefined {
  const { stdout, status } = spawnSync(command, ["--version"], { encoding: "utf8" });
  const version = /^\d+\.\d+[\w.]*/.exec(stdout ?? "")?.[0];
  return status === 0 && version !== undefined
    ? { command: path.resolve(command), version }
    : undefined;
}
