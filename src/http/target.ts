/**
 * The four forms of a request target (RFC 9112, 3.2) and which method may use which.
 *
 *     request-target = origin-form / absolute-form / authority-form / asterisk-form
 *     origin-form    = absolute-path [ "?" query ]     ; every method but CONNECT
 *     absolute-form  = absolute-URI                    ; to a proxy, and accepted everywhere (3.2.2)
 *     authority-form = uri-host ":" port               ; CONNECT only
 *     asterisk-form  = "*"                             ; OPTIONS only
 *
 * The path has the characters of RFC 3986, no more: two readers that disagree on a path disagree on
 * what may be done with it, and `\` is a slash to some. What it leaves out (`"`, `<`, `>`, `\`, `^`,
 * backtick, braces, the bar, brackets) a client must percent-encode.
 *
 * The query is wider. By the URL standard (url.spec.whatwg.org, query percent-encode set) browsers
 * encode `"`, `#`, `<`, `>` and the space there, and send brackets, braces, `|`, `^`, `\`, the
 * backtick and a `%` without two hex digits as they were typed. All of these are accepted, since a
 * query only ever names values, and a typed `?q=100%` is not an attack.
 */

import { isHostAndPort, isHostWithPort } from "./host";
import { HttpError } from "./http-error";

export type TargetForm = "origin" | "absolute" | "authority" | "asterisk";

export interface Target {
  readonly form: TargetForm;
  /** Host and port that the target itself names, or undefined. */
  readonly authority?: string;
  /** Path and query as in origin-form; "*" or "" for the forms without one. */
  readonly pathAndQuery: string;
}

const ABSOLUTE = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?]*)(.*)$/;
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})/;
const CONTROL = /%(?:[01][0-9A-Fa-f]|7[Ff])/;
const QUERY_ONLY = /[[\]{}|^`\\]/;

/**
 * Judges the target of a request with this method.
 * @param text characters already known to be TARGET bytes (grammar.ts)
 */
export function parseTarget(method: string, text: string): Target | HttpError {
  if (method === "CONNECT") return authorityForm(text);
  if (text.charCodeAt(0) === 0x2f) {
    return checkPath(text) ?? { form: "origin", pathAndQuery: text };
  }
  if (text === "*" && method === "OPTIONS") return { form: "asterisk", pathAndQuery: "*" };
  return absoluteForm(method, text);
}

/** What is wrong with a path and query, or undefined. */
export function checkPath(text: string): HttpError | undefined {
  const query = text.indexOf("?");
  const path = query < 0 ? text : text.slice(0, query);
  if (QUERY_ONLY.test(path)) return new HttpError("BAD_TARGET");
  if (!text.includes("%")) return undefined;
  if (BAD_PERCENT.test(path)) return new HttpError("BAD_PERCENT");
  // A line break may well be meant in a form's query; no name on a path has one, and nothing has NUL.
  if (text.includes("%00") || CONTROL.test(path)) return new HttpError("ENCODED_CONTROL");
  return undefined;
}

function authorityForm(text: string): Target | HttpError {
  if (/[/?@]/.test(text)) return new HttpError("BAD_TARGET_FORM");
  if (!isHostWithPort(text)) return new HttpError("BAD_AUTHORITY");
  return { form: "authority", authority: text, pathAndQuery: "" };
}

function absoluteForm(method: string, text: string): Target | HttpError {
  const match = ABSOLUTE.exec(text);
  if (match === null) return new HttpError("BAD_TARGET_FORM");
  const [, scheme, authority, rest] = match;
  if (scheme.toLowerCase() !== "http") return new HttpError("WRONG_SCHEME");
  const bytes = Buffer.from(authority, "latin1");
  if (!isHostAndPort(bytes, 0, bytes.length)) return new HttpError("BAD_AUTHORITY");
  const error = checkPath(rest);
  if (error !== undefined) return error;
  // An OPTIONS without a path is what a proxy would forward as "*" (RFC 9112, 3.2.4).
  if (rest === "" && method === "OPTIONS")
    return { form: "absolute", authority, pathAndQuery: "*" };
  return { form: "absolute", authority, pathAndQuery: rest.startsWith("/") ? rest : `/${rest}` };
}
