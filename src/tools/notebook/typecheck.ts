/** Type-checks the repository, and names cells instead of extracted files. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire, SourceMap } from "node:module";
import path from "node:path";
import { text } from "node:stream/consumers";
import { extractPrograms } from "./extract";

/** `dist/NAME.ts(12,5): error TS2322: ...` */
const DIAGNOSTIC = /^(dist\/\w+\.ts)\((\d+),(\d+)\): /;

/**
 * Extracts the programs and runs TypeScript over everything that tsconfig.json includes.
 *
 * @returns the compiler's lines, each of an extracted program with the cell's place, and its exit status
 * @throws {NotebookErrors} a program cannot be extracted
 */
export async function typecheck(root: string): Promise<{ lines: string[]; status: number }> {
  await extractPrograms(root);
  const require = createRequire(import.meta.url);
  const compiler = path.join(path.dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const child = spawn(process.execPath, [compiler, "-p", ".", "--pretty", "false"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const status = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  const output = await text(child.stdout);
  const lines = output.split("\n").filter((line) => line !== "");
  const translated = await Promise.all(lines.map((line) => nameCell(line, root)));
  return { lines: translated, status: await status };
}

/** The diagnostic with `notebooks/02-tcp.ipynb#cell:line:column` for a place in an extracted program. */
async function nameCell(line: string, root: string): Promise<string> {
  const [found, file = "", lineNumber, column] = DIAGNOSTIC.exec(line) ?? [];
  if (found === undefined) return line;
  const code = await readFile(path.join(root, file), "utf8");
  const encoded = /;base64,(\S+)\s*$/.exec(code)?.[1];
  if (encoded === undefined) return line;
  const map = new SourceMap(JSON.parse(Buffer.from(encoded, "base64").toString()));
  const entry = map.findEntry(Number(lineNumber) - 1, Number(column) - 1);
  if (!("originalSource" in entry)) return line;
  const cell = decodeURIComponent(entry.originalSource.replace("../", ""));
  const place = `${cell}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  return `${place}: ${line.slice(found.length)}`;
}
