/** Writes a request (RFC 9112, 2.1): the reverse of the parser. */

import { Fields } from "./fields";

/** A request in parts. */
export interface RequestParts {
  readonly method: string;
  readonly target: string;
  /** 1 unless said otherwise; 0 for HTTP/1.0. */
  readonly minorVersion?: 0 | 1;
  readonly fields: Iterable<readonly [name: string, value: string]>;
  /** Sent as the fields say: in chunks, or as it is. */
  readonly body?: Uint8Array;
  /** Sent after chunked content. */
  readonly trailers?: Iterable<readonly [name: string, value: string]>;
}

/**
 * The bytes of a request. Framing fields are the caller's; nothing is checked, so that malformed
 * requests can be written too.
 */
export function requestBytes(parts: RequestParts): Buffer {
  const { method, target, minorVersion = 1, body = Buffer.alloc(0) } = parts;
  const fields = Fields.from(parts.fields);
  const head = `${method} ${target} HTTP/1.${minorVersion}\r\n${fieldLines(fields)}\r\n`;
  if (fields.get("transfer-encoding") === undefined) {
    return Buffer.concat([Buffer.from(head, "latin1"), body]);
  }
  const chunk = body.length > 0 ? [`${body.length.toString(16)}\r\n`, body, "\r\n"] : [];
  const end = `0\r\n${fieldLines(parts.trailers ?? [])}\r\n`;
  const pieces = [head, ...chunk, end];
  return Buffer.concat(
    pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece, "latin1") : piece)),
  );
}

function fieldLines(fields: Iterable<readonly [name: string, value: string]>): string {
  let lines = "";
  for (const [name, value] of fields) lines += `${name}: ${value}\r\n`;
  return lines;
}
