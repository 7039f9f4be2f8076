/** Styled text in columns: widths as a terminal counts them (UAX #11), cutting, padding, wrapping. */
import { stripVTControlCharacters } from "node:util";
import type stringWidthType from "string-width";
import type wrapAnsiType from "wrap-ansi";

const CONTINUED = "    ";
/** With less room than this, indenting makes things worse. */
const MIN_CODE_COLUMNS = 20;
/** Looking for words in longer lines takes too long. */
const MAX_WORD_WRAP_CHARS = 2_000;
/** One column each: ASCII, Latin, dashes and quotes, arrows, lines, blocks and marks that the lab itself draws. */
const NARROW =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u259f✓✗▶◇○●⠋-⠿⋯]*$/;

/** What styles are: "Select Graphic Rendition" of ECMA-48, 8.3.117. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const STYLE = /\u001b\[[\d;]*m/g;

let library: { width: typeof stringWidthType; wrap: typeof wrapAnsiType } | undefined;

/**
 * Loads what measures every text and wraps styled ones. It takes longer than all the rest of the way to the
 * first screen, which does without: until then wide signs are counted as one column.
 */
export async function loadLayout(): Promise<void> {
  if (library) return;
  const [width, wrap] = await Promise.all([import("string-width"), import("wrap-ansi")]);
  library = { width: width.default, wrap: wrap.default };
}

function wrapped(
  text: string,
  columns: number,
  options: Parameters<typeof wrapAnsiType>[2],
): string[] {
  if (library) return library.wrap(text, Math.max(1, columns), options).split("\n");
  return text.split("\n").flatMap((line) => wrapPlain(line, Math.max(1, columns)));
}

/** Words of one column a sign. */
function wrapPlain(line: string, columns: number): string[] {
  const rows = [""];
  for (const word of line.split(" ")) {
    const row = rows.at(-1) ?? "";
    if (row === "") rows[rows.length - 1] = word;
    else if (row.length + 1 + word.length <= columns) rows[rows.length - 1] = `${row} ${word}`;
    else rows.push(word);
  }
  return rows;
}

/** Columns that the text takes; escape sequences take none, a family emoji takes two. */
export function widthOf(text: string): number {
  // Nearly all there is; the library takes much longer.
  const bare = text.includes("\u001b") ? text.replace(STYLE, "") : text;
  if (NARROW.test(bare)) return bare.length;
  return library ? library.width(text) : stripVTControlCharacters(text).length;
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
  if (NARROW.test(text)) return `${text.slice(0, columns - 1)}…`;
  const [first = ""] = wrapped(text, columns - 1, { hard: true, wordWrap: false, trim: false });
  return columns === 1 ? "…" : `${first}…`;
}

/** Breaks between words into lines of at most `columns`; a longer word is broken. */
export function wrapWords(text: string, columns: number): string[] {
  return wrapped(text, columns, { hard: true });
}

/** Breaks anywhere, and keeps every blank: for code and output. */
export function wrapAnywhere(line: string, columns: number): string[] {
  const width = Math.max(1, columns);
  if (!NARROW.test(line)) return wrapped(line, width, { hard: true, wordWrap: false, trim: false });
  if (line.length <= width) return [line];
  const rows: string[] = [];
  for (let at = 0; at < line.length; at += width) rows.push(line.slice(at, at + width));
  return rows;
}

/** Breaks output between words where that is possible, and keeps its blanks. */
export function wrapOutput(line: string, columns: number): string[] {
  if (line.length > MAX_WORD_WRAP_CHARS || widthOf(line) <= columns)
    return wrapAnywhere(line, columns);
  const rows = wrapped(line, columns, { hard: true, trim: false });
  return rows.map((row, at) => (at === 0 ? row : row.replace(/^ (?=\S)/, "")));
}

/** Breaks code between words where that is possible; what is continued is indented. */
export function wrapCode(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const room = columns - indent.length - CONTINUED.length;
  if (room < MIN_CODE_COLUMNS) return wrapAnywhere(line, columns);
  const rows = wrapped(line.slice(indent.length), room, { hard: true, trim: false });
  return rows.map((row, at) => indent + (at === 0 ? row : CONTINUED + row.replace(/^ /, "")));
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
