/** Sends an answer: at once when its content is here and small, else as fast as the client takes it. */

import type { Outgoing } from "./outgoing";
import type { RequestHead } from "./request-head";
import type { HttpResponse } from "./response";
import { isStream, release, slices, writeStream } from "./response-body";
import { type ResponseHead, responseHead } from "./response-head";

/** Where an answer goes. */
export interface ResponseSink {
  readonly out: Outgoing;
  readonly maxWriteBytes: number;
  /** `Date: ...` with its CRLF. */
  readonly dateLine: string;
  /** The answer in place of one that could not be sent. */
  failure(error: unknown): HttpResponse;
  /** Resolves when the client has taken enough of what was written; rejects when it is gone. */
  taken(): Promise<void>;
}

/**
 * Sends `response` to the request of `request`.
 * @returns whether the connection may be kept; a promise of it when the content takes its time, which
 *   rejects when the answer broke off after its head was sent
 */
export function sendResponse(
  response: HttpResponse,
  request: RequestHead,
  mayKeepAlive: boolean,
  sink: ResponseSink,
): boolean | Promise<boolean> {
  const { out, dateLine, maxWriteBytes } = sink;
  const { minorVersion } = request;
  const isHead = request.method === "HEAD";
  let content = response.body;
  let head: ResponseHead;
  try {
    head = responseHead(response, minorVersion, isHead, mayKeepAlive, dateLine);
  } catch (error) {
    release(content);
    const answer = sink.failure(error);
    content = answer.body;
    head = responseHead(answer, minorVersion, isHead, mayKeepAlive, dateLine);
  }
  out.text(head.text);
  if (head.framing === "none") {
    release(content);
  } else if (isStream(content) || content.length > maxWriteBytes) {
    const pieces = isStream(content) ? content : slices(content, maxWriteBytes);
    const { keepAlive } = head;
    const written = writeStream(pieces, head, maxWriteBytes, out, () => sink.taken());
    return written.then(() => keepAlive);
  } else if (typeof content === "string" && content.length === head.contentLength) {
    out.text(content);
  } else {
    out.bytes(typeof content === "string" ? Buffer.from(content) : content);
  }
  return head.keepAlive;
}
