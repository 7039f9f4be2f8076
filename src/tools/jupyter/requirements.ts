/** Lists of pinned Python packages, in pip's format (https://pip.pypa.io/en/stable/reference/requirements-file-format/). */
import { readFileSync } from "node:fs";
import path from "node:path";

/** One line of a list: `tornado==6.5.10`. */
export interface Pin {
  readonly name: string;
  /** The line as it stands, with its environment marker if it has one. */
  readonly line: string;
}

const PIN = /^([A-Za-z0-9._-]+)==[^\s;]+(\s*;.+)?$/;
const INCLUDE = /^-r\s+(.+)$/;

/**
 * Reads a list, and those that it includes with `-r`, in the order of their lines.
 * @throws Error naming file and line: a line is neither a comment, nor `-r FILE`, nor an exact version
 */
export function readRequirements(file: string): Pin[] {
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  return lines.flatMap((text, at) => {
    const line = text.trim();
    if (line === "" || line.startsWith("#")) return [];
    const included = INCLUDE.exec(line)?.[1];
    if (included !== undefined) {
      return readRequirements(path.resolve(path.dirname(file), included));
    }
    const name = pinnedName(line);
    if (name === undefined) {
      throw new Error(`${file}:${at + 1}: not a package with an exact version: ${line}`);
    }
    return [{ name, line }];
  });
}

/** The name of the package that the line pins, written as every list would write it. */
export function pinnedName(line: string): string | undefined {
  const name = PIN.exec(line)?.[1];
  // https://packaging.python.org/en/latest/specifications/name-normalization/
  return name?.replace(/[-_.]+/g, "-").toLowerCase();
}
