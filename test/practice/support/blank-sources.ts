/** Every program cell of the lab with its solutions cleared: what a learner begins with. */
import path from "node:path";
import { listNotebooks, readNotebook } from "../../../src/notebook/files";
import { findProgramCells } from "../../../src/notebook/program-cells";
import { blankSource } from "../../../src/practice/solution";

/** By the path at which a cell's imports lead where they do in the kernel: the repository's root. */
export async function blankSources(root: string): Promise<Map<string, string>> {
  const files = await listNotebooks(root);
  const notebooks = await Promise.all(files.map((file) => readNotebook(root, file)));
  return new Map(
    findProgramCells(notebooks).programs.map(({ name, file, cell, source }) => [
      path.join(root, `${name}.ts`),
      blankSource(source, { file, cell }),
    ]),
  );
}
