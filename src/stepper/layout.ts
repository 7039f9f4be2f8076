/** Styled text in columns: widths as a terminal counts them (UAX #11), cutting, padding, wrapping. */
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

const CONTINUED = "    ";
/** With less room than this, indenting makes things worse. */
const MIN_CODE_COLUMNS = 20;
/** Looking for words in longer lines takes too long. */
const MAX_WORD_WRAP_CHARS = 2_000;
const PRINTABLE_ASCII = /^[ -~]*$/;

/** Columns that the text takes; escape sequences take none, a family emoji takes two. */
export function widthOf(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
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
  const rows = wrapAnsi(text, Math.max(1, columns - 1), {
    hard: true,
    wordWrap: false,
    trim: false,
  });
  const first = rows.split("\n", 1)[0] ?? "";
  return columns === 1 ? "…" : `${first}…`;
}

/** Breaks between words into lines of at most `columns`; a longer word is broken. */
export function wrapWords(text: string, columns: number): string[] {
  return wrapAnsi(text, Math.max(1, columns), { hard: true }).split("\n");
}

/** Breaks anywhere, and keeps every blank: for code and output. */
export function wrapAnywhere(line: string, columns: number): string[] {
  const width = Math.max(1, columns);
  if (!PRINTABLE_ASCII.test(line)) {
    return wrapAnsi(line, width, { hard: true, wordWrap: false, trim: false }).split("\n");
  }
  if (line.length <= width) return [line];
  const rows: string[] = [];
  for (let at = 0; at < line.length; at += width) rows.push(line.slice(at, at + width));
  return rows;
}

/** Breaks output between words where that is possible, and keeps its blanks. */
export function wrapOutput(line: string, columns: number): string[] {
  if (line.length > MAX_WORD_WRAP_CHARS || widthOf(line) <= columns)
    return wrapAnywhere(line, columns);
  const rows = wrapAnsi(line, Math.max(1, columns), { hard: true, trim: false }).split("\n");
  return rows.map((row, at) => (at === 0 ? row : row.replace(/^ (?=\S)/, "")));
}

/** Breaks code between words where that is possible; what is continued is indented. */
export function wrapCode(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const room = columns - indent.length - CONTINUED.length;
  if (room < MIN_CODE_COLUMNS) return wrapAnywhere(line, columns);
  const rows = wrapAnsi(line.slice(indent.length), room, { hard: true, trim: false }).split("\n");
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
