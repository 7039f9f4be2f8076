/** Columns that text takes in a terminal (Unicode UAX #11, East Asian Width). */

/** Wide and fullwidth characters, and emoji that are wide by default: first and last of each range. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f200, 0x1f320],
  [0x20000, 0x3fffd],
];

const WIDE_EMOJI = /^\p{Emoji_Presentation}$/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

/** A family, a flag, a skin tone, a keycap: several characters that are drawn as one wide emoji (UTS #51). */
const EMOJI_SEQUENCE =
  /^(?:\p{Extended_Pictographic}.*[\u200d\ufe0f\p{Emoji_Modifier}]|\p{Regional_Indicator}{2}$|.\ufe0f\u20e3$)/u;
/** One column each: ASCII, Latin, dashes and quotes, arrows, lines, blocks and marks that the lab itself draws. */
const NARROW =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u259f✓✗▶◇○●⠋-⠿⋯]*$/;

let segmenter: Intl.Segmenter | undefined;

/** True for most text: each UTF-16 code unit takes one column. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text);
}

/** What a reader takes for one character each (UAX #29): a letter with its accents, a family emoji. */
export function graphemes(text: string): string[] {
  if (isNarrow(text)) return text.split("");
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns of one grapheme: 0, 1 or 2; more only where it has several letters, as in some Indic scripts. */
export function graphemeWidth(grapheme: string): number {
  if (EMOJI_SEQUENCE.test(grapheme)) return 2;
  let width = 0;
  for (const char of grapheme) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (NO_WIDTH.test(char)) return 0;
  if (WIDE.some(([first, last]) => code >= first && code <= last)) return 2;
  return WIDE_EMOJI.test(char) ? 2 : 1;
}

/** Columns of a text of one line. */
export function textWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  return graphemes(text).reduce((width, one) => width + graphemeWidth(one), 0);
}

/** Cuts a text that takes more than `columns`, and ends it with `mark`. */
export function clip(text: string, columns: number, mark = "…"): string {
  if (textWidth(text) <= columns) return text;
  let room = columns - textWidth(mark);
  let kept = "";
  for (const one of graphemes(text)) {
    room -= graphemeWidth(one);
    if (room < 0) break;
    kept += one;
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
