/**
 * Errors that a program can read: problem details (RFC 9457).
 *
 *     {"type":"about:blank","title":"Not Found","status":404,"detail":"no device is called core-9"}
 *
 * The type "about:blank" says that the status says it all (4.2.1); the detail is for a person.
 */

import { HttpResponse, type ResponseFields, reasonPhrase } from "./response";

export const PROBLEM_TYPE = "application/problem+json";

const FIELDS: ResponseFields = {
  "Content-Type": PROBLEM_TYPE,
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

/** An answer with status 400 to 599, and what is wrong in a sentence. */
export function problem(status: number, detail: string, fields: ResponseFields = {}): HttpResponse {
  const members = { type: "about:blank", title: reasonPhrase(status), status, detail };
  return new HttpResponse(status, `${JSON.stringify(members)}\n`, { ...FIELDS, ...fields });
}

/** Thrown where an answer cannot be given; `toResponse` is the answer in its place. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    /** For the client's eyes. */
    readonly detail: string,
    readonly fields: ResponseFields = {},
  ) {
    super(detail);
  }

  toResponse(): HttpResponse {
    return problem(this.status, this.detail, this.fields);
  }
}
