/**
 * Judges Transfer-Encoding in a request.
 *
 *     Transfer-Encoding  = #transfer-coding                              ; RFC 9112, 6.1
 *     transfer-coding    = token *( OWS ";" OWS transfer-parameter )     ; RFC 9110, 10.1.4
 *     transfer-parameter = token BWS "=" BWS ( token / quoted-string )
 *
 * Only `chunked` alone is understood. What is said about the rest is which rule it breaks first:
 * chunked must come last, and once (6.3 and 6.1); a coding before it is not understood (501, 6.1).
 * An empty list element is refused, though 5.6.1.2 of RFC 9110 would skip it: in this field it is
 * more often an attempt to hide the coding from the next reader than a mistake.
 */

import { isToken, trimBlanks } from "./grammar";
import { HttpError } from "./http-error";

const PARAMETER = /^[\t ]*([^\t =]+)[\t ]*=[\t ]*(?:([^\t "]+)|"(?:[^"\\]|\\.)*")[\t ]*$/;

/** What is wrong with this list of transfer codings, or undefined when it is "chunked". */
export function judgeTransferCodings(list: string): HttpError | undefined {
  const codings = list.split(",");
  let chunked = 0;
  let last = "";
  for (const coding of codings) {
    const [name, ...parameters] = coding.split(";");
    last = trimBlanks(name).toLowerCase();
    if (!isToken(last)) return new HttpError("BAD_TRANSFER_CODING");
    if (!parameters.every((parameter) => isParameter(parameter))) {
      return new HttpError("BAD_TRANSFER_CODING");
    }
    if (last === "chunked") {
      if (parameters.length > 0) return new HttpError("BAD_TRANSFER_CODING");
      chunked++;
    }
  }
  if (last !== "chunked" || chunked > 1) return new HttpError("CHUNKED_NOT_FINAL");
  return codings.length === 1 ? undefined : new HttpError("UNKNOWN_TRANSFER_CODING");
}

function isParameter(text: string): boolean {
  const match = PARAMETER.exec(text);
  return match !== null && isToken(match[1]) && (match[2] === undefined || isToken(match[2]));
}
