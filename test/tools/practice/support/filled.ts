/** The programs of a copy with some of its solutions filled in, to be run in the process of the tests. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Main } from "../../../../src/program/program";
import { bundleProgram } from "../../../../src/tools/notebook/bundle";
import { readNotebook } from "../../../../src/tools/notebook/files";
import { findProgramCells, type ProgramCell } from "../../../../src/tools/notebook/program-cells";
import { practiceOf } from "../../../../src/tools/practice/copies/copies";
import { blankSource, solutionRegions } from "../../../../src/tools/practice/copies/solution-marks";
import type { Judge } from "../../../../src/tools/practice/judging/judge";
import { REPOSITORY } from "../../commands/support";

/** The last line of a bundle: it runs nothing unless Node was started with it. */
const RUNS = /^runAsMain\((\w+), import\.meta\.url\);$/m;
const MAP_COMMENT = /^\/\/# sourceMappingURL=.*\n/m;
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

/** The program cells as a learner has them who has filled in these regions. */
async function filledCells(judge: Judge, regions: readonly string[]): Promise<ProgramCell[]> {
  return (await cellsOf(judge)).map((whole) => {
    const { file, cell } = whole;
    const keep = (index: number) => regions.includes(`${cell} ${index}`);
    return { ...whole, source: blankSource(whole.source, { file, cell }, keep) };
  });
}

/** Calls `use` with a folder in which these of the programs are files, `NAME.mjs`. */
async function withFiles<T>(
  names: readonly string[],
  cells: readonly ProgramCell[],
  use: (folder: string) => Promise<T>,
  change: (code: string) => string = (code) => code,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-filled-"));
  try {
    for (const name of names) {
      const program = cells.find((cell) => cell.name === name);
      if (!program) throw new Error(`there is no program ${name}`);
      const { code } = await bundleProgram(program, cells, { root: REPOSITORY, folder: "dist" });
      await writeFile(path.join(folder, `${name}.mjs`), change(code));
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Calls `use` with a folder of the judge's programs, `NAME.mjs`, with these regions filled in. */
export async function withFilledFiles<T>(
  judge: Judge,
  regions: readonly string[],
  use: (folder: string) => Promise<T>,
): Promise<T> {
  return withFiles(judge.programs, await filledCells(judge, regions), use);
}

/** The same as functions of this process; without any region, as they are first seen. */
export async function filledPrograms(
  judge: Judge,
  regions: readonly string[] = [],
): Promise<Readonly<Record<string, Main>>> {
  const cells = await filledCells(judge, regions);
  return Object.fromEntries(
    judge.programs.map((name) => {
      let main: Promise<Main> | undefined;
      const filled: Main = async (argv, io) => {
        main ??= withFiles(
          [name],
          cells,
          (folder) => load(path.join(folder, `${name}.mjs`)),
          exported,
        );
        return (await main)(argv, io);
      };
      return [name, filled];
    }),
  );
}

async function load(file: string): Promise<Main> {
  const { mainOfTheCopy } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  return mainOfTheCopy;
}

function exported(code: string): string {
  const changed = code.replace(RUNS, EXPORTS);
  if (changed === code) throw new Error("a program does not end as programs do");
  return changed.replace(MAP_COMMENT, ""); // whoever follows it finds no file
}
