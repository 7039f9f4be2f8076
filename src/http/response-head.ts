/**
 * Writes the head of a response, and decides how its content is framed.
 *
 *     status-line = HTTP-version SP status-code SP [ reason-phrase ]      ; RFC 9112, 4
 *
 * Nothing is sent that a reader could take for two messages: names are tokens, values have no CR, LF
 * or NUL (RFC 9110, 5.5), and the length announced is the length sent.
 */

import { isToken, trimBlanks } from "./grammar";
import { type HttpResponse, reasonPhrase } from "./response";

/** A handler's answer that cannot be sent as it is. */
export class ResponseError extends Error {
  override readonly name = "ResponseError";
}

/** How the content of a response ends (RFC 9112, 6.3). */
export type BodyFraming = "none" | "length" | "chunked" | "close";

/** A head ready to send. */
export interface ResponseHead {
  /** From the status line to the empty line; one byte a character. */
  readonly text: string;
  readonly framing: BodyFraming;
  /** Bytes announced, or -1. */
  readonly contentLength: number;
  readonly keepAlive: boolean;
}

const ORDINARY = 0;
const CONTENT_LENGTH = 1;
const CONTENT_TYPE = 2;
const CONNECTION = 3;
const DATE = 4;
const FORBIDDEN = 5;
const SPECIAL: Readonly<Record<string, number>> = {
  "content-length": CONTENT_LENGTH,
  "content-type": CONTENT_TYPE,
  connection: CONNECTION,
  date: DATE,
  "transfer-encoding": FORBIDDEN,
  trailer: FORBIDDEN,
  upgrade: FORBIDDEN,
  "keep-alive": FORBIDDEN,
};

/** Names seen to be tokens, and what they are; bounded, in case a program makes them up. */
const kinds = new Map<string, number>();
const MAX_KINDS = 512;

const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

const statusLines: string[] = [];

/**
 * The head for `response`.
 * @param minorVersion of the request: 0 for HTTP/1.0, which knows no chunks
 * @param isHead whether it answers a HEAD request
 * @param mayKeepAlive whether the connection may stay open after it
 * @param dateLine `Date: ...` with its CRLF
 * @throws ResponseError when the response could not be sent safely, saying why
 */
export function responseHead(
  response: HttpResponse,
  minorVersion: 0 | 1,
  isHead: boolean,
  mayKeepAlive: boolean,
  dateLine: string,
): ResponseHead {
  const { status, body, fields } = response;
  let text = statusLines[status] ?? statusLine(status);
  let declared = -1;
  let hasType = false;
  let date = dateLine;
  let keepAlive = mayKeepAlive;

  for (const name in fields) {
    const value = fields[name];
    const kind = kinds.get(name) ?? kindOf(name);
    if (kind === ORDINARY || kind === CONTENT_TYPE || kind === DATE) {
      if (kind === CONTENT_TYPE) hasType = true;
      if (kind === DATE) date = "";
      text += fieldLines(name, value);
    } else if (kind === CONTENT_LENGTH) {
      declared = parseLength(value);
    } else if (kind === CONNECTION) {
      if (isClose(value)) keepAlive = false;
    } else {
      throw new ResponseError(`the field ${name} is the server's to set`);
    }
  }

  const isText = typeof body === "string";
  const isSized = isText || body instanceof Uint8Array;
  const size = isText ? Buffer.byteLength(body) : isSized ? body.length : -1;
  if (status === 204 || status === 304 || status === 205) {
    if (size !== 0) throw new ResponseError(`a ${status} response has no content`);
    if (status === 205) text += "Content-Length: 0\r\n";
    else if (declared >= 0 && status === 204) {
      throw new ResponseError("a 204 response has no Content-Length");
    } else if (declared >= 0) text += `Content-Length: ${declared}\r\n`;
    return finish(text, "none", -1, keepAlive, minorVersion, date);
  }
  if (isText && !hasType && size > 0) text += "Content-Type: text/plain; charset=utf-8\r\n";
  const length = size >= 0 && !(isHead && size === 0 && declared >= 0) ? size : declared;
  if (declared >= 0 && declared !== length) {
    throw new ResponseError(`Content-Length says ${declared} bytes, but the content has ${length}`);
  }
  if (length >= 0) {
    text += `Content-Length: ${length}\r\n`;
    const framing = isHead || length === 0 ? "none" : "length";
    return finish(text, framing, length, keepAlive, minorVersion, date);
  }
  if (minorVersion === 0) {
    const framing = isHead ? "none" : "close";
    return finish(text, framing, -1, keepAlive && isHead, minorVersion, date);
  }
  text += "Transfer-Encoding: chunked\r\n";
  const framing = isHead ? "none" : "chunked";
  return finish(text, framing, -1, keepAlive, minorVersion, date);
}

function finish(
  text: string,
  framing: BodyFraming,
  contentLength: number,
  keepAlive: boolean,
  minorVersion: 0 | 1,
  dateLine: string,
): ResponseHead {
  let whole = text;
  if (!keepAlive) whole += "Connection: close\r\n";
  else if (minorVersion === 0) whole += "Connection: keep-alive\r\n";
  return { text: `${whole}${dateLine}\r\n`, framing, contentLength, keepAlive };
}

function statusLine(status: number): string {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new ResponseError(`${String(status)} is not a status from 200 to 599`);
  }
  const line = `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n`;
  statusLines[status] = line;
  return line;
}

function kindOf(name: string): number {
  if (!isToken(name)) throw new ResponseError(`${JSON.stringify(name)} is not a field name`);
  const kind = SPECIAL[name.toLowerCase()] ?? ORDINARY;
  if (kinds.size < MAX_KINDS) kinds.set(name, kind);
  return kind;
}

function fieldLines(name: string, value: string | number | readonly string[]): string {
  if (typeof value === "string") {
    if (NOT_A_VALUE.test(value)) throw badValue(name, value);
    return `${name}: ${value}\r\n`;
  }
  if (typeof value === "number") return `${name}: ${value}\r\n`;
  if (!Array.isArray(value)) throw badValue(name, value);
  return value.map((one: string) => fieldLines(name, String(one))).join("");
}

function badValue(name: string, value: unknown): ResponseError {
  const shown = JSON.stringify(value) ?? typeof value;
  return new ResponseError(
    `the field ${name} cannot have the value ${shown.slice(0, 60)}; ` +
      "values are visible ASCII, spaces, tabs and ISO-8859-1 characters",
  );
}

function parseLength(value: string | number | readonly string[]): number {
  const text = String(value);
  const length = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(length)) {
    throw new ResponseError(`Content-Length cannot be ${JSON.stringify(value)}`);
  }
  return length;
}

function isClose(value: string | number | readonly string[]): boolean {
  const option = trimBlanks(String(value)).toLowerCase();
  if (option !== "close" && option !== "keep-alive") {
    throw new ResponseError('the field Connection can be "close" or "keep-alive"');
  }
  return option === "close";
}
