/** Which cells the learner has edited: those that differ from the repository's last commit, or from an edit made here. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { NotebookError } from "../notebook/errors";
import { NOTEBOOKS_FOLDER, readNotebook } from "../notebook/files";
import { parseNotebook } from "../notebook/format";
import type { Part } from "../notebook/parts";
import { sourceHash } from "../notebook/source-hash";
import { type Progress, partProgress } from "./progress";

const run = promisify(execFile);
const MAX_NOTEBOOK_BYTES = 64 * 1024 * 1024;

/** By notebook, the ids of its edited cells. Without git, or outside a repository, only edits made with `e` count. */
export async function editedCells(
  root: string,
  parts: readonly Part[],
  progress: Progress,
): Promise<Map<string, ReadonlySet<string>>> {
  const committed = await sinceCommit(root);
  return new Map(
    parts.map((part) => {
      const here = editedHere(part, progress);
      return [part.file, new Set([...here, ...(committed.get(part.file) ?? [])])];
    }),
  );
}

/** The cells whose source is what an edit made with `e` left, and not what it was before the first of them. */
export function editedHere(part: Part, progress: Progress): string[] {
  const { edits } = partProgress(progress, part.file);
  return part.cells
    .filter(({ id, hash }) => {
      const own = edits.filter(({ cell }) => cell === id);
      const first = own[0];
      const last = own.at(-1);
      return first && last && sourceHash(last.after) === hash && first.before !== last.after;
    })
    .map(({ id }) => id);
}

async function sinceCommit(root: string): Promise<Map<string, string[]>> {
  const edited = new Map<string, string[]>();
  try {
    const names = await git(
      root,
      "diff",
      "--name-only",
      "-z",
      "--relative",
      "HEAD",
      "--",
      NOTEBOOKS_FOLDER,
    );
    for (const file of names.split("\0").filter((name) => name.endsWith(".ipynb"))) {
      const before = parseNotebook(await git(root, "show", `HEAD:./${file}`), file);
      const sources = new Map(before.cells.map(({ id, source }) => [id, source]));
      const now = await readNotebook(root, file);
      const code = now.cells.filter(({ type }) => type === "code");
      const changed = code.filter(({ id, source }) => sources.get(id) !== source);
      edited.set(
        file,
        changed.map(({ id }) => id),
      );
    }
  } catch (error) {
    // No git, no repository, a notebook that is new or broken: the rest is still true.
    if (!(error instanceof NotebookError) && !(error instanceof Error && "code" in error))
      throw error;
  }
  return edited;
}

async function git(root: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", args, { cwd: root, maxBuffer: MAX_NOTEBOOK_BYTES });
  return stdout;
}
