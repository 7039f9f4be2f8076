/** Reads a trailer section, and refuses the fields that must not wait until after the content. */

import { FieldScanner } from "./field-scanner";
import { HttpError } from "./http-error";

/**
 * Fields for framing, routing, request modifiers, authentication, and how to process the content
 * (RFC 9110, 6.5.1): a program that acts on them has acted before a trailer comes.
 */
const FORBIDDEN = new Set([
  ...[
    "connection",
    "content-length",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
  ],
  ...["content_length", "transfer_encoding", "host", "forwarded", "via", "max-forwards", "expect"],
  ...["cache-control", "pragma", "range", "if-match", "if-none-match", "if-modified-since"],
  ...["if-unmodified-since", "if-range", "authorization", "proxy-authorization", "cookie"],
  ...["proxy-connection", "content-encoding", "content-type", "content-range", "set-cookie"],
]);

export class TrailerFields extends FieldScanner {
  protected override judge(
    bytes: Buffer,
    nameStart: number,
    nameEnd: number,
  ): HttpError | undefined {
    const name = bytes.toString("latin1", nameStart, nameEnd).toLowerCase();
    return FORBIDDEN.has(name) ? new HttpError("FORBIDDEN_TRAILER") : undefined;
  }
}
