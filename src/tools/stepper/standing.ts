/** How far the learner is in a part. */
import { type Part, programsHash } from "../notebook/parts";
import { type PartProgress, type Progress, partProgress } from "./progress";

/** What is known of the learner in one part. */
export interface PartStanding {
  /** Cells that ran clean as they are now. */
  readonly done: number;
  readonly total: number;
  /** Undefined: not run since the programs are as they are. */
  readonly tests: "passed" | "failed" | undefined;
}

export function standingOf(part: Part, progress: Progress): PartStanding {
  const { ran, tests }: PartProgress = partProgress(progress, part.file);
  const done = part.cells.filter(({ id, hash }) => ran[id] === hash).length;
  const current = tests?.programs === programsHash(part) ? tests : undefined;
  const verdict = current && (current.failed > 0 ? "failed" : "passed");
  return { done, total: part.cells.length, tests: verdict };
}
