/** The readable TypeScript file of a program: the cell's text between a header and a footer. */
import path from "node:path";
import { formatPlace } from "./errors";
import { importsOf, type ProgramCell } from "./program-cells";

/** Lines before the cell's own in `dist/NAME.ts`. */
const HEADER_LINES = 3;

/** The way from the folder of extracted programs, `dist`, to the repository's root: `..`. */
function wayUp(folder: string): string {
  return path.posix.relative(folder, ".");
}

/**
 * A notebook's cell as a source in a source map, relative to `folder`, `dist`. The `#` is written as `%23`: Node and
 * tsx read a source as a URL, and a URL's fragment would be dropped.
 */
export function mapSource({ file, cell }: { file: string; cell: string }, folder: string): string {
  return `${wayUp(folder)}/${file}%23${cell}`;
}

/** First line of every generated file: it says whose it is. */
export function headerLine(program: { name: string; file: string; cell: string }): string {
  return `// ${program.name}: extracted from ${formatPlace(program)} by \`npm run extract\`.`;
}

/** The cell that a generated file came from, or undefined when the text is not ours. */
export function cellInHeader(text: string): { file: string; cell: string } | undefined {
  const [, file, cell] =
    /^\/\/ \w+: extracted from (.+?)#(\S+) by `npm run extract`\.$/m.exec(text) ?? [];
  return file !== undefined && cell !== undefined ? { file, cell } : undefined;
}

/**
 * @param folder where the file will stand, `dist`
 * @param runs false for a part of programs, which has no `main`
 */
export function programSource(program: ProgramCell, folder: string, runs = true): string {
  const inserts = importsOf(program)
    .filter(({ specifier }) => specifier.startsWith("./src/"))
    .map(({ offset }) => offset)
    .sort((a, b) => a - b);
  // "./src/..." in the cell is "../src/..." in dist/: one "." more.
  const up = wayUp(folder);
  const insert = up.slice(0, -1);
  let text = "";
  let at = 0;
  for (const offset of inserts) {
    text += program.source.slice(at, offset) + insert;
    at = offset;
  }
  text += program.source.slice(at);
  const map = {
    version: 3,
    sources: [mapSource(program, folder)],
    sourcesContent: [program.source],
    names: [],
    mappings: mappings(program.source, inserts, insert.length),
  };
  const url = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}`;
  return [
    headerLine(program),
    "// Change the cell, not this file.",
    "",
    text,
    "",
    ...(runs
      ? [
          `import { runAsMain } from "${up}/src/program/entry";`,
          "",
          "runAsMain(main, import.meta.url);",
        ]
      : []),
    // Inline, because tsx reads no other.
    `//# sourceMappingURL=${url}`,
    "",
  ].join("\n");
}

/** Maps each word and sign of the generated file to its place in the cell. */
function mappings(source: string, inserts: readonly number[], inserted: number): string {
  const lines: string[] = Array(HEADER_LINES).fill("");
  let lineStart = 0;
  let previousLine = 0;
  let previousColumn = 0;
  for (const [number, line] of source.split("\n").entries()) {
    let previousGenerated = 0;
    const segments: string[] = [];
    for (const { index } of line.matchAll(/[\p{L}\p{N}_$]+|[^\s]/gu)) {
      const offset = lineStart + index;
      const before = inserts.filter((insert) => insert >= lineStart && insert <= offset);
      const generated = index + before.length * inserted;
      // Columns count from each line's start, source lines and columns from the last segment; one source: 0.
      const fields = [
        generated - previousGenerated,
        0,
        number - previousLine,
        index - previousColumn,
      ];
      segments.push(fields.map(base64Vlq).join(""));
      previousGenerated = generated;
      previousLine = number;
      previousColumn = index;
    }
    lines.push(segments.join(","));
    lineStart += line.length + 1;
  }
  return lines.join(";");
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A number as source maps write it (ECMA-426, base64 VLQ): sign in the lowest bit, five bits a digit. */
function base64Vlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const more = rest > 31 ? 32 : 0;
    text += BASE64[(rest & 31) | more];
    rest >>>= 5;
  } while (rest > 0);
  return text;
}
