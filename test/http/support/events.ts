/** Writes the events of the parser as the case tables do. */

import { parserEvents } from "../../../scripts/fuzz/parser-events";
import type { Fields } from "../../../src/http/fields";
import type { MessageLimits } from "../../../src/http/limits";
import { escapeBytes } from "./case-table";

/** The events of the bytes between the cuts, in order; the pieces of a body are joined. */
export function eventsOf(
  bytes: Buffer,
  cuts: Iterable<number> = [],
  limits?: MessageLimits,
): string[] {
  const lines: string[] = [];
  let body: Buffer[] = [];
  for (const event of parserEvents(bytes, cuts, limits)) {
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
  return lines;
}

function fieldLines(fields: Fields): string[] {
  return Array.from(fields, ([name, value]) => `  ${name}: ${escapeBytes(value)}`);
}
