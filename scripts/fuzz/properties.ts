/** What must hold for any bytes and any way to cut them. */

import type { Fields } from "../../src/http/fields";
import { DEFAULT_LIMITS, type MessageLimits } from "../../src/http/limits";
import { requestBytes } from "../../src/http/request-bytes";
import type { RequestHead } from "../../src/http/request-head";
import { parserEvents } from "./parser-events";

/** So small that generated requests reach them. */
export const TIGHT_LIMITS: MessageLimits = {
  maxMethodBytes: 7,
  maxRequestLineBytes: 40,
  maxFieldLineBytes: 40,
  maxFieldSectionBytes: 120,
  maxFields: 4,
  maxBodyBytes: 11,
  maxChunkExtensionBytes: 12,
  maxEmptyLines: 1,
};

/** One request as read, or as much of it as came before the end or an error. */
export interface Reading {
  readonly head: RequestHead;
  body: Buffer;
  trailers: Fields | undefined;
}

/** All that the parser made of the bytes. */
export interface Result {
  readonly readings: Reading[];
  readonly error: string | undefined;
  /** The method of the request that it is about, if it was read. */
  readonly errorMethod: string | undefined;
}

/** Why the property does not hold. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** Parses the bytes, cut at these places. */
export function parse(bytes: Buffer, cuts: readonly number[], limits: MessageLimits): Result {
  const readings: Reading[] = [];
  let error: string | undefined;
  let errorMethod: string | undefined;
  for (const event of parserEvents(bytes, cuts, limits)) {
    if (error !== undefined) throw new Violation("there is an event after an error");
    const reading = readings.at(-1);
    if (event.type === "head") {
      readings.push({ head: event, body: Buffer.alloc(0), trailers: undefined });
    } else if (event.type === "error") {
      error = event.error.code;
      errorMethod = event.method;
    } else if (reading === undefined || reading.trailers !== undefined) {
      throw new Violation(`${event.type} comes without a head`);
    } else if (event.type === "body") {
      if (event.bytes.length === 0) throw new Violation("there is an empty body piece");
      reading.body = Buffer.concat([reading.body, event.bytes]);
    } else {
      reading.trailers = event.trailers;
    }
  }
  return { readings, error, errorMethod };
}

/** The result in a form to compare. */
export function describe(result: Result): string {
  const fields = (of: Fields | undefined) => JSON.stringify(of && Array.from(of));
  const readings = result.readings.map(({ head, body, trailers }) => {
    const { method, target, minorVersion, form, host, pathAndQuery } = head;
    const framing = [head.contentLength, head.chunked, head.keepAlive, head.expect];
    const parts = [method, target, minorVersion, form, host, pathAndQuery, JSON.stringify(framing)];
    return [...parts, fields(head.fields), body.toString("latin1"), fields(trailers)].join(" | ");
  });
  return [...readings, result.error ?? "end", result.errorMethod ?? ""].join("\n");
}

/**
 * Holds the bytes against all three properties.
 * @throws Violation naming the one that does not hold
 */
export function check(bytes: Buffer, cuttings: readonly number[][], limits: MessageLimits): Result {
  const whole = attempt(() => parse(bytes, [], limits));
  const expected = attempt(() => describe(whole));
  for (const cuts of cuttings) {
    const actual = describe(attempt(() => parse(bytes, cuts, limits)));
    if (actual !== expected) {
      throw new Violation(
        `cut at ${cuts.join(", ")} it is read otherwise:\n${actual}\nnot\n${expected}`,
      );
    }
  }
  for (const reading of whole.readings) if (reading.trailers !== undefined) checkRewriting(reading);
  return whole;
}

function checkRewriting({ head, body, trailers }: Reading): void {
  const { method, target, minorVersion, fields } = head;
  const bytes = requestBytes({ method, target, minorVersion, fields, body, trailers });
  const again = attempt(() => parse(bytes, [], DEFAULT_LIMITS));
  const expected = describe({
    readings: [{ head, body, trailers }],
    error: undefined,
    errorMethod: undefined,
  });
  const actual = describe(again);
  if (actual !== expected) {
    throw new Violation(`written again it is read otherwise:\n${actual}\nnot\n${expected}`);
  }
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof Violation) throw error;
    throw new Violation(`it throws: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
