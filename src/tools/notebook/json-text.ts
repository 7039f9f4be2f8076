/**
 * Reads JSON text and remembers where each value stands, so that a notebook can be changed by replacing
 * only the changed values: everything else keeps its bytes (indent, key order, `1.0`, escapes).
 * Grammar: RFC 8259.
 */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

/** A value and the half-open range of the text that holds it. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: JsonValue;
  /** The members, when the value is an object. */
  readonly members?: ReadonlyMap<string, JsonNode>;
  /** The elements, when the value is an array. */
  readonly elements?: readonly JsonNode[];
}

/** Deeper nesting than any notebook has; bounds the reader's recursion. */
const MAX_DEPTH_LEVELS = 200;

/** The text is not JSON. `line` and `column` count from 1. */
export class JsonTextError extends Error {
  override readonly name = "JsonTextError";
  readonly line: number;
  readonly column: number;

  constructor(reason: string, text: string, at: number) {
    super(reason);
    const before = text.slice(0, at).split("\n");
    this.line = before.length;
    this.column = (before.at(-1) ?? "").length + 1;
  }
}

// Unrolled, so that a picture of many megabytes in one string needs no backtracking.
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 section 7 bars these from strings
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/** @throws {JsonTextError} when the text is not one JSON value */
export function parseJsonText(text: string): JsonNode {
  let at = text.startsWith("\uFEFF") ? 1 : 0; // RFC 8259 section 8.1: a reader may ignore a byte order mark

  const fail = (reason: string): never => {
    throw new JsonTextError(reason, text, at);
  };
  const skipSpace = (): void => {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const expected = (what: string): never =>
    fail(at >= text.length ? `the text ends where ${what} should be` : `expected ${what}`);

  /** Reads `item` until `close`, with a comma between items. */
  const list = (close: string, item: () => void): void => {
    at++;
    skipSpace();
    if (text[at] === close) {
      at++;
      return;
    }
    for (;;) {
      item();
      skipSpace();
      if (text[at] === close) {
        at++;
        return;
      }
      if (text[at] !== ",") expected(`"," or "${close}"`);
      at++;
      skipSpace();
    }
  };

  const value = (depth: number): JsonNode => {
    if (depth > MAX_DEPTH_LEVELS) fail(`nested deeper than ${MAX_DEPTH_LEVELS} levels`);
    skipSpace();
    const start = at;
    if (text[at] === "{") {
      const members = new Map<string, JsonNode>();
      list("}", () => {
        const keyAt = at;
        const key = take(STRING) ?? expected("a property name in double quotes");
        const name = String(JSON.parse(key));
        if (members.has(name)) {
          at = keyAt;
          fail(`the property ${key} stands twice in one object`);
        }
        skipSpace();
        if (text[at] !== ":") expected('":"');
        at++;
        members.set(name, value(depth + 1));
      });
      const plain = Object.fromEntries([...members].map(([name, node]) => [name, node.value]));
      return { start, end: at, value: plain, members };
    }
    if (text[at] === "[") {
      const elements: JsonNode[] = [];
      list("]", () => elements.push(value(depth + 1)));
      return { start, end: at, value: elements.map((node) => node.value), elements };
    }
    const scalar = take(text[at] === '"' ? STRING : SCALAR);
    if (!scalar) return expected(text[at] === '"' ? "a complete string" : "a value");
    return { start, end: at, value: JSON.parse(scalar) };
  };

  const root = value(0);
  skipSpace();
  if (at < text.length) fail("something follows the end of the JSON value");
  return root;
}

/** A replacement of the text's range `start` to `end`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
