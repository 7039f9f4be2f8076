/** Blank copies of every part that has solutions: their cells compile as they are, strictly, with the kernel's compiler. */
import { readdirSync } from "node:fs";
import { cp, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../../src/notebook/extract";
import { listNotebooks, readNotebook } from "../../src/notebook/files";
import { makeCopy, practiceOf } from "../../src/practice/copies";
import { JUDGES } from "../../src/practice/judges";
import { BEGIN_SOLUTION } from "../../src/practice/solution";
import { REPOSITORY } from "../commands/support";
import { labFolder } from "../notebook/support/lab-folder";
import { strictDiagnostics } from "../support/kernel-typescript";

it("compiles strictly, with stubs where solutions were", { timeout: 60_000 }, async () => {
  const lab = await labFolder();
  await lab.remove("src");
  await symlink(path.join(REPOSITORY, "src"), lab.path("src"));
  await cp(path.join(REPOSITORY, "notebooks"), lab.path("notebooks"), { recursive: true });
  for (const judge of JUDGES) await makeCopy(lab.root, await practiceOf(lab.root, judge));
  const { errors } = await extractCopies(lab.root);
  expect(errors).toEqual([]);
  const folder = lab.path(PRACTICE_PROGRAMS_FOLDER);
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(0);
  const paths = files.map((name) => path.join(folder, name));
  expect(strictDiagnostics(paths, "ES2022")).toBe("");
});

it("is judged wherever a solution is marked, and marked wherever it is judged", async () => {
  const marked: string[] = [];
  for (const file of await listNotebooks(REPOSITORY)) {
    const { cells } = await readNotebook(REPOSITORY, file);
    if (cells.some(({ source }) => source.includes(BEGIN_SOLUTION))) marked.push(file);
  }
  const judged = await Promise.all(JUDGES.map((judge) => practiceOf(REPOSITORY, judge)));
  expect(judged.map(({ notebook }) => notebook)).toEqual(marked);
});
