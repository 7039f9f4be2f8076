/** Styled text in columns: widths as a terminal counts them (UAX #11), cutting, padding, wrapping. */
import { graphemes, graphemeWidth, isNarrow, textWidth } from "../../wire/width";
import { attributesAfter, SGR, sequenceOf, withoutAttributes } from "./sgr";

const CONTINUED = "    ";
/** With less room than this, indenting makes things worse. */
const MIN_CODE_COLUMNS = 20;
/** Looking for words in longer lines takes too long. */
const MAX_WORD_WRAP_CHARS = 2_000;

/** Columns that the text takes; styles take none, a family emoji takes two. */
export function widthOf(text: string): number {
  return textWidth(withoutAttributes(text));
}

/** Rows of at most `columns` columns. A style that goes on in the next row is closed and set again there. */
function wrapped(text: string, columns: number, between: "words" | "anything"): string[] {
  const width = Math.max(1, columns);
  const rows = text.split("\n").flatMap((line) => brokenLine(line, width, between));
  let set: ReadonlyMap<string, string> = new Map();
  return rows.map((row) => {
    const before = sequenceOf(set.values());
    set = attributesAfter(set, row);
    return before + row + sequenceOf(set.keys());
  });
}

function brokenLine(line: string, columns: number, between: "words" | "anything"): string[] {
  if (widthOf(line) <= columns) return [line];
  // Styles stand at the odd places.
  const cells = line.split(SGR).flatMap((part, i) => (i % 2 === 1 ? [part] : graphemes(part)));
  const rows: string[] = [];
  let from = 0;
  while (from < cells.length) {
    const full = endOfRow(cells, from, columns);
    const blank = full < cells.length && between === "words" ? lastBlank(cells, from, full) : -1;
    rows.push(cells.slice(from, blank < 0 ? full : Math.min(blank + 1, full)).join(""));
    from = blank < 0 ? full : blank + 1;
  }
  return rows;
}

/** The index after the cells from `from` on that have room; at least one cell. */
function endOfRow(cells: readonly string[], from: number, columns: number): number {
  let used = 0;
  for (let at = from; at < cells.length; at++) {
    used += SGR.test(cells[at]) ? 0 : graphemeWidth(cells[at]);
    if (used > columns && at > from) return at;
  }
  return cells.length;
}

/** The last blank up to `to` that has a word before it; -1 if there is none. */
function lastBlank(cells: readonly string[], from: number, to: number): number {
  const word = cells.findIndex((cell, at) => at >= from && cell !== " " && !SGR.test(cell));
  const blank = cells.lastIndexOf(" ", to);
  return word >= 0 && blank > word ? blank : -1;
}

/** Adds blanks up to a width in columns. */
export function pad(text: string, columns: number, side: "left" | "right" = "right"): string {
  const blanks = " ".repeat(Math.max(0, columns - widthOf(text)));
  return side === "right" ? text + blanks : blanks + text;
}

/** Cuts to a width in columns, with "…" where something is missing. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (widthOf(text) <= columns) return text;
  if (columns === 1) return "…";
  if (isNarrow(text)) return `${text.slice(0, columns - 1)}…`;
  return `${wrapped(text, columns - 1, "anything")[0]}…`;
}

/** Breaks between words into lines of at most `columns`; a longer word is broken. */
export function wrapWords(text: string, columns: number): string[] {
  return wrapped(text, columns, "words").map((row) => row.trim());
}

/** Breaks anywhere, and keeps every blank: for code and output. */
export function wrapAnywhere(line: string, columns: number): string[] {
  const width = Math.max(1, columns);
  if (!isNarrow(line)) return wrapped(line, width, "anything");
  if (line.length <= width) return [line];
  const rows: string[] = [];
  for (let at = 0; at < line.length; at += width) rows.push(line.slice(at, at + width));
  return rows;
}

/** Breaks output between words where that is possible, and keeps its blanks. */
export function wrapOutput(line: string, columns: number): string[] {
  if (line.length > MAX_WORD_WRAP_CHARS || widthOf(line) <= columns)
    return wrapAnywhere(line, columns);
  return wrapped(line, columns, "words");
}

/** Breaks code between words where that is possible; what is continued is indented. */
export function wrapCode(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const room = columns - indent.length - CONTINUED.length;
  if (room < MIN_CODE_COLUMNS) return wrapAnywhere(line, columns);
  const rows = wrapped(line.slice(indent.length), room, "words");
  return rows.map((row, at) => indent + (at === 0 ? row : CONTINUED + row));
}

/** Puts two texts at the ends of a line; the left one gives way. */
export function ends(left: string, right: string, columns: number): string {
  const room = columns - widthOf(right) - (right === "" ? 0 : 1);
  if (room < 1) return cut(left, columns);
  return pad(cut(left, room), columns - widthOf(right)) + right;
}

/** `◆◆◆◇◇◇`: how much of something is done. */
export function progressBar(
  done: number,
  total: number,
  columns: number,
): [full: string, rest: string] {
  const full = total === 0 ? 0 : Math.round((Math.min(done, total) / total) * columns);
  return ["━".repeat(full), "─".repeat(columns - full)];
}

/** `40 ms`, `0.3 s`, `12 s`, `3 min 20 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** Adds lines that may be very many: spread as arguments, a hundred thousand would overflow the stack. */
export function append(lines: string[], more: readonly string[]): void {
  for (const line of more) lines.push(line);
}
