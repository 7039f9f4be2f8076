/** The programs of a copy with some of its solutions filled in, to be run in the process of the tests. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundleProgram } from "../../../src/notebook/bundle";
import { readNotebook } from "../../../src/notebook/files";
import { findProgramCells, type ProgramCell } from "../../../src/notebook/program-cells";
import { practiceOf } from "../../../src/practice/copies";
import type { Judge } from "../../../src/practice/judge";
import { blankSource, solutionRegions } from "../../../src/practice/solution";
import type { Main } from "../../../src/program/program";
import { REPOSITORY } from "../../commands/support";

/** The last line of a bundle: it runs nothing unless Node was started with it. */
const RUNS = /^runAsMain\((\w+), import\.meta\.url\);$/m;
/** A process has a console of its own, where servers print what nobody has caught: so has a program here. */
const EXPORTS = `
import { Console as ConsoleOfTheCopy } from "node:console";
let console = globalThis.console;
export const mainOfTheCopy = (argv, io) => {
  console = new ConsoleOfTheCopy(io);
  return $1(argv, io);
};`;

/** The program cells of a judge's notebook. */
async function cellsOf(judge: Judge): Promise<readonly ProgramCell[]> {
  const { notebook } = await practiceOf(REPOSITORY, judge);
  return findProgramCells([await readNotebook(REPOSITORY, notebook)]).programs;
}

/** Every region that is marked as a solution, as `port-probes 0`: the cell's id and which of its regions. */
export async function regionsOf(judge: Judge): Promise<string[]> {
  return (await cellsOf(judge)).flatMap(({ source, file, cell }) =>
    solutionRegions(source, { file, cell }).map((_, at) => `${cell} ${at}`),
  );
}

/** The judge's programs as a learner has them who has filled in these regions: the code of each, by its name. */
async function bundles(judge: Judge, regions: readonly string[]) {
  const cells = (await cellsOf(judge)).map((whole) => {
    const { file, cell } = whole;
    const keep = (index: number) => regions.includes(`${cell} ${index}`);
    return { ...whole, source: blankSource(whole.source, { file, cell }, keep) };
  });
  return Promise.all(
    judge.programs.map(async (name) => {
      const program = cells.find((cell) => cell.name === name);
      if (!program) throw new Error(`there is no program ${name}`);
      const { code } = await bundleProgram(program, cells, { root: REPOSITORY, folder: "dist" });
      return { name, code };
    }),
  );
}

/** Calls `use` with a folder in which each program is a file, `NAME.mjs`. */
export async function withFilledFiles<T>(
  judge: Judge,
  regions: readonly string[],
  use: (folder: string, names: readonly string[]) => Promise<T>,
  change: (code: string) => string = (code) => code,
): Promise<T> {
  const programs = await bundles(judge, regions);
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-filled-"));
  try {
    for (const { name, code } of programs) {
      await writeFile(path.join(folder, `${name}.mjs`), change(code));
    }
    const names = programs.map(({ name }) => name);
    return await use(folder, names);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same as functions of this process; without any region, as they are first seen. */
export function filledPrograms(
  judge: Judge,
  regions: readonly string[] = [],
): Promise<Readonly<Record<string, Main>>> {
  const load = async (folder: string, names: readonly string[]) => {
    const mains = names.map(async (name) => {
      const { href } = pathToFileURL(path.join(folder, `${name}.mjs`));
      const { mainOfTheCopy } = await import(/* @vite-ignore */ href);
      return [name, mainOfTheCopy as Main] as const;
    });
    return Object.fromEntries(await Promise.all(mains));
  };
  return withFilledFiles(judge, regions, load, (code) => {
    const exported = code.replace(RUNS, EXPORTS);
    if (exported === code) throw new Error("a program does not end as programs do");
    return exported;
  });
}
