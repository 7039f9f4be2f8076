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

export class Shelf {
  copies: readonly Part[] = [];
  #record: PracticeRecord = {};
  /** What was wrong with what is kept, for people. */
  problem: string | undefined;

  async load(root: string): Promise<void> {
    const [copies, { record, problem }] = await Promise.all([
      listCopiedParts(root),
      readRecord(root),
    ]);
    this.copies = copies;
    this.#record = record;
    this.problem = problem;
  }

  /** The copy of a part, if there is one. */
  copyOf({ file }: Pick<Part, "file">): Part | undefined {
    return this.copies.find((copy) => path.basename(copy.file) === path.basename(file));
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
