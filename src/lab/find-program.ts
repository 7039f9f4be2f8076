// Finds a program on this machine, as a shell would.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const ENDINGS = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];

/** Where administrators' programs live; a user's PATH often leaves these out. */
export const ADMIN_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/opt/homebrew/bin"];

/** The folders of a PATH (default: that of the environment), in its order. */
export function pathFolders(path = process.env.PATH ?? ""): string[] {
  return path.split(delimiter).filter(Boolean);
}

/** The first program of one of these names that may be run; undefined when there is none. */
export function findProgram(
  names: readonly string[],
  folders: readonly string[] = pathFolders(),
): string | undefined {
  return folders
    .flatMap((folder) => names.flatMap((name) => ENDINGS.map((end) => join(folder, name + end))))
    .find(mayRun);
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile(); // a folder may be "run" too
  } catch {
    return false;
  }
}
