/** The files of the programs, as `npm run extract` writes them. */
import { bundleProgram, checkImports } from "../notebook/bundle";
import { type NotebookError, notebookErrorsIn } from "../notebook/errors";
import { programSource } from "../notebook/program-source";
import type { BookProgram, Lab } from "./lab";
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
    const { code, problems } = made[at] ?? { problems: [] };
    errors.push(...problems);
    if (problems.length > 0) continue;
    files.set(programFile(program, "ts"), programSource(program.cell, program.runs));
    if (code !== undefined) files.set(programFile(program, "mjs"), code);
  }
  return files;
}

interface Made {
  readonly code?: string;
  readonly problems: readonly NotebookError[];
}

function madeOf({ cell, runs, from }: BookProgram, lab: Lab, memo: Memo): Promise<Made> {
  const cells = lab.programs.map((program) => program.cell);
  // A program is made of module cells of its own notebook; src changes seldom while prose is written.
  const sources = lab.programs.filter((one) => one.from === from).map((one) => one.cell.source);
  return memo.get(["program", cell.name, ...sources], async () => {
    const problems = checkImports(cell, cells, lab.root);
    if (problems.length > 0 || !runs) return { problems };
    try {
      const { code } = await bundleProgram(cell, cells, lab.root);
      return { code, problems };
    } catch (error) {
      const found = notebookErrorsIn(error);
      if (!found) throw error;
      return { problems: found };
    }
  });
}
