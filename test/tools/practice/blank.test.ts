/** Blank copies: there is one for each part that has solutions. */
import { expect, it } from "vitest";
import { listNotebooks, readNotebook } from "../../../src/tools/notebook/files";
import { practiceOf } from "../../../src/tools/practice/copies/copies";
import { BEGIN_SOLUTION } from "../../../src/tools/practice/copies/solution-marks";
import { JUDGES } from "../../../src/tools/practice/judges/all";
import { REPOSITORY } from "../commands/support";

it("is judged wherever a solution is marked, and marked wherever it is judged", async () => {
  const marked: string[] = [];
  for (const file of await listNotebooks(REPOSITORY)) {
    const { cells } = await readNotebook(REPOSITORY, file);
    if (cells.some(({ source }) => source.includes(BEGIN_SOLUTION))) marked.push(file);
  }
  const judged = await Promise.all(JUDGES.map((judge) => practiceOf(REPOSITORY, judge)));
  expect(judged.map(({ notebook }) => notebook)).toEqual(marked);
});
