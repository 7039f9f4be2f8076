/**
 * Fuzzes `src/dns`. For any bytes: nothing but a DnsError is thrown, what lies beyond the end makes no
 * difference, and what was read is read the same when it is written again. Likewise for zone files.
 */
import { isDeepStrictEqual } from "node:util";
import { decodeMessage } from "../../src/dns/decode";
import { DnsError } from "../../src/dns/dns-error";
import { encodeMessage } from "../../src/dns/encode";
import { FrameReader, frame } from "../../src/dns/framing";
import { EMPTY_MESSAGE, type Message, type ResourceRecord } from "../../src/dns/message";
import { messageText, recordText } from "../../src/dns/text";
import { parseZoneFile } from "../../src/dns/zone-file";
import { dnsMessage, zoneText } from "./dns-inputs";
import { Violation } from "./properties";
import type { Random } from "./random";
import { fuzzer, type Trial } from "./trials";

/** One run in so many is a zone file. */
const ZONE_EVERY = 8;

export const fuzzDns = fuzzer(trialOf);

function trialOf(random: Random, run: number): Trial {
  const isZone = run % ZONE_EVERY === 0;
  const input = isZone ? Buffer.from(zoneText(random)) : dnsMessage(random);
  return {
    input,
    check() {
      const error = isZone ? checkZone(input) : checkMessage(input);
      return { accepted: error === "none" ? 1 : 0, error };
    },
  };
}

/** Holds a message against the properties. @returns the code of the error that it gives, or "none" */
export function checkMessage(bytes: Buffer): string {
  const results = [0x00, 0xff].map((around) => {
    const place = Buffer.alloc(bytes.length + 32, around);
    place.set(bytes, 16);
    return attempt(() => decodeMessage(place.subarray(16, 16 + bytes.length)));
  });
  if (!isDeepStrictEqual(results[0], results[1]))
    throw new Violation("bytes beyond the end matter");
  const [message] = results;
  if (typeof message === "string") return message;
  same(
    message,
    accepted(() => decodeMessage(encodeMessage(message))),
    "written again",
  );
  accepted(() => messageText(message));
  checkCut(message);
  checkFrames(bytes);
  return "none";
}

/** A message that is cut keeps to its limit, unless that has no room for its question. */
function checkCut(message: Message): void {
  for (const limit of [512, 100]) {
    const cut = attempt(() => encodeMessage(message, limit));
    if (typeof cut === "string") {
      if (cut !== "LONG_MESSAGE") throw new Violation(`cut to ${limit} bytes it gives ${cut}`);
    } else if (cut.length > limit)
      throw new Violation(`cut to ${limit} bytes it has ${cut.length}`);
    else accepted(() => decodeMessage(cut));
  }
}

function checkFrames(bytes: Buffer): void {
  const stream = Buffer.concat([frame(bytes), frame(bytes)]);
  for (const at of [1, 2, bytes.length, bytes.length + 3]) {
    const reader = new FrameReader();
    const messages = [...reader.push(stream.subarray(0, at)), ...reader.push(stream.subarray(at))];
    if (messages.length !== 2 || !messages.every((one) => one.equals(bytes))) {
      throw new Violation(`its frames come out otherwise when cut at ${at}`);
    }
  }
}

/** Holds a zone file against the properties. @returns as checkMessage */
export function checkZone(bytes: Buffer): string {
  const records = attempt(() => parseZoneFile(bytes.toString()));
  if (typeof records === "string") return records;
  const again = accepted(() => parseZoneFile(records.map(recordText).join("\n")));
  same(records, again, "written as a zone file");
  for (const record of records) checkRecord(record);
  return "none";
}

/** A record of a zone can be sent. */
function checkRecord(record: ResourceRecord): void {
  const message = { ...EMPTY_MESSAGE, answers: [record] };
  same(
    message,
    accepted(() => decodeMessage(encodeMessage(message))),
    "sent",
  );
}

function same(one: unknown, other: unknown, how: string): void {
  if (isDeepStrictEqual(one, other)) return;
  const [before, after] = [one, other].map((value) => JSON.stringify(value));
  throw new Violation(`${how} it is read otherwise:\n${after}\nnot\n${before}`);
}

/** A result, or the code of its DnsError. */
function attempt<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    if (error instanceof DnsError) return error.code;
    throw new Violation(`it throws: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

function accepted<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Violation(`it throws: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
