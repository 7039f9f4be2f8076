/** Reads the JSON with comments that editors and containers are configured with. */
import { readFile } from "node:fs/promises";
import path from "node:path";

export const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** A file of the repository. Comments are whole lines there, which keeps this simple. @throws SyntaxError */
export async function readJsonc<T>(file: string): Promise<T> {
  const text = await readFile(path.join(REPOSITORY, file), "utf8");
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, "")) as T;
}
