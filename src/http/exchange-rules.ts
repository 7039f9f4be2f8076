/** What the server decides about a request before its handler sees it. */

import { HttpError } from "./http-error";
import type { IncomingBody } from "./incoming-body";
import type { HttpLimits } from "./limits";
import { judgeSite } from "./own-site";
import type { RequestHead } from "./request-head";
import { HttpResponse, type ResponseFields, reasonPhrase } from "./response";
import { isStream } from "./response-body";

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

/** What the server lets reach its handler. */
export interface RequestRules {
  readonly methods: ReadonlySet<string>;
  /** See ServeOptions. */
  readonly hosts: readonly string[] | undefined;
}

/**
 * Why the request cannot be handed to the handler, or undefined. A method that is not in `methods` is
 * not implemented for any target: 501, and not 405 (RFC 9110, 15.6.2). By default that goes for
 * CONNECT, which is for proxies, and TRACE, which shows a client's own secrets to a script (9.3.8).
 */
export function judgeRequest(head: RequestHead, rules: RequestRules): HttpError | undefined {
  const { method } = head;
  const { methods, hosts } = rules;
  const foreign = hosts && judgeSite(head, hosts);
  if (foreign !== undefined) return foreign;
  if (method === "TRACE" && head.hasBody) return new HttpError("TRACE_WITH_CONTENT");
  if (!methods.has(method)) return new HttpError("METHOD_NOT_IMPLEMENTED");
  if (head.expect !== undefined && !isContinue(head.expect)) {
    return new HttpError("EXPECTATION_FAILED");
  }
  // Without a length, HTTP/1.0 content would end with the connection, and so would the response.
  if (head.minorVersion === 0 && head.contentLength < 0 && WITH_CONTENT_IN_HTTP_1_0.has(method)) {
    return new HttpError("LENGTH_REQUIRED");
  }
  return undefined;
}

/** True if the client waits for "100 Continue"; HTTP/1.0 has no such status (RFC 9110, 10.1.1). */
export function expectsContinue(head: RequestHead): boolean {
  if (head.expect === undefined || head.minorVersion === 0 || !head.hasBody) return false;
  return head.expect.includes("100-continue");
}

/** True if nothing else is expected. A list may have empty elements (RFC 9110, 5.6.1.2). */
function isContinue(expect: string): boolean {
  return expect.split(",").every((member) => /^[\t ]*(?:100-continue)?[\t ]*$/.test(member));
}

/** True if another request may follow `response` on the connection, as far as the two of them say. */
export function mayKeepAlive(
  head: RequestHead,
  body: IncomingBody | undefined,
  response: HttpResponse,
  limits: HttpLimits,
): boolean {
  if (!head.keepAlive || head.method === "CONNECT") return false;
  if (body === undefined || body.done || isStream(response.body)) return true;
  if (body.failure !== undefined || body.expectsContinue) return false;
  if (body.droppedBytes > limits.maxDiscardBytes) return false;
  return head.contentLength <= limits.maxDiscardBytes;
}

/**
 * Makes the responses that the server gives by itself: to what is not a request, to what no handler is
 * asked about, and for a handler that failed. `detail` is a sentence for the client.
 */
export type ErrorResponse = (
  status: number,
  detail: string,
  fields: ResponseFields,
) => HttpResponse;

/** The response that tells a client what is wrong; nothing of why, unless it is an HttpError. */
export function errorResponse(error: unknown, make: ErrorResponse): HttpResponse {
  if (!(error instanceof HttpError)) {
    return make(500, "the server failed to answer this request", {});
  }
  const fields: Record<string, string> = {};
  if (error.code === "TOO_MANY_CONNECTIONS") fields["Retry-After"] = "1";
  return make(error.status, `${error.message} (${error.section})`, fields);
}

/** The response to `OPTIONS *`: what the server as a whole can do (RFC 9110, 9.3.7). */
export function optionsResponse(methods: ReadonlySet<string>): HttpResponse {
  return new HttpResponse(200, "", { Allow: Array.from(methods).join(", ") });
}

/** One line of text. */
export function plainError(status: number, detail: string, fields: ResponseFields): HttpResponse {
  return new HttpResponse(status, `${status} ${reasonPhrase(status)}: ${detail}\n`, fields);
}
