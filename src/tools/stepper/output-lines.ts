/** A cell's output as lines of a terminal: safe, folded when long, its error with the place first. */

import { safeOutput } from "../../program/safe-text";
import { groupDigits } from "../../wire/group-digits";
import { formatPlace } from "../notebook/errors";
import { cellError } from "../notebook/run";
import { append, cut, widthOf, wrapAnywhere, wrapOutput, wrapWords } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import {
  type CellOutput,
  type DisplayPiece,
  lineEnds,
  type Piece,
  type TextPiece,
} from "./cell-output";

/** Longer output folds to its beginning and its end. */
const FOLD_LINES = 20;
const FOLDED_HEAD_LINES = 10;
const FOLDED_TAIL_LINES = 5;
const FOLDED_LINES = FOLDED_HEAD_LINES + FOLDED_TAIL_LINES;
/** More than what a fold shows at either end. */
const FOLD_SCAN_CHARS = 8_000;
/** A drawing is worth more room. */
const DISPLAY_FOLD_LINES = 60;
const INDENT = "    ";
/** Output wider than this is hard to read. */
const MAX_COLUMNS = 120;

export interface OutputLook {
  /** The terminal's width. */
  readonly columns: number;
  readonly styles: Styles;
  /** Whether long output is shown whole. */
  readonly open: boolean;
  /** Whether the stack of an error is shown. */
  readonly stack: boolean;
  /** The cell, for the place of an error. */
  readonly place: { readonly file: string; readonly cell: string };
  /** Why the cell has no result, instead of an error of its own. */
  readonly lost?: string | undefined;
}

export interface OutputLines {
  readonly lines: readonly string[];
  /** Lines that folding leaves out, or would. */
  readonly folded: number;
}

export function outputLines(output: CellOutput, look: OutputLook): OutputLines {
  const { styles } = look;
  const width = Math.min(look.columns - INDENT.length, MAX_COLUMNS);
  const shown: string[] = [];
  let folded = 0;
  let late = false;
  for (const group of groups(output.pieces)) {
    const [first] = group;
    if (!first) continue;
    if (first.late && !late) shown.push(indent(styles.warning("↳ after the cell had ended:")));
    late = first.late;
    if (first.kind === "display") {
      const lines = displayLines(first, look.columns, styles);
      const folds = lines.length > DISPLAY_FOLD_LINES;
      if (folds) folded += lines.length - FOLDED_LINES;
      append(shown, folds && !look.open ? fold(lines, lines, lines.length, styles) : lines);
      continue;
    }
    const text = look.open ? wholeText(group, styles) : foldedText(group, styles);
    const head = wrapped(text.head, width, styles);
    const tail = text.tail === undefined ? head : wrapped(text.tail, width, styles);
    const count = text.tail === undefined ? head.length : text.lines;
    if (text.tail === undefined && head.length <= FOLD_LINES) append(shown, head.map(indent));
    else {
      folded += Math.max(1, count - FOLDED_LINES);
      append(shown, (look.open ? head : fold(head, tail, count, styles)).map(indent));
    }
  }
  const { failure } = output;
  const error: string[] = [];
  if (failure) {
    const { place, reason } = cellError(failure, look.place);
    const [what = "", ...stack] = reason.split("\n");
    error.push(...wrapWords(styles.error(`✗ ${formatPlace(place)}`), width));
    error.push(...wrapWords(styles.error(safeOutput(what, false)), width));
    if (look.stack) {
      // It is indented for a list of errors, and begins with what was said above.
      const own = stack.map((line) => safeOutput(line.replace(/^ {4}/, ""), false));
      const lines = own[0] === what ? own.slice(1) : own;
      error.push(...lines.flatMap((line) => wrapAnywhere(line, width)).map(styles.muted));
    } else if (stack.length > 0) error.push(styles.muted(`s shows ${behind(what)}`));
  }
  if (look.lost !== undefined) error.push(...wrapWords(styles.error(`✗ ${look.lost}`), width));
  return { lines: [...shown, ...error.map(indent)], folded };
}

/** What `s` unfolds below an error: where it came from, or the compiler's other errors. */
function behind(what: string): string {
  const more = /\(and (\d+) more\)$/.exec(what)?.[1];
  return more === undefined ? "the stack" : `all ${Number(more) + 1} errors`;
}

function indent(line: string): string {
  return line === "" ? "" : INDENT + line;
}

/** Text that was printed in one go, whichever stream it took; displays stand alone. */
function groups(pieces: readonly Piece[]): Piece[][] {
  const found: Piece[][] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    const before = last?.at(-1);
    const joins = before && before.kind !== "display" && piece.kind !== "display";
    if (joins && before.late === piece.late) last?.push(piece);
    else found.push([piece]);
  }
  return found;
}

/** The beginning and the end, and how many lines are left out between them. */
function fold(
  head: readonly string[],
  tail: readonly string[],
  count: number,
  styles: Styles,
): string[] {
  const hidden = groupDigits(Math.max(1, count - FOLDED_LINES));
  return [
    ...head.slice(0, FOLDED_HEAD_LINES),
    styles.muted(`⋯ ${hidden} more lines · f opens`),
    ...tail.slice(-FOLDED_TAIL_LINES),
  ];
}

interface GroupText {
  readonly head: string;
  /** Undefined: all of it is in `head`. */
  readonly tail?: string;
  /** Lines in all, also those that were not kept. */
  readonly lines: number;
}

function wholeText(pieces: readonly Piece[], styles: Styles): GroupText {
  let text = "";
  for (const piece of pieces) {
    if (piece.kind === "gap") text += `${text.endsWith("\n") ? "" : "\n"}\u0000${piece.lines}\n`;
    else if (piece.kind !== "display") text += paintStream(piece.kind, piece.text, styles);
  }
  return { head: text, lines: 0 };
}

/** Of a long text only as much as a fold can show is looked at: it may grow many times in a second. */
function foldedText(pieces: readonly Piece[], styles: Styles): GroupText {
  const texts = pieces.filter((piece): piece is TextPiece => "text" in piece);
  const size = texts.reduce((sum, { text }) => sum + text.length, 0);
  const dropped = pieces.reduce((sum, piece) => sum + (piece.kind === "gap" ? piece.lines : 0), 0);
  if (size <= 2 * FOLD_SCAN_CHARS && dropped === 0) return wholeText(pieces, styles);
  let head = "";
  let room = FOLD_SCAN_CHARS;
  for (const { kind, text } of texts) {
    if (room <= 0) break;
    head += paintStream(kind, text.slice(0, room), styles);
    room -= text.length;
  }
  let tail = "";
  room = FOLD_SCAN_CHARS;
  for (const { kind, text } of texts.reverse()) {
    if (room <= 0) break;
    tail = paintStream(kind, text.slice(-room), styles) + tail;
    room -= text.length;
  }
  return { head, tail, lines: texts.reduce((sum, { text }) => sum + lineEnds(text), dropped) };
}

function wrapped(text: string, width: number, styles: Styles): string[] {
  const lines = text.replace(/\n$/, "").split("\n");
  return lines.flatMap((line) =>
    line.startsWith("\u0000")
      ? [styles.muted(`⋯ ${groupDigits(Number(line.slice(1)))} lines were not kept ⋯`)]
      : wrapOutput(line, width),
  );
}

function paintStream(kind: TextPiece["kind"], text: string, styles: Styles): string {
  const safe = safeOutput(text, styles.colour);
  return kind === "stderr" ? safe.replace(/[^\n]+/g, styles.warning) : safe;
}

/** Media types that a browser shows, the best first. */
export const BROWSER_TYPES = ["image/svg+xml", "text/html"] as const;

/** Lines that fit the terminal, as far as the drawing lets them. */
function displayLines({ data }: DisplayPiece, columns: number, styles: Styles): string[] {
  const plain = data["text/plain"];
  const rich = BROWSER_TYPES.find((type) => data[type] !== undefined);
  const width = Math.min(columns - INDENT.length, MAX_COLUMNS);
  const lines: string[] = [];
  if (typeof plain === "string") {
    const safe = safeOutput(plain.replace(/\n$/, ""), styles.colour).split("\n");
    // A drawing gives its indent up before it is cut; broken lines would draw nothing.
    const widest = safe.reduce((most, line) => Math.max(most, widthOf(line)), 0);
    const blanks = " ".repeat(Math.max(0, Math.min(INDENT.length, columns - widest)));
    append(
      lines,
      safe.map((line) => cut(blanks + line, columns).trimEnd()),
    );
    if (widest > columns) lines.push(indent(styles.muted("It is wider than this terminal.")));
  } else if (typeof data["text/html"] === "string") {
    const text = htmlText(data["text/html"]);
    append(lines, text.flatMap((line) => wrapWords(line, width)).map(indent));
  }
  if (rich) {
    const name = rich === "text/html" ? "a page" : "a drawing";
    lines.push(indent(styles.muted(`◇ ${name} · o opens it in the browser`)));
  } else if (lines.length === 0) {
    const types = Object.keys(data).join(", ");
    lines.push(indent(styles.muted(`[${types}: to be seen in JupyterLab or VS Code]`)));
  }
  return lines;
}

/** What a page says, roughly: its text without tags, scripts and styles. */
function htmlText(html: string): string[] {
  const text = html
    .replace(/<!--.*?-->|<(script|style)\b.*?<\/\1>/gis, "")
    .replace(/<\/(?:p|div|li|tr|h[1-6]|title)>|<br\s*\/?>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
  const lines = safeOutput(text, false).split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}
