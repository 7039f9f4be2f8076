/** A throwaway repository with the lab's own sources and a notebook, to practise in. */
import { cp, symlink } from "node:fs/promises";
import path from "node:path";
import { readNotebook } from "../../../src/tools/notebook/files";
import { formatNotebook } from "../../../src/tools/notebook/format";
import { blank, type Practice, practiceOf } from "../../../src/tools/practice/copies/copies";
import { findJudge } from "../../../src/tools/practice/judges/all";
import { REPOSITORY } from "../commands/support";
import { type LabFolder, labFolder } from "../notebook/support/lab-folder";

export interface PracticeLab {
  readonly lab: LabFolder;
  readonly practice: Practice;
}

/**
 * A folder that has the part's notebook, and everything that its programs import.
 *
 * @param onFinished a concurrent test's own `onTestFinished`
 */
export async function practiceLab(
  part: string,
  onFinished?: (remove: () => Promise<void>) => void,
): Promise<PracticeLab> {
  const judge = findJudge(part);
  if (!judge) throw new Error(`no judge for part ${part}`);
  const lab = await labFolder({}, onFinished);
  const { notebook } = await practiceOf(REPOSITORY, judge);
  await cp(path.join(REPOSITORY, notebook), lab.path(notebook));
  await lab.remove("src");
  for (const name of ["src", "node_modules"]) {
    await symlink(path.join(REPOSITORY, name), lab.path(name));
  }
  await cp(path.join(REPOSITORY, "tsconfig.json"), lab.path("tsconfig.json"));
  return { lab, practice: await practiceOf(lab.root, judge) };
}

/** Writes the copy, with the solutions that `keep` names in it. */
export async function writeCopy(
  { lab, practice }: PracticeLab,
  keep: (cell: string, index: number) => boolean,
): Promise<void> {
  const notebook = await readNotebook(REPOSITORY, practice.notebook);
  blank(notebook, keep);
  await lab.write(practice.copy, formatNotebook(notebook));
}
