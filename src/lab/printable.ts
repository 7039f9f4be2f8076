// Text that came from the network, made safe to print on one line of a terminal.

// Control characters move the cursor or forge a line of output; the bidirectional ones (Unicode
// UAX #9) make a line read in another order than it is stored; U+2028 and U+2029 break a line.
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

const SHORT: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * `text` on one line: what could disturb a terminal stands as an escape (`\n`, `\u001b`), and one
 * line end at the very end, as `nc` sends it, is left out.
 */
export function printable(text: string): string {
  return text
    .replace(/\r?\n$/, "")
    .replace(
      UNSAFE,
      (c) => SHORT.get(c) ?? `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
    );
}
