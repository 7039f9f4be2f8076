/** The programs of an exercise as a learner first sees them: solutions cleared, and compiled. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundleProgram } from "../../../src/notebook/bundle";
import { listNotebooks, readNotebook } from "../../../src/notebook/files";
import { findProgramCells } from "../../../src/notebook/program-cells";
import type { Judge } from "../../../src/practice/judge";
import { blankSource } from "../../../src/practice/solution";
import type { Main } from "../../../src/program/program";

const ROOT = path.resolve(import.meta.dirname, "../../..");

export interface Blank {
  readonly programs: Readonly<Record<string, Main>>;
  /** The ids of the notebook's program cells. */
  readonly cells: readonly string[];
}

export async function blankPrograms({ part, programs }: Judge): Promise<Blank> {
  const files = await listNotebooks(ROOT);
  const file = files.find((name) => path.basename(name).startsWith(`${part}-`)) ?? "";
  const notebook = await readNotebook(ROOT, file);
  const cells = findProgramCells([notebook]).programs.map((cell) => ({
    ...cell,
    source: blankSource(cell.source, { file, cell: cell.cell }),
  }));
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-blank-"));
  const found: Record<string, Main> = {};
  try {
    for (const cell of cells.filter(({ name }) => programs.includes(name))) {
      const { code } = await bundleProgram(cell, cells, { root: ROOT, folder: "dist" });
      const target = path.join(folder, `${cell.name}.mjs`);
      // It is to be run by the test, and not by being loaded.
      const loaded = code
        .replace(/\nrunAsMain\(.*/, "\nexport { main };")
        .replace(/^\/\/# source.*$/m, "");
      await writeFile(target, loaded);
      found[cell.name] = (await import(/* @vite-ignore */ pathToFileURL(target).href)).main;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { programs: found, cells: cells.map(({ cell }) => cell) };
}
