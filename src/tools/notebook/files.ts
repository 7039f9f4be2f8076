/** Where the notebooks stand, and how files are written so that nothing is ever lost or half-written. */

import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import path from "node:path";
import { didYouMean } from "../../program/did-you-mean";
import { systemCode } from "../../program/system-code";
import { NotebookError } from "./errors";
import { formatNotebook, type Notebook, parseNotebook } from "./format";

export const NOTEBOOKS_FOLDER = "notebooks";
/** The learner's own copies of notebooks. Git ignores it. */
export const PRACTICE_FOLDER = "practice";

/** The names of the parts, in order. */
const PARTS_FILE = `${NOTEBOOKS_FOLDER}/parts.json`;

/**
 * The parts of the lab, in order: `notebooks/00-start-here.ipynb`, ... Whatever else lies there (a duplicate,
 * `Untitled.ipynb`) is the learner's own. In a folder without a list of parts every notebook is one.
 */
export async function listNotebooks(root: string): Promise<string[]> {
  const { parts } = await notebooksOf(root);
  return parts;
}

/** Notebooks beside the parts, which commands leave alone unless they are named by their path. */
export async function listOtherNotebooks(root: string): Promise<string[]> {
  const { others } = await notebooksOf(root);
  return others;
}

/** What a command says once about the notebooks beside the parts; undefined when there are none. */
export async function otherNotebooksNote(root: string): Promise<string | undefined> {
  const others = await listOtherNotebooks(root);
  if (others.length === 0) return undefined;
  return `Not parts of the lab, so left alone (name one by its path to run it): ${others.join(", ")}`;
}

async function notebooksOf(root: string): Promise<{ parts: string[]; others: string[] }> {
  const files = await notebooksIn(root, NOTEBOOKS_FOLDER);
  if (!files) {
    const reason = "no such folder here; run this from the root of the repository";
    throw new NotebookError({ file: `${NOTEBOOKS_FOLDER}/` }, reason);
  }
  const names = await partNames(root);
  if (!names) return { parts: files, others: [] };
  const parts = names.map((name) => `${NOTEBOOKS_FOLDER}/${name}.ipynb`);
  return {
    parts: parts.filter((file) => files.includes(file)),
    others: files.filter((file) => !parts.includes(file)),
  };
}

/** undefined: there is no list. */
async function partNames(root: string): Promise<string[] | undefined> {
  try {
    return JSON.parse(await readFile(path.join(root, PARTS_FILE), "utf8"));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw new NotebookError(
      { file: PARTS_FILE },
      `not a list of names: ${(error as Error).message}`,
    );
  }
}

/** The learner's copies, in order: `practice/06-http-server-challenge.ipynb`; none when there is no such folder. */
export async function listCopies(root: string): Promise<string[]> {
  return (await notebooksIn(root, PRACTICE_FOLDER)) ?? [];
}

/** undefined: there is no such folder. */
async function notebooksIn(root: string, folder: string): Promise<string[] | undefined> {
  const names = await readdir(path.join(root, folder)).catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw error;
    return undefined;
  });
  const notebooks = names?.filter((name) => name.endsWith(".ipynb") && !name.startsWith("."));
  return notebooks?.sort().map((name) => `${folder}/${name}`);
}

/** Whether a name means a copy: `practice/06`, `practice/06-http-server-challenge.ipynb`. */
export function namesCopy(name: string): boolean {
  const [folder] = name.replaceAll("\\", "/").replace(/^\.\//, "").split("/");
  return folder === PRACTICE_FOLDER;
}

/**
 * The notebooks that a person names: parts as `selectNotebooks` does, copies as `practice/06`, any other by its
 * path. Without a name they are the parts alone.
 *
 * @throws {NotebookError} a name fits no notebook
 */
export async function findNotebooks(root: string, wanted: readonly string[]): Promise<string[]> {
  const { parts, others } = await notebooksOf(root);
  const paths = wanted.map((name) => path.posix.normalize(name.replaceAll("\\", "/")));
  const besides = others.filter((file) => paths.includes(file));
  const copies = wanted.filter(namesCopy);
  const named = wanted.filter((name, at) => !namesCopy(name) && !others.includes(paths[at] ?? ""));
  const all = wanted.length === 0;
  const own = [...(all || named.length > 0 ? selectNotebooks(parts, named) : []), ...besides];
  if (copies.length === 0) return own;
  const made = await listCopies(root);
  for (const name of copies) {
    if (namedBy(name, made).length > 0) continue;
    const reason = "there is no such copy; `npm run challenge` lists what can be practised";
    throw new NotebookError({ file: name }, reason);
  }
  return [...own, ...selectNotebooks(made, copies)];
}

/**
 * The notebooks that `wanted` names, each by its number (`2`, `02`), its name or the start of it (`02-tcp`, `tcp`),
 * a word of it, or its path; all of them when nothing is wanted.
 *
 * @throws {NotebookError} a name fits no notebook
 */
export function selectNotebooks(files: readonly string[], wanted: readonly string[]): string[] {
  if (wanted.length === 0) return [...files];
  const chosen = new Set<string>();
  for (const name of wanted) {
    const found = namedBy(name, files);
    if (found.length === 0) {
      const known = files.map((file) => path.basename(file, ".ipynb"));
      const meant = didYouMean(name, [...known, ...known.map(titleOf)]);
      const problem = meant || `; there are: ${known.join(", ")}`;
      throw new NotebookError({ file: name }, `no part has this name${problem}`);
    }
    for (const file of found) chosen.add(file);
  }
  return files.filter((file) => chosen.has(file));
}

/** The first of these ways in which the name fits any notebook. */
function namedBy(name: string, files: readonly string[]): string[] {
  const wanted = path.posix.basename(name.replaceAll("\\", "/"), ".ipynb").toLowerCase();
  if (wanted === "") return [];
  const ways: ((file: string) => boolean)[] = [
    (file) => /^\d+$/.test(wanted) && Number.parseInt(file, 10) === Number(wanted),
    (file) => file === wanted || titleOf(file) === wanted,
    (file) => !/^\d+$/.test(wanted) && file.startsWith(wanted),
    (file) => titleOf(file).startsWith(wanted),
    (file) => titleOf(file).split("-").includes(wanted),
  ];
  for (const fits of ways) {
    const found = files.filter((file) => fits(path.basename(file, ".ipynb").toLowerCase()));
    if (found.length > 0) return found;
  }
  return [];
}

/** `tcp` of `02-tcp` */
const titleOf = (name: string) => name.replace(/^\d+-/, "");

/** @throws {NotebookError} the file is missing or is not a notebook of nbformat 4.5 */
export async function readNotebook(root: string, file: string): Promise<Notebook> {
  let text: string;
  try {
    text = await readFile(path.join(root, file), "utf8");
  } catch (error) {
    const code = systemCode(error);
    if (!code) throw error;
    throw new NotebookError(
      { file },
      code === "ENOENT" ? "no such notebook" : `cannot read: ${code}`,
    );
  }
  return parseNotebook(text, file);
}

/**
 * Reads a notebook afresh, lets `change` alter its cells, and writes it if anything changed: so an edit
 * saved meanwhile by an editor is kept.
 *
 * @returns whether the file was written
 */
export async function updateNotebook(
  root: string,
  file: string,
  change: (notebook: Notebook) => void,
): Promise<boolean> {
  const notebook = await readNotebook(root, file);
  change(notebook);
  const text = formatNotebook(notebook);
  if (text === notebook.text) return false;
  await writeFileAtomically(path.join(root, file), text, { durable: true });
  return true;
}

let temporaryFiles = 0;

/**
 * Writes the whole file or leaves the old one: a temporary file beside it takes its name when complete.
 * Keeps the file's mode and, where it is a link, the link.
 * With `durable` the content is on the disk before it replaces the old one.
 */
export async function writeFileAtomically(
  file: string,
  content: string | Uint8Array,
  { durable = false } = {},
): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const temporary = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${process.pid}-${++temporaryFiles}.tmp`,
  );
  const mode = await stat(target).then(
    (found) => found.mode,
    () => undefined,
  );
  try {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(content);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes the file unless it holds this content already, so that an unchanged file keeps its time. */
export async function writeIfChanged(file: string, content: string | Uint8Array): Promise<boolean> {
  const before = await readFile(file).catch(() => undefined);
  if (before?.equals(Buffer.from(content))) return false;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomically(file, content);
  return true;
}
