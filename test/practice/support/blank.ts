/** The programs of an exercise as a learner first sees them: solutions cleared, and compiled. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleProgram } from "../../../src/notebook/bundle";
import { listNotebooks, readNotebook } from "../../../src/notebook/files";
import { findProgramCells } from "../../../src/notebook/program-cells";
import type { Judge } from "../../../src/practice/judge";
import { blankSource } from "../../../src/practice/solution";

const ROOT = path.resolve(import.meta.dirname, "../../..");

export interface Blank {
  /** The folder with the programs, `NAME.mjs`. */
  readonly programs: string;
  /** The ids of the notebook's program cells that have something to be written in them. */
  readonly cells: readonly string[];
}

export async function blankPrograms(
  { part, programs }: Judge,
  onFinished: (remove: () => Promise<void>) => void,
): Promise<Blank> {
  const files = await listNotebooks(ROOT);
  const file = files.find((name) => path.basename(name).startsWith(`${part}-`)) ?? "";
  const whole = findProgramCells([await readNotebook(ROOT, file)]).programs;
  const cells = whole.map((cell) => ({
    ...cell,
    source: blankSource(cell.source, { file, cell: cell.cell }),
  }));
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-blank-"));
  onFinished(() => rm(folder, { recursive: true, force: true }));
  for (const cell of cells.filter(({ name }) => programs.includes(name))) {
    const { code } = await bundleProgram(cell, cells, { root: ROOT, folder: "dist" });
    await writeFile(path.join(folder, `${cell.name}.mjs`), code);
  }
  const blank = cells.filter(({ source }, i) => source !== whole[i]?.source);
  return { programs: folder, cells: blank.map(({ cell }) => cell) };
}
