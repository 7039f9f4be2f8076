/** What a handler answers: a status, content, fields. */

import type { FieldValue } from "./response-fields";

/** Content to send: text goes out as UTF-8; pieces of an iterable as they come. */
export type ResponseBody = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** Field lines by name; a list of values gives one line each. */
export type ResponseFields = Readonly<Record<string, FieldValue>>;

const NO_FIELDS: ResponseFields = {};

export class HttpResponse {
  constructor(
    /** 200 to 599 (RFC 9110, 15); the server sends the interim ones itself. */
    readonly status: number,
    readonly body: ResponseBody = "",
    readonly fields: ResponseFields = NO_FIELDS,
  ) {}
}

/**
 * An answer, for example `response(200, "hello")` or `response(204)`. Content-Length, chunking,
 * Date and Connection are the server's; text is `text/plain; charset=utf-8` unless `fields` has a
 * Content-Type. It is checked when it is sent: what could not be sent safely becomes a 500.
 */
export function response(
  status: number,
  body?: ResponseBody,
  fields?: ResponseFields,
): HttpResponse {
  return new HttpResponse(status, body, fields);
}

/** An answer in JSON. @throws TypeError when `value` has no JSON form */
export function json(status: number, value: unknown, fields?: ResponseFields): HttpResponse {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`${typeof value} has no JSON form`);
  return new HttpResponse(status, `${text}\n`, { "Content-Type": "application/json", ...fields });
}

/** Reason phrases (RFC 9110, 15; 4918; 6585). Nothing may depend on them. */
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  203: "Non-Authoritative Information",
  204: "No Content",
  205: "Reset Content",
  206: "Partial Content",
  300: "Multiple Choices",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  417: "Expectation Failed",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  428: "Precondition Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
  507: "Insufficient Storage",
};

/** The reason phrase of a status, or "" for one without. */
export function reasonPhrase(status: number): string {
  return REASONS[status] ?? "";
}
