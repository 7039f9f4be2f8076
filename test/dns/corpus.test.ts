/** Messages of dig, named, unbound and dnsmasq: read as dig read them, and written again byte for byte alike. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeMessage } from "../../src/dns/decode";
import { DnsError } from "../../src/dns/dns-error";
import { encodeMessage } from "../../src/dns/encode";
import { mismatch } from "../../src/dns/exchange";
import type { ResourceRecord } from "../../src/dns/message";
import { flagsText, recordText } from "../../src/dns/text";

interface Captured {
  readonly server: string;
  readonly asked: string;
  readonly query: string;
  readonly answer: string;
  readonly dig: {
    readonly status?: string;
    readonly flags?: string;
    readonly edns?: readonly [version: string, flags: string, udpSize: string];
    readonly answer?: readonly string[];
    readonly authority?: readonly string[];
    readonly additional?: readonly string[];
  };
}

const CORPUS: readonly Captured[] = JSON.parse(
  readFileSync(new URL("corpus/messages.json", import.meta.url), "utf8"),
);
const bytesOf = (hex: string) => Buffer.from(hex, "hex");

/** dig knows forms of data that this lab leaves as bytes: of those, all but the data is compared. */
const OTHER_FORM = new Set(["RRSIG", "NSEC", "DNSKEY"]);

function comparable(line: string): string {
  const [name, ttl, recordClass, type, ...data] = line.split(/[\t ]/);
  const rest = OTHER_FORM.has(type)
    ? ""
    : data.join(" ").replace(/^\\# .*/, (hex) => hex.toLowerCase());
  return [name, ttl, recordClass, type, rest].join(" ");
}

const ours = (records: readonly ResourceRecord[]) =>
  records.map((one) => comparable(recordText(one)));
const digs = (lines: readonly string[] = []) => lines.map(comparable);

test("the corpus has messages of three servers, over UDP and TCP", () => {
  const kinds = new Set(CORPUS.map(({ server }) => server));
  expect(Array.from(kinds)).toEqual(["named", "unbound", "dnsmasq"]);
  expect(CORPUS).toHaveLength(97);
});

describe.each(CORPUS)("$server, asked $asked,", ({ query, answer, dig }) => {
  test("sends what is read as dig reads it", () => {
    const message = decodeMessage(bytesOf(answer));
    if (dig.status !== undefined) {
      expect(message.rcode).toBe(dig.status);
      expect(flagsText(message)).toBe(dig.flags);
    }
    if (dig.edns !== undefined) {
      const { version, dnssecOk, udpSize } = message.edns ?? {};
      expect([String(version), dnssecOk ? "do" : "", String(udpSize)]).toEqual(dig.edns);
    }
    expect(ours(message.answers)).toEqual(digs(dig.answer));
    expect(ours(message.authority)).toEqual(digs(dig.authority));
    expect(ours(message.additional)).toEqual(digs(dig.additional));
  });

  test("answers the question that dig asked", () => {
    expect(mismatch(decodeMessage(bytesOf(query)), decodeMessage(bytesOf(answer)))).toBeUndefined();
  });

  test("is understood the same when our encoder has written it again", () => {
    for (const hex of [query, answer]) {
      const message = decodeMessage(bytesOf(hex));
      const again = encodeMessage(message);
      expect(decodeMessage(again)).toEqual(message);
      expect(again.length).toBeLessThanOrEqual(bytesOf(hex).length);
    }
  });

  test("cut short anywhere is refused", () => {
    const bytes = bytesOf(answer);
    const read = Array.from(bytes, (_, length) => codeOf(bytes.subarray(0, length)));
    expect(new Set(read)).toEqual(new Set(["SHORT_HEADER", "CUT_SHORT"]));
  });
});

function codeOf(bytes: Buffer): string {
  try {
    decodeMessage(bytes);
    return "none";
  } catch (error) {
    return error instanceof DnsError ? error.code : String(error);
  }
}
