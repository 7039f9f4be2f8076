/** "Select Graphic Rendition" of ECMA-48, 8.3.117 (38 and 48 as in ISO 8613-6): attributes, and what takes each back. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
export const SGR = /(\u001b\[[\d;]*m)/;
const EVERY_SGR = new RegExp(SGR, "g");

export interface Attribute {
  /** `1`, or `38;5;117` */
  readonly code: string;
  /** The code that takes it back, `22`; equal to `code` where that takes something back itself. */
  readonly reset: string;
}

/** @param parameters those of one sequence: `1;38;5;117` */
export function attributesOf(parameters: string): Attribute[] {
  const numbers = parameters.split(";");
  const found: Attribute[] = [];
  for (let at = 0; at < numbers.length; ) {
    const number = Number(numbers[at]);
    const colour = number === 38 || number === 48;
    const length = colour ? (numbers[at + 1] === "2" ? 5 : 3) : 1;
    found.push({ code: numbers.slice(at, at + length).join(";"), reset: resetOf(number) });
    at += length;
  }
  return found;
}

function resetOf(code: number): string {
  if (code === 1 || code === 2) return "22";
  if (code < 10) return String(20 + code);
  if (code < 30) return String(code);
  return (code >= 40 && code < 50) || code >= 100 ? "49" : "39";
}

/** A text without its attributes. */
export function withoutAttributes(text: string): string {
  return text.includes("\u001b") ? text.replace(EVERY_SGR, "") : text;
}

/** The attributes that are set after `text`, by what takes each back, when `before` were set at its beginning. */
export function attributesAfter(
  before: ReadonlyMap<string, string>,
  text: string,
): Map<string, string> {
  const set = new Map(before);
  for (const sequence of text.match(EVERY_SGR) ?? []) {
    for (const { code, reset } of attributesOf(sequence.slice(2, -1))) {
      if (Number(code) === 0) set.clear();
      else if (code === reset) set.delete(reset);
      else set.set(reset, code);
    }
  }
  return set;
}

/** The sequence of these codes; none for none. */
export function sequenceOf(codes: Iterable<string>): string {
  const parameters = [...codes].join(";");
  return parameters === "" ? "" : `\u001b[${parameters}m`;
}
