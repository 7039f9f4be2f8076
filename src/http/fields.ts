/** The fields of a message: names without case, values in order, decoded only when asked for. */

import { isBlank } from "./grammar";

/** Where a field line stands in the text: name start and end, value start and end. */
const OFFSETS_PER_FIELD = 4;

const NOT_ASCII = /[\x80-\xff]/;

/**
 * Field lines as received (RFC 9110, 5). Values are text in which each byte is one character
 * (ISO-8859-1), as RFC 9110, 5.5 leaves them.
 */
export class Fields implements Iterable<[name: string, value: string]> {
  readonly #text: string;
  #offsets: number[] | undefined;

  /**
   * @param text field lines that a parser has accepted, up to an empty line or the end
   */
  constructor(text: string) {
    this.#text = text;
  }

  static readonly none = new Fields("");

  /** Fields from pairs, in this order. Nothing is checked: use it with what a parser accepted. */
  static from(pairs: Iterable<readonly [name: string, value: string]>): Fields {
    let text = "";
    for (const [name, value] of pairs) text += `${name}: ${value}\r\n`;
    return new Fields(text);
  }

  /** How many field lines there are. */
  get size(): number {
    return this.#index().length / OFFSETS_PER_FIELD;
  }

  /** The value, several lines of one name joined with ", " (RFC 9110, 5.3); undefined if absent. */
  get(name: string): string | undefined {
    let joined: string | undefined;
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at + OFFSETS_PER_FIELD)) {
      const value = this.#value(at);
      joined = joined === undefined ? value : `${joined}, ${value}`;
    }
    return joined;
  }

  /** The value as UTF-8, which most programs mean by it; what is not UTF-8 is replaced. */
  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || !NOT_ASCII.test(value)) return value;
    return Buffer.from(value, "latin1").toString("utf8");
  }

  /** The value of each line of this name, in order. */
  getAll(name: string): string[] {
    const values: string[] = [];
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at + OFFSETS_PER_FIELD)) {
      values.push(this.#value(at));
    }
    return values;
  }

  has(name: string): boolean {
    return this.#find(name, 0) >= 0;
  }

  /** Name and value of each line, names as they were sent. */
  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    const offsets = this.#index();
    for (let at = 0; at < offsets.length; at += OFFSETS_PER_FIELD) {
      yield [this.#text.slice(offsets[at], offsets[at + 1]), this.#value(at)];
    }
  }

  /** An object of lower-case names, for printing. */
  toJSON(): Record<string, string> {
    const names = new Set(Array.from(this, ([name]) => name.toLowerCase()));
    return Object.fromEntries(Array.from(names, (name) => [name, this.get(name) ?? ""]));
  }

  #value(at: number): string {
    const offsets = this.#index();
    return this.#text.slice(offsets[at + 2], offsets[at + 3]);
  }

  #find(name: string, from: number): number {
    const offsets = this.#index();
    const wanted = name.toLowerCase();
    for (let at = from; at < offsets.length; at += OFFSETS_PER_FIELD) {
      if (offsets[at + 1] - offsets[at] !== name.length) continue;
      if (this.#text.slice(offsets[at], offsets[at + 1]).toLowerCase() === wanted) return at;
    }
    return -1;
  }

  /** Most fields of most requests are never asked for, so the lines are told apart only here. */
  #index(): number[] {
    if (this.#offsets !== undefined) return this.#offsets;
    const text = this.#text;
    const offsets: number[] = [];
    for (let line = 0, end = text.indexOf("\r\n", line); end > line; ) {
      const colon = text.indexOf(":", line);
      let valueStart = colon + 1;
      let valueEnd = end;
      while (valueStart < valueEnd && isBlank(text.charCodeAt(valueStart))) valueStart++;
      while (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
      offsets.push(line, colon, valueStart, valueEnd);
      line = end + 2;
      end = text.indexOf("\r\n", line);
    }
    this.#offsets = offsets;
    return offsets;
  }
}
