/** Writes every program cell as files of its own: the notebook is the program, `dist/` is derived. */
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "../../program/system-code";
import { bundleProgram, checkImports } from "./bundle";
import { NotebookError, NotebookErrors, notebookErrorsIn } from "./errors";
import { listCopies, listNotebooks, PRACTICE_FOLDER, readNotebook, writeIfChanged } from "./files";
import type { Notebook } from "./format";
import { findProgramCells, isPart, type ProgramCell } from "./program-cells";
import { cellInHeader, headerLine, programSource } from "./program-source";

export const PROGRAMS_FOLDER = "dist";
/** Where the programs of the learner's copies are. */
export const PRACTICE_PROGRAMS_FOLDER = `${PROGRAMS_FOLDER}/${PRACTICE_FOLDER}`;

export interface Extraction {
  /** Those that run: parts of programs are not among them. */
  readonly programs: readonly ProgramCell[];
  /** Files written or removed, `dist/tcp_server.mjs`; files that were right already are not among them. */
  readonly changed: readonly string[];
  /** Only with `brokenAsStubs`; otherwise any error is thrown. */
  readonly errors: readonly NotebookError[];
}

export interface ExtractOptions {
  /**
   * Write a program that cannot be extracted as one that only fails with the cell's error, so that what
   * depends on it fails with that, and all else goes on. For test runs.
   */
  readonly brokenAsStubs?: boolean;
}

/** Notebooks, and where their programs go. */
interface Place {
  readonly root: string;
  /** `notebooks/02-tcp.ipynb`, ... */
  readonly files: readonly string[];
  /** `dist` */
  readonly folder: string;
  /** These are all the notebooks there are: what the folder holds of others is out of date. */
  readonly whole: boolean;
}

/**
 * Extracts every program of `notebooks/` into `dist/`: `NAME.ts`, `NAME.mjs` and `NAME.mjs.map`.
 * The same notebooks give the same bytes; what is right already is not touched.
 *
 * @param root the repository
 * @throws {NotebookErrors} some notebook or cell is wrong (nothing is written then)
 */
export async function extractPrograms(
  root: string,
  options: ExtractOptions = {},
): Promise<Extraction> {
  const files = await listNotebooks(root);
  return extract({ root, files, folder: PROGRAMS_FOLDER, whole: true }, options);
}

/**
 * Extracts the programs of the learner's copies, `practice/*.ipynb`, into `dist/practice/`, each as far as it
 * goes: what is broken fails with its cell's error (`brokenAsStubs`).
 *
 * @param file one copy alone: the programs of the others stay as they are
 */
export async function extractCopies(root: string, file?: string): Promise<Extraction> {
  const files = file === undefined ? await listCopies(root) : [file];
  const place = { root, files, folder: PRACTICE_PROGRAMS_FOLDER, whole: file === undefined };
  return extract(place, { brokenAsStubs: true });
}

async function extract(
  place: Place,
  { brokenAsStubs = false }: ExtractOptions,
): Promise<Extraction> {
  const { root, folder } = place;
  const { notebooks, errors: unreadable } = await readAll(place);
  const { programs: cells, errors: misnamed } = findProgramCells(notebooks);
  const programs = cells.filter((cell) => !isPart(cell, cells));
  const errors = [...unreadable, ...misnamed];
  const files = new Map<string, string>();
  const stub = (program: NamedCell, reasons: readonly NotebookError[]): void => {
    for (const [name, text] of stubFiles(program, reasons)) files.set(name, text);
  };
  await Promise.all(
    cells.map(async (program) => {
      if (!programs.includes(program)) {
        const wrong = checkImports(program, cells, root);
        errors.push(...wrong);
        if (wrong.length > 0) stub(program, wrong);
        else files.set(`${program.name}.ts`, programSource(program, folder, false));
        return;
      }
      const found = await compile(program, cells, place);
      if (Array.isArray(found)) {
        errors.push(...found);
        stub(program, found);
        return;
      }
      files.set(`${program.name}.mjs.map`, found.map);
      files.set(`${program.name}.mjs`, found.code);
      files.set(`${program.name}.ts`, programSource(program, folder));
    }),
  );
  if (errors.length > 0 && !brokenAsStubs) throw new NotebookErrors(distinct(errors));

  const existing = await generatedFiles(path.join(root, folder));
  for (const { name, file, cell } of existing.values()) {
    const reasons = unreadable.filter(({ place }) => place.file === file);
    if (reasons.length > 0) stub({ name, file, cell }, reasons);
  }
  const changed: string[] = [];
  // The .ts files last: whoever watches them may run the .mjs.
  const inOrder = [...files].sort(
    ([a], [b]) => Number(a.endsWith(".ts")) - Number(b.endsWith(".ts")),
  );
  for (const [name, text] of inOrder) {
    if (await writeIfChanged(path.join(root, folder, name), text)) changed.push(name);
  }
  for (const [name, { file }] of existing) {
    if (files.has(name) || !(place.whole || place.files.includes(file))) continue;
    await rm(path.join(root, folder, name), { force: true });
    changed.push(name);
  }
  return {
    programs,
    changed: changed.map((name) => `${folder}/${name}`),
    errors: distinct(errors),
  };
}

type NamedCell = Pick<ProgramCell, "name" | "file" | "cell">;

async function readAll({
  root,
  files,
}: Place): Promise<{ notebooks: Notebook[]; errors: NotebookError[] }> {
  const notebooks: Notebook[] = [];
  const errors: NotebookError[] = [];
  for (const file of files) {
    try {
      notebooks.push(await readNotebook(root, file));
    } catch (error) {
      if (!(error instanceof NotebookError)) throw error;
      errors.push(error);
    }
  }
  return { notebooks, errors };
}

/** The bundle, or what is wrong with the program. */
async function compile(
  program: ProgramCell,
  programs: readonly ProgramCell[],
  place: Place,
): Promise<{ code: string; map: string } | NotebookError[]> {
  const errors = checkImports(program, programs, place.root);
  if (errors.length > 0) return errors;
  try {
    return await bundleProgram(program, programs, place);
  } catch (error) {
    const found = notebookErrorsIn(error);
    if (!found) throw error;
    return [...found];
  }
}

function stubFiles(program: NamedCell, reasons: readonly NotebookError[]): [string, string][] {
  const message = JSON.stringify(new NotebookErrors(reasons).message);
  const header = `${headerLine(program)}\n// The cell cannot be compiled.\n`;
  return [
    [`${program.name}.mjs`, `${header}console.error(${message});\nprocess.exitCode = 1;\n`],
    [`${program.name}.ts`, `${header}throw new Error(${message});\n`],
  ];
}

/** What an extraction has written before: by file name, the cell that it came from. */
async function generatedFiles(folder: string): Promise<Map<string, NamedCell>> {
  const found = new Map<string, NamedCell>();
  const names: string[] = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  });
  for (const fileName of names.filter((name) => /^\w+\.(ts|mjs)$/.test(name))) {
    const text = await readFile(path.join(folder, fileName), "utf8");
    const origin = cellInHeader(text);
    if (!origin) continue; // somebody's own file
    const name = path.parse(fileName).name;
    const cell = { name, ...origin };
    found.set(fileName, cell);
    const map = `${fileName}.map`;
    if (names.includes(map)) found.set(map, cell);
  }
  return found;
}

/** A cell that several programs import is wrong once. */
function distinct(errors: readonly NotebookError[]): NotebookError[] {
  const byMessage = new Map(errors.map((error) => [error.message, error]));
  return [...byMessage.keys()].sort().flatMap((message) => byMessage.get(message) ?? []);
}
