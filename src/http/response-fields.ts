/** The fields of a response: what a handler may set, and nothing that could end the line early. */

import { isToken, trimBlanks } from "./grammar";

/** A handler's answer that cannot be sent as it is. */
export class ResponseError extends Error {
  override readonly name = "ResponseError";
}

export type FieldValue = string | number | readonly string[];

export const ORDINARY = 0;
export const CONTENT_LENGTH = 1;
export const CONTENT_TYPE = 2;
export const CONNECTION = 3;
export const DATE = 4;

const KINDS: ReadonlyMap<string, number> = new Map([
  ["content-length", CONTENT_LENGTH],
  ["content-type", CONTENT_TYPE],
  ["connection", CONNECTION],
  ["date", DATE],
]);

/** How a message is framed and kept is the server's business alone. */
const RESERVED = new Set(["transfer-encoding", "trailer", "upgrade", "keep-alive"]);

/** A name that is known to be a token, with the line last written for it. */
export interface FieldName {
  readonly name: string;
  readonly kind: number;
  lastValue: string | undefined;
  lastLine: string;
}

/** Names in use; bounded, in case a program makes them up. */
const names = new Map<string, FieldName>();
const MAX_NAMES = 512;
const MAX_KEPT_CHARACTERS = 256;

const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** The name, checked. @throws ResponseError when it is no token, or is reserved */
export function fieldName(name: string): FieldName {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (!isToken(name)) throw new ResponseError(`${JSON.stringify(name)} is not a field name`);
  const lower = name.toLowerCase();
  if (RESERVED.has(lower)) throw new ResponseError(`the field ${name} is the server's to set`);
  const kind = KINDS.get(lower) ?? ORDINARY;
  const field: FieldName = { name, kind, lastValue: undefined, lastLine: "" };
  if (names.size < MAX_NAMES) names.set(name, field);
  return field;
}

/** A line for each value. @throws ResponseError when a value has a control character */
export function fieldLines(field: FieldName, value: FieldValue): string {
  // Most fields of a server are the same in every answer.
  if (value === field.lastValue) return field.lastLine;
  if (typeof value === "number") return `${field.name}: ${value}\r\n`;
  if (typeof value === "string") {
    if (NOT_A_VALUE.test(value)) throw badValue(field.name, value);
    const line = `${field.name}: ${value}\r\n`;
    if (value.length <= MAX_KEPT_CHARACTERS) {
      field.lastValue = value;
      field.lastLine = line;
    }
    return line;
  }
  if (!Array.isArray(value)) throw badValue(field.name, value);
  return value.map((one: string) => fieldLines(field, String(one))).join("");
}

/** The number of bytes that a Content-Length says. */
export function parseLength(value: FieldValue): number {
  const text = String(value);
  const length = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(length)) {
    throw new ResponseError(`Content-Length cannot be ${JSON.stringify(value)}`);
  }
  return length;
}

/** Whether a Connection field asks for a close. */
export function isClose(value: FieldValue): boolean {
  const option = trimBlanks(String(value)).toLowerCase();
  if (option !== "close" && option !== "keep-alive") {
    throw new ResponseError('the field Connection can be "close" or "keep-alive"');
  }
  return option === "close";
}

function badValue(name: string, value: unknown): ResponseError {
  const shown = JSON.stringify(value) ?? typeof value;
  return new ResponseError(
    `the field ${name} cannot have the value ${shown.slice(0, 60)}; ` +
      "values are visible ASCII, spaces, tabs and ISO-8859-1 characters",
  );
}
