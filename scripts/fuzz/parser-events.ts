/** Feeds bytes to the request parser piece by piece. */

import type { MessageLimits } from "../../src/http/limits";
import { type RequestEvent, RequestParser } from "../../src/http/request-parser";

/** Yields the parser's events for the bytes, cut at these places, up to the end of the input. */
export function* parserEvents(
  bytes: Buffer,
  cuts: Iterable<number>,
  limits?: MessageLimits,
): Generator<RequestEvent> {
  const parser = new RequestParser(limits);
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    parser.push(bytes.subarray(start, cut));
    yield* drain(parser);
    start = cut;
  }
  parser.end();
  yield* drain(parser);
}

function* drain(parser: RequestParser): Generator<RequestEvent> {
  for (let event = parser.next(); event !== undefined; event = parser.next()) yield event;
}
