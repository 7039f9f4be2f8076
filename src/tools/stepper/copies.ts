/** The learner's own copies, beside the lab's parts, and what they have proved. */
import path from "node:path";
import { PRACTICE_FOLDER } from "../notebook/files";
import { listCopiedParts, type Part } from "../notebook/parts";
import {
  type PartRecord,
  type PracticeRecord,
  type Proof,
  proofOf,
  readRecord,
} from "../practice/progress/record";

export class Copies {
  parts: readonly Part[] = [];
  #record: PracticeRecord = {};
  /** What was wrong with what is kept, for people. */
  problem: string | undefined;

  async load(root: string): Promise<void> {
    const [parts, { record, problem }] = await Promise.all([
      listCopiedParts(root),
      readRecord(root),
    ]);
    this.parts = parts;
    this.#record = record;
    this.problem = problem;
  }

  /** The copy of a part, if there is one. */
  copyOf({ file }: Pick<Part, "file">): Part | undefined {
    return this.parts.find((copy) => path.basename(copy.file) === path.basename(file));
  }

  /** A copy as it is now. */
  replace(fresh: Part): void {
    this.parts = this.parts.map((part) => (part.file === fresh.file ? fresh : part));
  }

  /** How the checks of the part's copy went. */
  standing({ number }: Pick<Part, "number">): PartRecord | undefined {
    const found = Object.keys(this.#record).find((part) => Number(part) === Number(number));
    return found === undefined ? undefined : this.#record[found];
  }

  proof(criterion: string): Proof | undefined {
    return proofOf(this.#record, criterion);
  }
}

/** Whether a notebook is a copy: `practice/06-http-server-challenge.ipynb`. */
export function isCopy(file: string): boolean {
  return file.startsWith(`${PRACTICE_FOLDER}/`);
}

/** Makes the learner's copy of a part. What makes it is loaded only now. */
export async function copyToPractise(root: string, part: Part): Promise<void> {
  const [{ findJudge }, { makeCopy, practiceOf }] = await Promise.all([
    import("../practice/judges/all"),
    import("../practice/copies/copies"),
  ]);
  const judge = findJudge(part.number);
  if (!judge) throw new Error(`There is nothing to practise in Part ${part.number}.`);
  await makeCopy(root, await practiceOf(root, judge));
}
