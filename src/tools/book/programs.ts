/** The files of the programs, as `npm run extract` writes them. */
import { bundleProgram, checkImports } from "../notebook/bundle";
import { type NotebookError, notebookErrorsIn } from "../notebook/errors";
import { PROGRAMS_FOLDER } from "../notebook/extract";
import { programSource } from "../notebook/program-source";
import type { BookPart, BookProgram, Lab } from "./lab";
import type { Memo } from "./memo";
import { programFile } from "./program-page";

/** @param errors is given what is wrong with a cell; then its files are missing */
export async function programFiles(
  lab: Lab,
  memo: Memo,
  errors: NotebookError[],
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const made = await Promise.all(lab.programs.map((program) => madeOf(program, lab, memo)));
  for (const [at, program] of lab.programs.entries()) {
    const { ts, mjs, problems } = made[at] ?? { problems: [] };
    errors.push(...problems);
    if (ts !== undefined) files.set(programFile(program, "ts"), ts);
    if (mjs !== undefined) files.set(programFile(program, "mjs"), mjs);
  }
  return files;
}

/** The program cells of a part. */
export function sourcesOf(part: BookPart, { programs }: Lab): string[] {
  return programs.filter(({ from }) => from === part).map(({ cell }) => cell.source);
}

interface Made {
  readonly ts?: string;
  readonly mjs?: string;
  readonly problems: readonly NotebookError[];
}

function madeOf({ cell, runs, from }: BookProgram, lab: Lab, memo: Memo): Promise<Made> {
  const cells = lab.programs.map((program) => program.cell);
  // A program is made of module cells of its own notebook; src changes seldom while prose is written.
  return memo.get(["program", cell.name, ...sourcesOf(from, lab)], async () => {
    const problems = checkImports(cell, cells, lab.root);
    if (problems.length > 0) return { problems };
    const ts = programSource(cell, PROGRAMS_FOLDER, runs);
    if (!runs) return { ts, problems };
    try {
      const { code: mjs } = await bundleProgram(cell, cells, {
        root: lab.root,
        folder: PROGRAMS_FOLDER,
      });
      return { ts, mjs, problems };
    } catch (error) {
      const found = notebookErrorsIn(error);
      if (!found) throw error;
      return { problems: found };
    }
  });
}
