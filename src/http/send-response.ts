/** Sends an answer: at once when its content is here and small, else as fast as the client takes it. */

import { plainError } from "./exchange-rules";
import type { Outgoing } from "./outgoing";
import type { HttpResponse, ResponseBody } from "./response";
import { isStream, release, slices, writeStream } from "./response-body";
import { type ResponseHead, responseHead } from "./response-head";

/** What a response must know of the request that it answers. */
export interface Answered {
  /** "" where it is not known. */
  readonly method: string;
  readonly minorVersion: 0 | 1;
}

/** Where a response goes. */
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
  request: Answered,
  mayKeepAlive: boolean,
  sink: ResponseSink,
): boolean | Promise<boolean> {
  const { out, maxWriteBytes } = sink;
  const isHead = request.method === "HEAD";
  const headOf = (one: HttpResponse) =>
    responseHead(one, request.minorVersion, isHead, mayKeepAlive, sink.dateLine);
  let content = response.body;
  let head: ResponseHead;
  try {
    head = headOf(response);
  } catch (error) {
    release(content);
    [content, head] = inPlaceOf(error, sink, headOf);
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

/** The error response, or a plain one if that cannot be sent either. */
function inPlaceOf(
  error: unknown,
  sink: ResponseSink,
  headOf: (one: HttpResponse) => ResponseHead,
): [ResponseBody, ResponseHead] {
  try {
    const inPlace = sink.failure(error);
    return [inPlace.body, headOf(inPlace)];
  } catch {
    const plain = plainError(500, "the server failed to answer this request", {});
    return [plain.body, headOf(plain)];
  }
}
