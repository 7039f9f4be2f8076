/**
 * Text that a terminal cannot obey. Text that is not ours (a notebook's, a peer's, a file's name) passes
 * here before a terminal sees it: an escape sequence could write the clipboard (OSC 52), rename the window
 * (OSC 0), move the cursor (CSI) or reset the terminal (RIS), and a bidirectional control (Unicode UAX #9)
 * makes a line read in another order than it is stored.
 */

const BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069";
/** Control characters other than line ends and tabs, and what turns the reading order. */
const SUSPECT = new RegExp(`[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f${BIDI}]|\\r(?!\\n)`);
const ALL_SUSPECT = new RegExp(SUSPECT, "g");
/** On one line: also what ends a line. */
const NOT_ON_A_LINE = new RegExp(`[\\p{Cc}\\u2028\\u2029${BIDI}]`, "gu");

/** Colours: "Select Graphic Rendition" of ECMA-48, 8.3.117. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const COLOURS = /(\u001b\[[\d;]*m)/;
const RESET = "\u001b[0m";
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: CSI, OSC and two-character sequences of ECMA-48
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])/g;
const TAB_COLUMNS = 4;

const SHORT: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** Text of any number of lines. A control character becomes a visible sign (`␛`); nothing is obeyed. */
export function safeText(text: string): string {
  return SUSPECT.test(text) ? text.replace(ALL_SUSPECT, sign) : text;
}

/** The same, but colours stay, and end with the text: for lines that this project has coloured. */
export function safeStyled(text: string): string {
  if (!SUSPECT.test(text)) return text;
  const parts = text.split(COLOURS);
  const shown = parts.map((part, at) => (at % 2 === 1 ? part : safeText(part))).join("");
  return parts.length > 1 ? shown + RESET : shown;
}

/**
 * What a program printed, as a terminal would show it: colours stay (unless unwanted), other escape sequences go,
 * tabs become blanks, a carriage return overwrites its line.
 */
export function safeOutput(text: string, colour: boolean): string {
  const plain = text.replaceAll("\t", " ".repeat(TAB_COLUMNS));
  if (!SUSPECT.test(plain)) return plain;
  const shown = overwritten(plain.replace(new RegExp(`[${BIDI}]`, "g"), "")).replace(
    ESCAPES,
    (sequence) => (colour && COLOURS.test(sequence) ? sequence : ""),
  );
  const parts = shown.split(COLOURS);
  return parts.map((part, at) => (at % 2 === 1 ? part : safeText(part))).join("");
}

/**
 * Text on one line: what could disturb a terminal stands as an escape (`\n`, `\u001b`), and one
 * line end at the very end, as `nc` sends it, is left out.
 */
export function printable(text: string): string {
  return text
    .replace(/\r?\n$/, "")
    .replace(
      NOT_ON_A_LINE,
      (c) => SHORT.get(c) ?? `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
    );
}

/** Of each line, what a terminal would show in the end. */
function overwritten(text: string): string {
  if (!text.includes("\r")) return text;
  const shown = (line: string): string => {
    const whole = line.endsWith("\r") ? line.slice(0, -1) : line;
    return whole.slice(whole.lastIndexOf("\r") + 1);
  };
  return text.split("\n").map(shown).join("\n");
}

/** U+2400 and on show the control characters of ASCII; C1 becomes U+FFFD; what turns the order is left out. */
function sign(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x7f) return "␡";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code < 0xa0 ? "\uFFFD" : "";
}
