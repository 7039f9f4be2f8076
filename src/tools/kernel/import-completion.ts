// Completion of what a cell imports from, inside the quotes: Node's modules, files below the root, and
// module cells. Of these TypeScript offers a part, and some of it twice.

import { readdirSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";

const NODE_PREFIX = "node:";
/** The text before the cursor ends in an unfinished specifier. */
const SPECIFIER = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(["'])([^"'\n]*)$/;
/** A folder, or a module that has this extension. */
const MODULE = /^(?!.*\.d\.ts$)(.+?)\.(?:ts|js|json)$/;
const NOT_OFFERED = new Set(["node_modules", "dist", "book"]);

export interface Completions {
  candidates: string[];
  /** In UTF-16 units. */
  start: number;
  end: number;
}

/**
 * Candidates at an offset inside a module specifier; undefined anywhere else.
 * @param moduleCells names of module cells
 */
export function completeImport(
  code: string,
  offset: number,
  root: string,
  moduleCells: Iterable<string>,
): Completions | undefined {
  const typed = SPECIFIER.exec(code.slice(0, offset))?.[2];
  if (typed === undefined) return undefined;
  const known = typed.startsWith(".")
    ? [...filesAt(root, typed), ...Array.from(moduleCells, (name) => `./${name}`)]
    : builtinModules.filter((name) => !name.startsWith("_")).map(withPrefix);
  const fits = (name: string) => name.startsWith(typed) || name.startsWith(NODE_PREFIX + typed);
  const candidates = [...new Set(known)].filter(fits).sort();
  return { candidates, start: offset - typed.length, end: offset };
}

function withPrefix(name: string): string {
  return name.startsWith(NODE_PREFIX) ? name : NODE_PREFIX + name;
}

/** The modules and folders beside what is typed: `./src/so` gives those of `./src/`. */
function filesAt(root: string, typed: string): string[] {
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1) || "./";
  const directory = path.join(root, folder);
  if (path.relative(root, directory).startsWith("..")) return []; // cells import from below the root
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith(".") || NOT_OFFERED.has(entry.name)) return [];
      if (entry.isDirectory()) return [`${folder}${entry.name}/`];
      const name = entry.name.endsWith(".json") ? entry.name : MODULE.exec(entry.name)?.[1];
      return name === undefined ? [] : [folder + name];
    });
  } catch {
    return []; // no such folder
  }
}
