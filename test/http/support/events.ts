/** Runs the parser over bytes cut in pieces, and writes its events as the case tables do. */

import type { Fields } from "../../../src/http/fields";
import type { MessageLimits } from "../../../src/http/limits";
import { RequestParser } from "../../../src/http/request-parser";
import { escapeBytes } from "./case-table";

/** The events of the bytes between the cuts, in order; the pieces of a body are joined. */
export function eventsOf(
  bytes: Buffer,
  cuts: Iterable<number> = [],
  limits?: MessageLimits,
): string[] {
  const parser = new RequestParser(limits);
  const lines: string[] = [];
  let body: Buffer[] = [];
  const drain = () => {
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event.type === "body") {
        body.push(event.bytes);
        continue;
      }
      if (body.length > 0) lines.push(`body ${escapeBytes(Buffer.concat(body))}`);
      body = [];
      if (event.type === "head") {
        const persistence = event.keepAlive ? "keep-alive" : "close";
        lines.push(
          `head ${event.method} ${event.target} HTTP/1.${event.minorVersion} ${persistence}`,
        );
        lines.push(...fieldLines(event.fields));
      } else if (event.type === "end") {
        lines.push("end", ...fieldLines(event.trailers));
      } else {
        lines.push(`error ${event.error.code} ${event.error.status} ${event.error.section}`);
      }
    }
  };
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    parser.push(bytes.subarray(start, cut));
    drain();
    start = cut;
  }
  parser.end();
  drain();
  return lines;
}

function fieldLines(fields: Fields): string[] {
  return Array.from(fields, ([name, value]) => `  ${name}: ${escapeBytes(value)}`);
}
