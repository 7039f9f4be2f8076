/** Type-checks the repository, and names cells instead of extracted files. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire, SourceMap } from "node:module";
import path from "node:path";
import { text } from "node:stream/consumers";
import { NotebookError } from "./errors";
import { extractPrograms } from "./extract";

/** `dist/NAME.ts(12,5): error TS2322: ...` */
const DIAGNOSTIC = /^(dist\/(?:\w+\/)?\w+\.ts)\((\d+),(\d+)\): error (TS\d+): /;

/**
 * Extracts the programs and runs TypeScript over everything that tsconfig.json includes.
 *
 * @returns the compiler's lines, each of an extracted program with the cell's place, and its exit status
 * @throws {NotebookErrors} a program cannot be extracted
 */
export async function typecheck(root: string): Promise<{ lines: string[]; status: number }> {
  await extractPrograms(root);
  const { lines, status } = await compile(root, ".");
  const named = await Promise.all(
    lines.map(async (line) => {
      const error = await errorOfCell(root, line);
      return error ? error.message : line;
    }),
  );
  return { lines: named, status };
}

/**
 * Type-checks programs that have been extracted to `folder`, and what they import, by the rules of tsconfig.json,
 * which are the kernel's too.
 *
 * @returns an error for each problem, with the place in its cell
 */
export async function typeErrors(
  root: string,
  folder: string,
  names: readonly string[],
): Promise<NotebookError[]> {
  const config = `${folder}/tsconfig.json`;
  const files = names.map((name) => `${name}.ts`);
  const rules = path.posix.relative(folder, "tsconfig.json");
  await writeFile(path.join(root, config), JSON.stringify({ extends: rules, include: [], files }));
  const { lines } = await compile(root, config);
  const errors = await Promise.all(lines.map((line) => errorOfCell(root, line)));
  return errors.filter((error) => error !== undefined);
}

async function compile(root: string, config: string): Promise<{ lines: string[]; status: number }> {
  const require = createRequire(import.meta.url);
  const compiler = path.join(path.dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const child = spawn(process.execPath, [compiler, "-p", config, "--pretty", "false"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const status = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  const output = await text(child.stdout);
  return { lines: output.split("\n").filter((line) => line !== ""), status: await status };
}

/** The problem with its place in a notebook; undefined for a line about something else than an extracted program. */
async function errorOfCell(root: string, line: string): Promise<NotebookError | undefined> {
  const [found, file = "", lineNumber, column, code] = DIAGNOSTIC.exec(line) ?? [];
  if (found === undefined) return undefined;
  const program = await readFile(path.join(root, file), "utf8");
  const encoded = /;base64,(\S+)\s*$/.exec(program)?.[1];
  if (encoded === undefined) return undefined;
  const map = new SourceMap(JSON.parse(Buffer.from(encoded, "base64").toString()));
  const entry = map.findEntry(Number(lineNumber) - 1, Number(column) - 1);
  // What is added around the cell is not the cell's: its lines are in no map.
  if (!("originalSource" in entry) || entry.generatedLine !== Number(lineNumber) - 1)
    return undefined;
  const source = decodeURIComponent(entry.originalSource.replace(/^(\.\.\/)+/, ""));
  const [notebook = "", cell] = source.split("#");
  const place = { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  const reason = `error ${code}: ${line.slice(found.length)}`;
  return new NotebookError({ file: notebook, ...(cell && { cell }), ...place }, reason);
}
