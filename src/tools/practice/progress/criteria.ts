/** The success criteria of the lab, and which of them the learner's own copies have proved. */
import { NotebookError } from "../../notebook/errors";
import { readNotebook } from "../../notebook/files";
import { listParts, type Part } from "../../notebook/parts";
import { fingerprints } from "../copies/module-cells";
import { JUDGES } from "../judges/all";
import type { Judge } from "../judging/judge";
import { type Pass, type PracticeRecord, type Proof, proofOf } from "./record";

export interface Criterion {
  /** In the words of the parts that cover it. */
  readonly name: string;
  /** The parts that cover it and can be practised: `06`. */
  readonly parts: readonly string[];
  /** The first check that proved it; undefined while none has. */
  readonly proof?: Proof;
}

/** Every criterion that the parts name, in the order in which they name them. */
export function criteriaOfParts(
  parts: readonly Pick<Part, "number" | "criteria">[],
  record: PracticeRecord,
  judges: readonly Pick<Judge, "part" | "proves">[] = JUDGES,
): Criterion[] {
  const names = [...new Set(parts.flatMap(({ criteria }) => criteria))];
  return names.map((name) => {
    const covering = parts.filter(({ criteria }) => criteria.includes(name));
    const practised = judges.filter(
      ({ part, proves = [name] }) =>
        proves.includes(name) && covering.some(({ number }) => Number(number) === Number(part)),
    );
    const proof = proofOf(record, name);
    return { name, parts: practised.map(({ part }) => part), ...(proof && { proof }) };
  });
}

/** The same for the notebooks of a repository. */
export async function readCriteria(root: string, record: PracticeRecord): Promise<Criterion[]> {
  return criteriaOfParts(await listParts(root), record);
}

/**
 * The module cells of a copy that are no longer as they were.
 * @returns their ids; all of them when the copy is gone or cannot be read
 */
export async function changedCells(
  root: string,
  { copy, cells }: Pick<Pass, "copy" | "cells">,
): Promise<string[]> {
  try {
    const now = fingerprints(await readNotebook(root, copy));
    const ids = new Set([...Object.keys(cells), ...Object.keys(now)]);
    return [...ids].filter((id) => now[id] !== cells[id]);
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    return Object.keys(cells);
  }
}
