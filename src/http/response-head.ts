/**
 * Writes the head of a response, and decides how its content is framed.
 *
 *     status-line = HTTP-version SP status-code SP [ reason-phrase ]      ; RFC 9112, 4
 *
 * Nothing is sent that a reader could take for two messages: names are tokens, values have no CR, LF
 * or NUL (RFC 9110, 5.5), and the length announced is the length sent.
 */

import { type HttpResponse, reasonPhrase } from "./response";
import {
  CONNECTION,
  CONTENT_LENGTH,
  CONTENT_TYPE,
  DATE,
  fieldLines,
  fieldName,
  isClose,
  parseLength,
  ResponseError,
} from "./response-fields";

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

const statusLines = new Map<number, string>();

const MAX_TAILS = 256;
const tails = new Map<number, string>();
let tailsDateLine = "";

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
  let text = statusLines.get(status) ?? statusLine(status);
  let declared = -1;
  let hasType = false;
  let date = dateLine;
  let keepAlive = mayKeepAlive;

  for (const name in fields) {
    const value = fields[name];
    const field = fieldName(name);
    if (field.kind === CONTENT_LENGTH) {
      declared = parseLength(value);
    } else if (field.kind === CONNECTION) {
      if (isClose(value)) keepAlive = false;
    } else {
      if (field.kind === CONTENT_TYPE) hasType = true;
      if (field.kind === DATE) date = "";
      text += fieldLines(field, value);
    }
  }

  const isText = typeof body === "string";
  const isSized = isText || body instanceof Uint8Array;
  if (!isSized && typeof body?.[Symbol.asyncIterator] !== "function") {
    throw new ResponseError("the content must be text, bytes, or an async iterable of them");
  }
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
    const framing = isHead || length === 0 ? "none" : "length";
    if (keepAlive && minorVersion === 1 && date !== "") {
      text += usualTail(length, date);
      return { text, framing, contentLength: length, keepAlive };
    }
    text += `Content-Length: ${length}\r\n`;
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

/** The last lines of nearly every head; for short content they are written once a second. */
function usualTail(length: number, dateLine: string): string {
  if (dateLine !== tailsDateLine) {
    tailsDateLine = dateLine;
    tails.clear();
  }
  let tail = tails.get(length);
  if (tail === undefined) {
    tail = `Content-Length: ${length}\r\n${dateLine}\r\n`;
    if (tails.size < MAX_TAILS) tails.set(length, tail);
  }
  return tail;
}

function finish(
  text: string,
  framing: BodyFraming,
  contentLength: number,
  keepAlive: boolean,
  minorVersion: 0 | 1,
  dateLine: string,
): ResponseHead {
  let connection = "";
  if (!keepAlive) connection = "Connection: close\r\n";
  else if (minorVersion === 0) connection = "Connection: keep-alive\r\n";
  return { text: `${text}${connection}${dateLine}\r\n`, framing, contentLength, keepAlive };
}

function statusLine(status: number): string {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new ResponseError(`${String(status)} is not a status from 200 to 599`);
  }
  const line = `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n`;
  statusLines.set(status, line);
  return line;
}
