/** Writes content that comes in pieces, as fast as the client takes it. */

import type { Outgoing } from "./outgoing";
import type { ResponseBody } from "./response";
import { ResponseError } from "./response-fields";
import type { ResponseHead } from "./response-head";

/** Whether the content comes in pieces. */
export function isStream(body: ResponseBody): body is AsyncIterable<string | Uint8Array> {
  return typeof body !== "string" && !(body instanceof Uint8Array);
}

/** Releases content that will not be sent. What fails in doing so no longer matters. */
export function release(body: ResponseBody): void {
  if (!isStream(body)) return;
  try {
    body[Symbol.asyncIterator]()
      .return?.()
      .catch(() => undefined);
  } catch {
    // As above.
  }
}

/** Bytes of content already here, a bounded number at a time. */
export async function* slices(
  content: string | Uint8Array,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; at += maxBytes) yield bytes.subarray(at, at + maxBytes);
}

/**
 * Writes the pieces, framed as the head says (RFC 9112, 7.1 when chunked).
 * @param taken resolves when the client has taken enough; rejects when it is gone
 * @throws ResponseError when there are more or fewer bytes than the head announced
 */
export async function writeStream(
  pieces: AsyncIterable<string | Uint8Array>,
  head: ResponseHead,
  maxWriteBytes: number,
  out: Outgoing,
  taken: () => Promise<void>,
): Promise<void> {
  const { contentLength } = head;
  const chunked = head.framing === "chunked";
  let sent = 0;
  out.flushSoon();
  for await (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    if (!(bytes instanceof Uint8Array)) {
      throw new ResponseError("the pieces of a body are strings or bytes");
    }
    sent += bytes.length;
    if (contentLength >= 0 && sent > contentLength) throw lengthError(contentLength, "more");
    for (let at = 0; at < bytes.length; at += maxWriteBytes) {
      const part = bytes.subarray(at, at + maxWriteBytes);
      if (chunked) out.text(`${part.length.toString(16)}\r\n`);
      out.bytes(part);
      if (chunked) out.text("\r\n");
      if (out.blocked) await taken();
    }
    out.flushSoon();
  }
  if (contentLength >= 0 && sent < contentLength) throw lengthError(contentLength, `only ${sent}`);
  if (chunked) out.text("0\r\n\r\n");
}

function lengthError(announced: number, came: string): ResponseError {
  return new ResponseError(`Content-Length says ${announced} bytes, but ${came} came`);
}
