/** Columns that text takes in a terminal (Unicode UAX #11, East Asian Width). */

/** Wide and fullwidth characters, and emoji that are wide by default: first and last of each range. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1aff0, 0x1b2ff],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f200, 0x1f320],
  [0x20000, 0x3fffd],
];

const WIDE_EMOJI = /^\p{Emoji_Presentation}$/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

/** Columns of one character (a code point): 0, 1 or 2. */
export function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (NO_WIDTH.test(char)) return 0;
  if (WIDE.some(([first, last]) => code >= first && code <= last)) return 2;
  return WIDE_EMOJI.test(char) ? 2 : 1;
}

/** Columns of a text of one line. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** Cuts a text that takes more than `columns`, and ends it with `mark`. */
export function clip(text: string, columns: number, mark = "…"): string {
  if (textWidth(text) <= columns) return text;
  let room = columns - textWidth(mark);
  let kept = "";
  for (const char of text) {
    room -= charWidth(char);
    if (room < 0) break;
    kept += char;
  }
  return columns < textWidth(mark) ? "" : kept + mark;
}

/** Breaks a text between words into lines of at most `columns`; a longer word is cut. */
export function wrap(text: string, columns: number, mark = "…"): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer) <= columns || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines.map((one) => clip(one, columns, mark));
}
