/** Text for a terminal: styles, widths, and output that cannot take the terminal over. */

type Paint = (text: string) => string;

export interface Styles {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly italic: Paint;
  readonly underline: Paint;
  readonly inverse: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** SGR codes (ECMA-48 section 8.3.117), or plain text without colour. */
export function styles(colour: boolean): Styles {
  const paint =
    (on: number, off: number): Paint =>
    (text) =>
      colour && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    italic: paint(3, 23),
    underline: paint(4, 24),
    inverse: paint(7, 27),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

/** https://no-color.org: any value but the empty one turns colour off; so does a terminal that has none. */
export function wantsColour(env: NodeJS.ProcessEnv): boolean {
  return !env.NO_COLOR && env.TERM !== "dumb";
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const SGR = /\u001b\[[\d;]*m/g;
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: CSI, OSC and two-character sequences of ECMA-48
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is left over after the escape sequences
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Output as it may reach the terminal: colours stay (unless unwanted), every other escape sequence goes, other
 * control characters become a visible sign. What a peer on the network sent cannot move the cursor.
 */
export function safeOutput(text: string, colour: boolean): string {
  const kept: string[] = [];
  const marked = text.replaceAll("\u0000", "␀").replace(ESCAPES, (sequence) => {
    if (!colour || !sequence.match(SGR)) return "";
    kept.push(sequence);
    return "\u0000";
  });
  return marked
    .replace(CONTROLS, (sign) => (sign === "\u0000" ? (kept.shift() ?? "") : controlPicture(sign)))
    .replace(/\r(?!\n)/g, "␍");
}

/** U+2400 and on show the control characters of ASCII; the rest become U+FFFD. */
function controlPicture(sign: string): string {
  const code = sign.charCodeAt(0);
  if (code === 0x7f) return "␡";
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\uFFFD";
}

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Columns that the text takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const sign of text.replace(SGR, "")) {
    if (!ZERO_WIDTH.test(sign)) width += WIDE.test(sign) ? 2 : 1;
  }
  return width;
}

/** Pads with blanks on the right to a width in columns. */
export function padColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** Cuts unstyled text to a width in columns, with "…" where something is missing. */
export function cutColumns(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let result = "";
  let width = 0;
  for (const sign of text) {
    width += displayWidth(sign);
    if (width > columns - 1) break;
    result += sign;
  }
  return columns > 0 ? `${result}…` : "";
}

/**
 * Breaks text at blanks into lines of at most `columns`; a longer word is a line of its own. Styles must open
 * and close within a word.
 */
export function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    let width = 0;
    for (const word of paragraph.split(" ").filter((part) => part !== "")) {
      const wordWidth = displayWidth(word);
      if (line !== "" && width + 1 + wordWidth > columns) {
        lines.push(line);
        line = "";
        width = 0;
      }
      width += line === "" ? wordWidth : wordWidth + 1;
      line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}
