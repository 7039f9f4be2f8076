/** The module cells of a notebook: where they are, and what tells one version of them from another. */
import type { Notebook } from "../../notebook/format";
import { type ProgramCell, programCell } from "../../notebook/program-cells";
import { fingerprint } from "../progress/record";

/** @throws {NotebookError} the first line of one is not as it must be */
export function moduleCells(notebook: Notebook): ProgramCell[] {
  return notebook.cells.flatMap((cell) => programCell(notebook, cell) ?? []);
}

/** By the id of each module cell, the fingerprint of its source. */
export function fingerprints(notebook: Notebook): Record<string, string> {
  return Object.fromEntries(
    moduleCells(notebook).map(({ cell, source }) => [cell, fingerprint(source)]),
  );
}
