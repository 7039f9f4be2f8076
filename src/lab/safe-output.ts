/** Output that cannot take the terminal over. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const SGR = /^\u001b\[[\d;]*m$/;
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: CSI, OSC and two-character sequences of ECMA-48
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is left over after the escape sequences
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: most text has none of these
const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const TAB_COLUMNS = 4;

/**
 * A text as it may reach the terminal: colours stay (unless unwanted), every other escape sequence goes, other
 * control characters become a visible sign. What a peer on the network sent cannot move the cursor.
 * Tabs become blanks; a carriage return overwrites its line, as a terminal would.
 */
export function safeOutput(text: string, colour: boolean): string {
  const plain = text.replaceAll("\t", " ".repeat(TAB_COLUMNS)).replace(BIDI, "");
  if (!SUSPECT.test(plain)) return plain;
  const kept: string[] = [];
  const marked = overwritten(plain)
    .replaceAll("\u0000", "␀")
    .replace(ESCAPES, (sequence) => {
      if (!colour || !SGR.test(sequence)) return "";
      kept.push(sequence);
      return "\u0000";
    });
  return marked.replace(CONTROLS, (sign) =>
    sign === "\u0000" ? (kept.shift() ?? "") : controlPicture(sign),
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

/** U+2400 and on show the control characters of ASCII; the rest become U+FFFD. */
function controlPicture(sign: string): string {
  const code = sign.charCodeAt(0);
  if (code === 0x7f) return "␡";
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\uFFFD";
}
