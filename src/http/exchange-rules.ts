/** What the server decides about a request before its handler sees it. */

import { HttpError } from "./http-error";
import type { RequestHead } from "./request-head";
import { HttpResponse, type ResponseFields, reasonPhrase } from "./response";

/** Methods handed to the handler unless told otherwise. */
export const DEFAULT_METHODS: readonly string[] = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
];

const WITH_CONTENT_IN_HTTP_1_0 = new Set(["POST", "PUT", "PATCH"]);

/**
 * Why the request cannot be handed to the handler, or undefined.
 * TRACE is known but never allowed: it shows a client's own secrets to a script (RFC 9110, 9.3.8).
 */
export function judgeRequest(
  head: RequestHead,
  methods: ReadonlySet<string>,
): HttpError | undefined {
  const { method } = head;
  if (!methods.has(method)) {
    if (method !== "TRACE") return new HttpError("METHOD_NOT_IMPLEMENTED");
    return new HttpError(head.hasBody ? "TRACE_WITH_CONTENT" : "METHOD_NOT_ALLOWED");
  }
  if (head.expect !== undefined && !isContinue(head.expect)) {
    return new HttpError("EXPECTATION_FAILED");
  }
  // Without a length, HTTP/1.0 content would end with the connection, and so would the answer.
  if (head.minorVersion === 0 && head.contentLength < 0 && WITH_CONTENT_IN_HTTP_1_0.has(method)) {
    return new HttpError("LENGTH_REQUIRED");
  }
  return undefined;
}

/** Whether the client waits for "100 Continue"; HTTP/1.0 knows none (RFC 9110, 10.1.1). */
export function expectsContinue(head: RequestHead): boolean {
  return head.expect !== undefined && head.minorVersion === 1 && head.hasBody;
}

function isContinue(expect: string): boolean {
  return expect.split(",").every((member) => /^[\t ]*100-continue[\t ]*$/.test(member));
}

/**
 * Makes the answers that the server gives by itself: to what is no request, to what no handler is asked
 * about, and for a handler that failed. `detail` is a sentence for the client.
 */
export type Refusal = (status: number, detail: string, fields: ResponseFields) => HttpResponse;

/** The answer that tells a client what is wrong. */
export function errorResponse(
  error: HttpError,
  methods: ReadonlySet<string>,
  refusal: Refusal = plainRefusal,
): HttpResponse {
  const fields: Record<string, string> = {};
  if (error.code === "METHOD_NOT_ALLOWED") fields.Allow = Array.from(methods).join(", ");
  if (error.code === "TOO_MANY_CONNECTIONS") fields["Retry-After"] = "1";
  return refusal(error.status, `${error.message} (${error.section})`, fields);
}

/** The answer for a handler that failed: nothing of why. */
export function failureResponse(refusal: Refusal = plainRefusal): HttpResponse {
  return refusal(500, "the server failed to answer this request", {});
}

/** The answer to `OPTIONS *`: what the server as a whole can do (RFC 9110, 9.3.7). */
export function optionsResponse(methods: ReadonlySet<string>): HttpResponse {
  return new HttpResponse(200, "", { Allow: Array.from(methods).join(", ") });
}

/** One line of text. */
export function plainRefusal(status: number, detail: string, fields: ResponseFields): HttpResponse {
  return new HttpResponse(status, `${status} ${reasonPhrase(status)}: ${detail}\n`, fields);
}
