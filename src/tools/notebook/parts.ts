/** The parts of the lab as a person chooses them: what each teaches, and how far the learner is in it. */

import { readFile } from "node:fs/promises";
import path from "node:path";
import { safeText } from "../../program/safe-text";
import { NotebookError } from "./errors";
import { listCopies, listNotebooks, readNotebook } from "./files";
import type { Cell } from "./format";
import { declaredModule } from "./program-cells";
import { sourceHash } from "./source-hash";

export interface PartCell {
  readonly id: string;
  readonly hash: string;
  /** The name of the program that the cell is, `tcp_server`. */
  readonly program?: string;
}

export interface Part {
  /** `notebooks/02-tcp.ipynb` */
  readonly file: string;
  /** `2`, or what stands in the file's name instead. */
  readonly number: string;
  /** The notebook's first heading, or its file name. */
  readonly title: string;
  /** Its first paragraph: what one can do afterwards. */
  readonly about: string;
  /** The cells that run. */
  readonly cells: readonly PartCell[];
  /** The success criteria that the part covers, in its own words. */
  readonly criteria: readonly string[];
  /** Why the notebook cannot be opened. */
  readonly problem?: string;
}

/** As much of a notebook as the contents page needs. */
export interface Pages {
  readonly file: string;
  readonly cells: readonly Pick<Cell, "id" | "type" | "source">[];
}

/** Reads the notebooks; one that cannot be read is listed with its problem. */
export async function listParts(root: string): Promise<Part[]> {
  const files = await listNotebooks(root);
  return Promise.all(files.map((file) => describePart(root, file)));
}

/** The learner's copies, in the same way. */
export async function listCopiedParts(root: string): Promise<Part[]> {
  const files = await listCopies(root);
  return Promise.all(files.map((file) => describePart(root, file)));
}

async function describePart(root: string, file: string): Promise<Part> {
  try {
    return partOf((await readPages(root, file)) ?? (await readNotebook(root, file)));
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    const { name, number } = nameOf(file);
    const problem = error.message;
    return { file, number, title: name, about: "", cells: [], criteria: [], problem };
  }
}

/**
 * The cells, read without the care that a notebook needs to be written again: the first screen does not wait
 * for that. Undefined when anything is odd; then readNotebook says what it is.
 */
async function readPages(root: string, file: string): Promise<Pages | undefined> {
  let found: Partial<StoredNotebook> | null;
  try {
    found = JSON.parse(await readFile(path.join(root, file), "utf8"));
  } catch {
    return undefined;
  }
  if (found?.nbformat !== 4 || (found.nbformat_minor ?? 0) < 5) return undefined;
  if (!Array.isArray(found.cells)) return undefined;
  const cells = found.cells.map((cell): Pages["cells"][number] | undefined => {
    const { id, cell_type: type, source } = cell ?? {};
    const text: unknown = Array.isArray(source) ? source.join("") : source;
    if (type !== "code" && type !== "markdown" && type !== "raw") return undefined;
    if (typeof id !== "string" || typeof text !== "string") return undefined;
    return { id, type, source: text };
  });
  const whole = cells.filter((cell) => cell !== undefined);
  const ids = new Set(whole.map(({ id }) => id));
  return ids.size === cells.length ? { file, cells: whole } : undefined;
}

/** What a file may hold; each member is checked. */
interface StoredNotebook {
  nbformat: unknown;
  nbformat_minor: number;
  cells: ({ id?: unknown; cell_type?: unknown; source?: unknown } | null)[];
}

export function partOf(notebook: Pages): Part {
  const { file } = notebook;
  const { name, number } = nameOf(file);
  return {
    file,
    number,
    title: titleOf(notebook) ?? name,
    about: aboutOf(notebook),
    // As runnableCells of run.ts has it.
    cells: notebook.cells
      .filter(({ type, source }) => type === "code" && source.trim() !== "")
      .map(({ id, source }) => {
        const program = declaredModule(source);
        return { id, hash: sourceHash(source), ...(program && { program }) };
      }),
    criteria: criteriaOf(notebook),
  };
}

function nameOf(file: string): { name: string; number: string } {
  const name = path.posix.basename(file, ".ipynb");
  const digits = /^\d+/.exec(name)?.[0];
  return { name, number: digits === undefined ? name : String(Number(digits)) };
}

function prose(notebook: Pages): string[] {
  return notebook.cells
    .filter(({ type }) => type === "markdown")
    .map(({ source }) => safeText(source));
}

/** `# Part 2: TCP` is titled `TCP`: the number stands beside it. */
function titleOf(notebook: Pages): string | undefined {
  const heading = prose(notebook)
    .map((source) => /^#\s+(.+)$/m.exec(source)?.[1])
    .find((text) => text !== undefined);
  return heading?.replace(/^Part \d+\s*[:.–-]\s*/, "").trim();
}

/** The first paragraph, without the signs of Markdown and the words that all of them begin with. */
function aboutOf(notebook: Pages): string {
  const paragraphs = prose(notebook).flatMap((source) => source.split(/\n\s*\n/));
  const first = paragraphs.find((text) => text.trim() !== "" && !text.startsWith("#")) ?? "";
  const text = first
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*`]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^After this part,? /, "");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function criteriaOf(notebook: Pages): string[] {
  const line = /\*\*Criteria covered:\*\*\s*(.+)/.exec(prose(notebook).join("\n"))?.[1] ?? "";
  if (/^none\b/i.test(line)) return [];
  return line
    .replace(/\.\s*$/, "")
    .split(/;\s*/)
    .map((text) => text.trim())
    .filter((text) => text !== "");
}

/** A part's programs as they are now: tests that passed on others prove nothing. */
export function programsHash({ cells }: Part): string {
  return sourceHash(cells.map(({ hash, program }) => (program ? `${program} ${hash}` : "")).join());
}
