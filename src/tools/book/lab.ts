/** The lab as a book: its parts in order, and its programs, each with the page that it becomes. */
import path from "node:path";
import { NotebookError, NotebookErrors } from "../notebook/errors";
import { listNotebooks, readNotebook } from "../notebook/files";
import type { Notebook } from "../notebook/format";
import { type Part, partOf } from "../notebook/parts";
import { findProgramCells, isPart, type ProgramCell } from "../notebook/program-cells";
import { Links } from "./links";

export interface BookPart {
  readonly notebook: Notebook;
  readonly part: Part;
  /** `TCP`: without its number. */
  readonly title: string;
  /** From the book's folder, as all pages: `02-tcp.html`. */
  readonly page: string;
}

export interface BookProgram {
  readonly cell: ProgramCell;
  /** False for a part of programs: it is imported, and does nothing by itself. */
  readonly runs: boolean;
  /** What it says of itself in `--help`. */
  readonly about: string;
  readonly from: BookPart;
  readonly page: string;
}

export interface Lab {
  readonly root: string;
  readonly parts: readonly BookPart[];
  readonly programs: readonly BookProgram[];
  readonly links: Links;
}

/** @throws {NotebookErrors} a notebook cannot be read, or a program cell is wrong */
export async function readLab(root: string): Promise<Lab> {
  const files = await listNotebooks(root);
  const errors: NotebookError[] = [];
  const read = await Promise.all(
    files.map((file) =>
      readNotebook(root, file).catch((error: unknown) => {
        if (!(error instanceof NotebookError)) throw error;
        errors.push(error);
        return undefined;
      }),
    ),
  );
  const notebooks = read.filter((notebook) => notebook !== undefined);
  const { programs: cells, errors: misnamed } = findProgramCells(notebooks);
  errors.push(...misnamed);
  if (errors.length > 0) throw new NotebookErrors(errors);
  const parts = notebooks.map(bookPart);
  const links = new Links(root, new Map(parts.map(({ notebook, page }) => [notebook.file, page])));
  const programs = parts.flatMap((from) =>
    cells
      .filter(({ file }) => file === from.notebook.file)
      .map((cell) => ({
        cell,
        runs: !isPart(cell, cells),
        about: aboutOf(cell),
        from,
        page: `programs/${cell.name}.html`,
      })),
  );
  return { root, parts, programs, links };
}

function bookPart(notebook: Notebook): BookPart {
  const part = partOf(notebook);
  const name = path.posix.basename(notebook.file, ".ipynb");
  // The first part is headed by the lab's own name: there its file's name says more.
  const numbered = notebook.cells.some(
    ({ type, source }) => type === "markdown" && /^#\s+Part \d/m.test(source),
  );
  return { notebook, part, title: numbered ? part.title : titleOfName(name), page: `${name}.html` };
}

/** `00-start-here` is "Start here". */
function titleOfName(name: string): string {
  const words = name.replace(/^\d+-/, "").replaceAll("-", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** The sentence that the cell gives to `program({ about: "..." })`. */
function aboutOf({ source }: ProgramCell): string {
  return /^\s*about: "([^"\\]+)",$/m.exec(source)?.[1] ?? "";
}
