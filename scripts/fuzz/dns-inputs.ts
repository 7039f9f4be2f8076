/** Makes DNS messages and zone files: mostly well formed, with oddities and damage here and there. */
import { encodeMessage } from "../../src/dns/encode";
import { EMPTY_MESSAGE, type Message, type ResourceRecord } from "../../src/dns/message";
import type { Random } from "./random";

const NAMES = [
  ".",
  "lab.example.",
  "core-1.lab.example.",
  "CORE-1.lab.example.",
  "a.b.c.d.e.f.g.lab.example.",
  String.raw`odd\.dot.lab.example.`,
  String.raw`\000\255\032.`,
  `${"x".repeat(63)}.lab.example.`,
  `${`${"y".repeat(61)}.`.repeat(4)}`,
];
const NUMBERS = ["0", "1", "65535", "4294967295"];
const DATA: Readonly<Record<string, (random: Random) => string>> = {
  A: (random) => `192.0.2.${random.below(256)}`,
  AAAA: (random) => random.pick(["::", "::1", "2001:db8::1:0:0:1", "::ffff:192.0.2.1"]),
  NS: (random) => random.pick(NAMES),
  CNAME: (random) => random.pick(NAMES),
  PTR: (random) => random.pick(NAMES),
  MX: (random) => `${random.below(65_536)} ${random.pick(NAMES)}`,
  TXT: (random) =>
    Array.from({ length: 1 + random.below(3) }, () =>
      random.pick(['""', '"a b"', String.raw`"\195\164\""`, `"${"z".repeat(255)}"`]),
    ).join(" "),
  SOA: (random) =>
    [
      random.pick(NAMES),
      random.pick(NAMES),
      ...Array.from({ length: 5 }, () => random.pick(NUMBERS)),
    ].join(" "),
  SRV: (random) => `0 5 ${random.below(65_536)} ${random.pick(NAMES)}`,
  HINFO: () => '"PDP-11" "UNIX"',
  CAA: () => '0 issue "ca.example"',
  TYPE65280: (random) => random.pick([String.raw`\# 0`, String.raw`\# 3 0a0b0c`]),
};
const TYPES = Object.keys(DATA);

function record(random: Random): ResourceRecord {
  const type = random.pick(TYPES);
  const ttl = random.pick([0, 1, 60, 2 ** 31 - 1]);
  return { name: random.pick(NAMES), type, class: "IN", ttl, data: DATA[type](random) };
}

function records(random: Random): ResourceRecord[] {
  return Array.from({ length: random.chance(0.5) ? 0 : random.below(4) }, () => record(random));
}

function message(random: Random): Message {
  const option = { code: random.below(20), data: Buffer.alloc(random.below(9), 0xc0) };
  const edns = {
    udpSize: random.below(65_536),
    version: random.below(2),
    dnssecOk: random.chance(0.5),
    options: random.chance(0.5) ? [] : [option],
  };
  return {
    ...EMPTY_MESSAGE,
    id: random.below(65_536),
    response: random.chance(0.5),
    opcode: random.pick(["QUERY", "STATUS", "OPCODE9"]),
    truncated: random.chance(0.2),
    recursionDesired: random.chance(0.5),
    rcode: random.pick(["NOERROR", "NXDOMAIN", "RCODE9"]),
    questions: Array.from({ length: random.chance(0.9) ? 1 : random.below(4) }, () => ({
      name: random.pick(NAMES),
      type: random.pick([...TYPES, "ANY", "AXFR"]),
      class: random.pick(["IN", "CH", "CLASS7"]),
    })),
    answers: records(random),
    authority: records(random),
    additional: records(random),
    ...(random.chance(0.5) && { edns }),
  };
}

/** Bytes that mean something in a message: pointers, label types, small lengths, the type OPT. */
const TELLING = [0, 1, 2, 4, 12, 16, 41, 63, 64, 127, 128, 191, 192, 193, 255];

/** The bytes of a message, damaged in most runs. */
export function dnsMessage(random: Random): Buffer {
  if (random.chance(0.05)) {
    return Buffer.from(Array.from({ length: random.below(64) }, () => random.pick(TELLING)));
  }
  let bytes = encodeMessage(message(random));
  for (let times = random.below(4); times > 0; times--) bytes = damaged(random, bytes);
  return bytes;
}

function damaged(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const value = random.chance(0.6) ? random.pick(TELLING) : random.below(256);
  const copy = Buffer.from(bytes);
  switch (random.below(5)) {
    case 0:
    case 1:
      if (at < copy.length) copy[at] = value;
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3:
      return Buffer.concat([copy.subarray(0, at), Buffer.from([value]), copy.subarray(at)]);
    default: {
      // A pointer, mostly to somewhere in the message.
      if (at + 2 <= copy.length) copy.writeUInt16BE(0xc000 | random.below(copy.length + 8), at);
      return copy;
    }
  }
}

const SIGNS = [
  "(",
  ")",
  '"',
  ";",
  "\\",
  "\\0",
  "\\300",
  "\n",
  " ",
  "\t",
  "@",
  "$",
  ".",
  "..",
  "\r",
  "\u0000",
  "ä",
  "99999999999",
  "CH",
  "\\#",
];

/** A zone file, damaged in most runs. */
export function zoneText(random: Random): string {
  const lines = [
    "$TTL 1h",
    "$ORIGIN lab.example.",
    "@ IN SOA ns1 root ( 1 2h 3m",
    "  4w 5 ) ; comment",
  ];
  const count = random.below(6);
  for (let i = 0; i < count; i++) {
    const { name, ttl, type, data } = record(random);
    const owner = random.pick([name, "@", "", "www", "*.wild"]);
    lines.push(
      `${owner} ${random.pick(["", "IN", String(ttl), `${ttl} IN`, "IN 5m"])} ${type} ${data}`,
    );
  }
  let text = lines.join(random.pick(["\n", "\n", "\r\n"]));
  for (let times = random.below(3); times > 0; times--) {
    const at = random.below(text.length + 1);
    const rest = random.chance(0.5) ? at : Math.min(text.length, at + 1 + random.below(5));
    text = text.slice(0, at) + random.pick(SIGNS) + text.slice(rest);
  }
  return text;
}
