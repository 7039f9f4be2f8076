/** The parts of the lab as a person chooses them. */
import path from "node:path";
import { NotebookError } from "../notebook/errors";
import { listNotebooks, readNotebook } from "../notebook/files";
import type { Notebook } from "../notebook/format";

export interface Part {
  /** `notebooks/02-tcp.ipynb` */
  readonly file: string;
  /** `2`, or what stands in the file's name instead. */
  readonly number: string;
  /** The notebook's first heading, or its file name. */
  readonly title: string;
  /** Why the notebook cannot be opened. */
  readonly problem?: string;
}

/** Reads the notebooks' titles; one that cannot be read is listed with its problem. */
export async function listParts(root: string): Promise<Part[]> {
  const files = await listNotebooks(root);
  return Promise.all(files.map((file) => describePart(root, file)));
}

async function describePart(root: string, file: string): Promise<Part> {
  const name = path.posix.basename(file, ".ipynb");
  const digits = /^\d+/.exec(name)?.[0];
  const number = digits === undefined ? name : String(Number(digits));
  try {
    return { file, number, title: titleOf(await readNotebook(root, file)) ?? name };
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    return { file, number, title: name, problem: error.message };
  }
}

/** `# Part 2: TCP` is titled `TCP`: the number stands beside it. */
function titleOf(notebook: Notebook): string | undefined {
  for (const { type, source } of notebook.cells) {
    const heading = type === "markdown" ? /^#\s+(.+)$/m.exec(source)?.[1] : undefined;
    if (heading) return heading.replace(/^Part \d+\s*[:.–-]\s*/, "").trim();
  }
  return undefined;
}
