/** The learner's copies of notebooks: blank ones are made, never overwritten, and kept when the learner starts again. */
import { constants } from "node:fs";
import { copyFile, link, mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../../../program/failures";
import { systemCode } from "../../../program/system-code";
import { NotebookError } from "../../notebook/errors";
import {
  listNotebooks,
  PRACTICE_FOLDER,
  readNotebook,
  selectNotebooks,
  writeFileAtomically,
} from "../../notebook/files";
import { formatNotebook, type Notebook } from "../../notebook/format";
import type { Judge } from "../judging/judge";
import { blankSource } from "./solution-marks";
import { withStages } from "./stage-cells";

/** Copies that were put away by `--reset`. Not among the notebooks, so that nothing takes them for copies. */
const BACKUPS_FOLDER = `${PRACTICE_FOLDER}/backups`;

/** The lab's own notebook of a judge, and the learner's copy of it, which need not exist. */
export interface Practice {
  readonly judge: Judge;
  /** `notebooks/06-http-server-challenge.ipynb` */
  readonly notebook: string;
  /** `practice/06-http-server-challenge.ipynb` */
  readonly copy: string;
}

/** @throws {NotebookError} the lab has no such part */
export async function practiceOf(root: string, judge: Judge): Promise<Practice> {
  const [notebook = ""] = selectNotebooks(await listNotebooks(root), [`${judge.part}-`]);
  return { judge, notebook, copy: `${PRACTICE_FOLDER}/${path.posix.basename(notebook)}` };
}

/**
 * The practice of the part that a person names: `2`, `02`, `tcp`, `practice/02`.
 * @throws {UsageError} no part has this name, several have, or nothing can be practised in it
 */
export async function practiceNamed(
  root: string,
  name: string,
  judges: readonly Judge[],
): Promise<Practice> {
  const found = await selectNotebooksOrFail(root, name);
  const titles = found.map((file) => path.posix.basename(file, ".ipynb"));
  const [notebook = "", ...more] = found;
  if (more.length > 0) throw new UsageError(`"${name}" fits ${titles.join(", ")}: which one?`);
  const judge = judges.find(({ part }) => titles[0]?.startsWith(`${part}-`));
  if (!judge) throw new UsageError(`Nothing can be practised in "${name}"`);
  return { judge, notebook, copy: `${PRACTICE_FOLDER}/${path.posix.basename(notebook)}` };
}

async function selectNotebooksOrFail(root: string, name: string): Promise<string[]> {
  const files = await listNotebooks(root);
  try {
    return selectNotebooks(files, [name]);
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    throw new UsageError(`Nothing can be practised in "${name}": ${error.reason}`);
  }
}

/** When the copy was last written, or undefined when there is none. */
export async function copyTime(root: string, { copy }: Practice): Promise<Date | undefined> {
  try {
    return (await stat(path.join(root, copy))).mtime;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Makes the blank copy, whole or not at all.
 * @returns false when there is one already, which stays as it is
 */
export async function makeCopy(root: string, practice: Practice): Promise<boolean> {
  const text = await blankText(root, practice);
  const file = path.join(root, practice.copy);
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  await writeFileAtomically(draft, text, { durable: true });
  try {
    return await claim(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Puts a blank copy in place of the one that there is, which is kept.
 * @returns where the old one is: `practice/backups/06-http-server-challenge.2026-01-31T09-05-00.ipynb`
 */
export async function resetCopy(root: string, practice: Practice, now: Date): Promise<string> {
  const text = await blankText(root, practice);
  const file = path.join(root, practice.copy);
  await mkdir(path.join(root, BACKUPS_FOLDER), { recursive: true });
  const backup = await keep(root, file, now);
  await writeFileAtomically(file, text, { durable: true });
  return backup;
}

async function keep(root: string, file: string, now: Date): Promise<string> {
  const stamp = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const name = path.basename(file, ".ipynb");
  for (let more = 1; ; more++) {
    const ending = more === 1 ? "" : `-${more}`;
    const backup = `${BACKUPS_FOLDER}/${name}.${stamp}${ending}.ipynb`;
    if (await claim(file, path.join(root, backup))) return backup;
  }
}

/** Gives a file a second name, at once; false when the name is taken. Copies it where the file system knows no links. */
async function claim(file: string, name: string): Promise<boolean> {
  const taken = (error: unknown): boolean => {
    if (systemCode(error) === "EEXIST") return true;
    throw error;
  };
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(systemCode(error))) {
      return !taken(error);
    }
  }
  return copyFile(file, name, constants.COPYFILE_EXCL).then(
    () => true,
    (error: unknown) => !taken(error),
  );
}

/**
 * The notebook with stubs for its solutions, instructions for each stage, and without outputs.
 * @throws {NotebookError} it cannot be read, or its marks are wrong
 */
async function blankText(root: string, { notebook: file, judge }: Practice): Promise<string> {
  const notebook = await readNotebook(root, file);
  blank(notebook);
  return withStages(formatNotebook(notebook), judge);
}

/**
 * Puts stubs in place of solutions, and takes outputs away.
 * @param keep tells which solutions stay, by the cell's id and their order in it
 */
export function blank(
  notebook: Notebook,
  keep: (cell: string, index: number) => boolean = () => false,
): void {
  for (const cell of notebook.cells) {
    if (cell.type === "markdown") cell.source = linksFromCopies(cell.source);
    if (cell.type !== "code") continue;
    const place = { file: notebook.file, cell: cell.id };
    cell.source = blankSource(cell.source, place, (index) => keep(cell.id, index));
    cell.outputs = [];
    cell.executionCount = null;
  }
}

/** Notebooks link to their neighbours, which are in another folder than copies. */
function linksFromCopies(markdown: string): string {
  return markdown.replace(/\]\((?=[\w-]+\.ipynb\b)/g, "](../notebooks/");
}
