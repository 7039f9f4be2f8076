/** Puts a book into a folder, and takes out what was of the book before. */
import { readdir, readFile, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { ProgramError } from "../../program/program";
import { systemCode } from "../../program/system-code";
import { writeIfChanged } from "../notebook/files";
import type { Book } from "./book";

/** Lists the files of the book, and so tells its folder from any other. */
const LIST = "book-files.txt";

/**
 * Writes the book; what is right already is not touched.
 *
 * @param name the folder, from `root` on
 * @returns how many files were written or removed
 * @throws {ProgramError} the folder holds something else than a book
 */
export async function writeBook(root: string, name: string, book: Book): Promise<number> {
  const folder = path.resolve(root, name);
  const before = await filesOf(folder, name);
  let changed = 0;
  const list = [...book.keys()].sort();
  // The list comes first: a book that was cut short is still known to be one.
  await writeIfChanged(
    path.join(folder, LIST),
    `${[...new Set([...list, ...before])].sort().join("\n")}\n`,
  );
  for (const [file, content] of book) {
    if (await writeIfChanged(path.join(folder, file), content)) changed++;
  }
  for (const file of before.filter((one) => !book.has(one))) {
    await rm(path.join(folder, file), { force: true });
    await removeEmptyFolders(folder, path.dirname(file));
    changed++;
  }
  await writeIfChanged(path.join(folder, LIST), `${list.join("\n")}\n`);
  return changed;
}

/** The files that an earlier book has put into the folder. */
async function filesOf(folder: string, name: string): Promise<string[]> {
  const there: string[] = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  });
  if (there.length === 0) return [];
  if (!there.includes(LIST)) {
    throw new ProgramError(
      `${name} holds something else than a book: choose another folder with --out`,
    );
  }
  const list = await readFile(path.join(folder, LIST), "utf8");
  const names = list.split("\n").filter((name) => name !== "");
  // Whoever wrote the list: nothing outside the folder is the book's.
  return names.filter((name) => !path.isAbsolute(name) && !name.split(/[\\/]/).includes(".."));
}

/** Of a file that is gone, the folders up to the book's. */
async function removeEmptyFolders(folder: string, name: string): Promise<void> {
  for (let at = name; at !== "."; at = path.dirname(at)) {
    try {
      await rmdir(path.join(folder, at));
    } catch {
      return; // something is still in it
    }
  }
}
