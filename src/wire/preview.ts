/**
 * The first bytes of what a socket carried, as text for a person. Any peer may have sent it, so
 * nothing in it may act on the page or the terminal: control characters, characters that change
 * the direction of writing, invisible ones, and bytes that are not UTF-8 stand as escapes.
 */
import { groupDigits } from "./group-digits";
import type { RecordedBytes } from "./recording-data";
import { textWidth } from "./width";

export interface PreviewOptions {
  /** Columns of each line. */
  readonly columns: number;
  /** Lines at most. */
  readonly lines: number;
  readonly ascii?: boolean;
}

/** Below this share of readable characters, bytes are shown in hexadecimal. */
const TEXT_SHARE_MIN = 0.7;
/** More combining marks than this on one character are escaped: they would paint over other lines. */
const MARKS_MAX = 2;

const ESCAPES: Readonly<Record<string, string>> = {
  "\r": "\\r",
  "\n": "\\n",
  "\t": "\\t",
  "\0": "\\0",
  "\\": "\\\\",
};
const UNSAFE = /^[\p{C}\p{Zl}\p{Zp}]$/u;
const MARK = /^\p{M}$/u;
const SPACE = /^\p{Zs}$/u;

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, "0");
}

/** One character or byte, as it is shown. */
interface Token {
  readonly shown: string;
  readonly readable: boolean;
  readonly endsLine: boolean;
}

function escapeChar(char: string, marks: number, ascii: boolean): string {
  const code = char.codePointAt(0) ?? 0;
  const known = ESCAPES[char];
  if (known !== undefined) return known;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  const strange =
    UNSAFE.test(char) ||
    (SPACE.test(char) && char !== " ") ||
    (MARK.test(char) && marks >= MARKS_MAX) ||
    (ascii && code > 0x7e);
  return strange ? `\\u{${hex(code, 1)}}` : char;
}

/** Escapes what is not safe in a text that is not data: a name, a host. */
export function escapeText(text: string, ascii = false): string {
  return tokens(Buffer.from(text), false, ascii)
    .map((token) => (token.shown === "\\\\" ? "\\" : token.shown))
    .join("");
}

/** The length of the UTF-8 sequence at `at`; 0 if there is none; negative if it is cut off there. */
function sequence(bytes: Buffer, at: number): number {
  const first = bytes[at];
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (first > 0xf4) return 0;
  for (let i = 1; i < length; i++) {
    if (at + i >= bytes.length) return -1;
    if ((bytes[at + i] & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** `cut`: more bytes follow, so a sequence that is not complete is left out, not escaped. */
function tokens(bytes: Buffer, cut: boolean, ascii: boolean): Token[] {
  const result: Token[] = [];
  let marks = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequence(bytes, at);
    if (length < 0 && cut) break;
    const char = length > 0 ? bytes.toString("utf8", at, at + length) : "\uFFFD";
    // Overlong forms and surrogates have the shape of a sequence, and are none.
    if (
      length <= 0 ||
      (char.startsWith("\uFFFD") && bytes.toString("hex", at, at + 3) !== "efbfbd")
    ) {
      result.push({ shown: `\\x${hex(bytes[at], 2)}`, readable: false, endsLine: false });
      at += 1;
      continue;
    }
    marks = MARK.test(char) ? marks + 1 : 0;
    const shown = escapeChar(char, marks - 1, ascii);
    const readable = !shown.startsWith("\\x") && shown !== "\\0" && !UNSAFE.test(char);
    result.push({ shown, readable: readable || "\r\n\t".includes(char), endsLine: char === "\n" });
    at += length;
  }
  return result;
}

function hexPreview(bytes: Buffer, total: number, columns: number, ellipsis: string): string {
  const room = Math.max(1, Math.floor((columns - 2 - textWidth(ellipsis)) / 3));
  const shown = [...bytes.subarray(0, room)].map((byte) => hex(byte, 2).toLowerCase()).join(" ");
  return `<${shown}${total > room ? ` ${ellipsis}` : ""}>`;
}

/** Takes tokens while they fit; says how many. */
function take(all: readonly Token[], from: number, columns: number): number {
  let width = 0;
  let count = 0;
  for (const token of all.slice(from)) {
    width += textWidth(token.shown);
    if (width > columns) break;
    count++;
    if (token.endsLine) break;
  }
  return count;
}

/**
 * The bytes in quotes, broken after each line feed into at most `lines` lines. Bytes that are
 * left out show as an ellipsis before the closing quote; where the first line is one of a text
 * of lines, it is kept whole and alone rather than with some of the second.
 */
export function preview(data: RecordedBytes, options: PreviewOptions): string[] {
  const ellipsis = options.ascii ? "..." : "…";
  const bytes = Buffer.from(data.head, "latin1");
  const all = tokens(bytes, data.bytes > bytes.length, options.ascii === true);
  const readable = all.filter((token) => token.readable).length;
  if (all.length > 0 && readable / all.length < TEXT_SHARE_MIN) {
    return [hexPreview(bytes, data.bytes, options.columns, ellipsis)];
  }
  const columns = Math.max(4, options.columns - 2);
  const whole = all.map((token) => token.shown).join("");
  const complete = data.bytes <= bytes.length;
  if (options.lines <= 1 && complete && textWidth(whole) <= columns) return [`"${whole}"`];
  return brokenLines(all, complete, columns, Math.max(1, options.lines), ellipsis);
}

function brokenLines(
  all: readonly Token[],
  complete: boolean,
  columns: number,
  maxLines: number,
  ellipsis: string,
): string[] {
  const lines: string[] = [];
  let at = 0;
  let cutInLine = false;
  while (at < all.length && lines.length < maxLines) {
    const last = lines.length === maxLines - 1;
    const end = endOfLine(all, at);
    const mark = textWidth(ellipsis);
    let count = take(all, at, columns);
    cutInLine = at + count < end;
    const more = at + count < all.length || !complete;
    if (cutInLine || (last && more)) count = take(all, at, columns - mark);
    cutInLine = at + count < end;
    const shown = all.slice(at, at + count).map((token) => token.shown);
    lines.push(shown.join("") + (cutInLine ? ellipsis : ""));
    at = end;
  }
  const more = at < all.length || !complete;
  const last = lines.length - 1;
  if (more && !cutInLine) lines[last] = `${lines[last] ?? ""}${ellipsis}`;
  lines[0] = `"${lines[0] ?? ""}`;
  lines[lines.length - 1] += '"';
  return lines;
}

/** The index after the line that `at` is in. */
function endOfLine(all: readonly Token[], at: number): number {
  for (let i = at; i < all.length; i++) if (all[i].endsLine) return i + 1;
  return all.length;
}

/** `18 B`, `1,048,576 B`. */
export function byteCount(bytes: number): string {
  return `${groupDigits(bytes)} B`;
}
