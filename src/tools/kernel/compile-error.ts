// The problems that the compiler finds in a cell, as a learner reads them.

import path from "node:path";
import type { Problem } from "./repairs/diagnostics";
import { excerpt } from "./traceback";

/** tslab puts `export {};` before a cell, to make it a module. */
export const LINES_BEFORE_CELL = 1;

/** A cell that does not compile. `listing` holds each problem with its source line. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  constructor(
    summary: string,
    readonly listing: readonly string[],
  ) {
    super(summary);
  }
}

/** The cell that was compiled. */
interface CompiledText {
  root: string;
  label: string;
  /** Labels of module cells by the path that the compiler gives them. */
  moduleCells: ReadonlyMap<string, string>;
  /** What was put after the cell's text; tslab adds the names that it exports. */
  marker: string;
}

/** An error that lists every problem, each with its source line. */
export function compileError(problems: readonly Problem[], text: CompiledText): CompileError {
  const described = problems.map((problem) => describe(problem, text));
  const others = described.length > 1 ? ` (and ${described.length - 1} more)` : "";
  return new CompileError(
    `${described[0]?.headline ?? "the cell does not compile"}${others}`,
    described.flatMap(({ lines }) => lines),
  );
}

function describe(
  { file, start, length, code, message }: Problem,
  { root, label: cellLabel, moduleCells, marker }: CompiledText,
): { headline: string; lines: string[] } {
  const at = file.getLineAndCharacterOfPosition(start);
  const isCell = path.basename(file.fileName) === "__tslab__.ts";
  const moduleCell = moduleCells.get(file.fileName);
  const before = isCell || moduleCell ? LINES_BEFORE_CELL : 0;
  const sourceLines = file.text.split("\n");
  // What is missing at the end of a cell is missing there, not in what was put after it.
  const end = isCell ? file.text.lastIndexOf(marker) : -1;
  const last = end < 0 ? sourceLines.length : file.text.slice(0, end).split("\n").length;
  const text = sourceLines[Math.min(at.line, last - 1)] ?? "";
  const line = Math.min(at.line, last - 1) + 1 - before;
  const column = at.line < last ? at.character + 1 : text.length + 1;
  const label = isCell ? cellLabel : (moduleCell ?? path.relative(root, file.fileName));
  // A position in the cell itself is read beside the cell; any other needs its file.
  const where = label === cellLabel ? `${line}:${column}` : `${label}:${line}:${column}`;
  const headline = `${where} ${message} (TS${code})`;
  return { headline, lines: [headline, ...excerpt(text.trimEnd(), line, column, length)] };
}
