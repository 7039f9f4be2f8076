import { describe, expect, test } from "vitest";
import { decodeMessage } from "../../src/dns/decode";
import { OUR_EDNS } from "../../src/dns/edns";
import { encodeMessage } from "../../src/dns/encode";
import { makeQuery } from "../../src/dns/exchange";
import type { Message, ResourceRecord } from "../../src/dns/message";
import { ask, codeOf, message, record } from "./support";

/** A header with these counts, and what follows it. */
function bytes(counts: readonly number[], ...rest: (string | number[])[]): Buffer {
  const header = Buffer.from([0x12, 0x34, 0x80, 0, ...counts.flatMap((count) => [0, count])]);
  return Buffer.concat([header, ...rest.map((part) => Buffer.from(part as string, "latin1"))]);
}
const QUESTION = "\x04core\x03lab\x00\x00\x01\x00\x01";
/** TYPE, CLASS and TTL of a record. */
const A_HEAD = [0, 1, 0, 1, 0, 0, 0, 60];

test("a query is written as RFC 1035 draws it", () => {
  const query = makeQuery(0xbeef, "core.lab", "A", { edns: undefined });
  expect(encodeMessage(query).toString("latin1")).toBe(
    `\xbe\xef\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00${QUESTION}`,
  );
});

test("every flag has its own bit", () => {
  const flags = {
    response: 0x8000,
    authoritative: 0x0400,
    truncated: 0x0200,
    recursionDesired: 0x0100,
    recursionAvailable: 0x0080,
    authenticData: 0x0020,
    checkingDisabled: 0x0010,
  };
  for (const [name, bit] of Object.entries(flags)) {
    const written = encodeMessage(message({ [name]: true }));
    expect(written.readUInt16BE(2), name).toBe(bit);
    expect(decodeMessage(written)).toEqual(message({ [name]: true }));
  }
});

const RECORDS: readonly ResourceRecord[] = [
  record("lab.", "A", "192.0.2.1"),
  record("lab.", "AAAA", "2001:db8::1:0:0:1"),
  record("lab.", "AAAA", "::"),
  record("lab.", "AAAA", "::ffff:192.0.2.1"),
  record("lab.", "MX", "10 mail.lab."),
  record("lab.", "SOA", "ns.lab. root.lab. 1 2 3 4 4294967295"),
  record("lab.", "TXT", String.raw`"one" "" "a \"b\" \\ \195\164"`),
  record("lab.", "SRV", "0 5 8080 core.lab."),
  record("lab.", "HINFO", '"PDP-11" "UNIX"'),
  record("lab.", "CAA", '128 issue "ca.example; policy=1"'),
  record("lab.", "TYPE65280", String.raw`\# 3 0a0b0c`),
  record("lab.", "TYPE65281", String.raw`\# 0`),
  record(".", "NS", String.raw`a\.b.lab.`, 0),
];

test.each(RECORDS)("$type $data comes back as it was", (one) => {
  const whole = message({ response: true, questions: [ask("lab.")], answers: [one] });
  expect(decodeMessage(encodeMessage(whole))).toEqual(whole);
});

test("a name that stands earlier in the message is written as a pointer", () => {
  const answers = [
    record("core.lab.", "CNAME", "www.core.lab."),
    record("www.core.lab.", "A", "192.0.2.1"),
  ];
  const written = encodeMessage(message({ questions: [ask("core.lab.")], answers }));
  expect(written.subarray(26, 28)).toEqual(Buffer.from([0xc0, 12]));
  expect(written.toString("latin1")).toContain("\x00\x06\x03www\xc0\x0c\xc0\x26");
});

test("in an SRV record no name is compressed, as RFC 2782 has it", () => {
  const answers = [record("core.lab.", "SRV", "0 5 80 core.lab.")];
  const written = encodeMessage(message({ questions: [ask("core.lab.")], answers }));
  expect(written.toString("latin1").endsWith("\x00\x50\x04core\x03lab\x00")).toBe(true);
});

describe("a message is refused", () => {
  test.each<[string, Buffer, string]>([
    ["without a whole header", bytes([0, 0, 0, 0]).subarray(0, 11), "SHORT_HEADER"],
    ["with fewer questions than it says", bytes([2, 0, 0, 0], QUESTION), "CUT_SHORT"],
    ["with bytes behind its end", bytes([1, 0, 0, 0], QUESTION, "x"), "TRAILING_BYTES"],
    ["with a name that runs out", bytes([1, 0, 0, 0], "\x04co"), "CUT_SHORT"],
    ["with a pointer to itself", bytes([1, 0, 0, 0], "\xc0\x0c\x00\x01\x00\x01"), "BAD_POINTER"],
    ["with a pointer forwards", bytes([1, 0, 0, 0], "\xc0\x0e\x00\x00\x01\x00\x01"), "BAD_POINTER"],
    [
      "with pointers in a circle",
      bytes([1, 0, 0, 0], "\x01a\xc0\x0c\x00\x01\x00\x01"),
      "BAD_POINTER",
    ],
    ["with a label of type 01", bytes([1, 0, 0, 0], "\x41a\x00\x00\x01\x00\x01"), "BAD_LABEL"],
    ["with a label of type 10", bytes([1, 0, 0, 0], "\x81a\x00\x00\x01\x00\x01"), "BAD_LABEL"],
    [
      "with a name of 256 bytes",
      bytes(
        [1, 0, 0, 0],
        `${`\x3f${"x".repeat(63)}`.repeat(3)}\x3e${"x".repeat(62)}\x00\x00\x01\x00\x01`,
      ),
      "LONG_NAME",
    ],
    [
      "with an address of 3 bytes",
      bytes([0, 1, 0, 0], "\x00", A_HEAD, [0, 3, 1, 2, 3]),
      "BAD_DATA_LENGTH",
    ],
    [
      "with an address of 5 bytes",
      bytes([0, 1, 0, 0], "\x00", A_HEAD, [0, 5, 1, 2, 3, 4, 5]),
      "BAD_DATA_LENGTH",
    ],
    ["with data that runs out", bytes([0, 1, 0, 0], "\x00", A_HEAD, [0, 4, 1, 2]), "CUT_SHORT"],
    [
      "with a string beyond its data",
      bytes([0, 1, 0, 0], "\x00", [0, 16, 0, 1, 0, 0, 0, 0, 0, 3, 9, 65, 65]),
      "BAD_DATA_LENGTH",
    ],
    [
      "with an empty TXT",
      bytes([0, 1, 0, 0], "\x00", [0, 16, 0, 1, 0, 0, 0, 0, 0, 0]),
      "BAD_DATA_LENGTH",
    ],
    [
      "with a name beyond its data",
      bytes([0, 2, 0, 0], "\x00", [0, 2, 0, 1, 0, 0, 0, 0, 0, 2], "\x04core\x00"),
      "BAD_DATA_LENGTH",
    ],
    [
      "with an OPT that has a name",
      bytes([0, 0, 0, 1], "\x01a\x00", [0, 41, 2, 0, 0, 0, 0, 0, 0, 0]),
      "BAD_OPT",
    ],
    [
      "with an OPT among the answers",
      bytes([0, 1, 0, 0], "\x00", [0, 41, 2, 0, 0, 0, 0, 0, 0, 0]),
      "BAD_OPT",
    ],
    [
      "with an option that is cut short",
      bytes([0, 0, 0, 1], "\x00", [0, 41, 2, 0, 0, 0, 0, 0, 0, 5, 0, 3, 0, 9, 1]),
      "BAD_OPT",
    ],
    [
      "with two OPTs",
      bytes([0, 0, 0, 2], ...Array(2).fill([0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0])),
      "SEVERAL_OPTS",
    ],
  ])("%s", (_, input, code) => {
    expect(codeOf(() => decodeMessage(input))).toBe(code);
  });
});

test("a chain of pointers backwards is followed", () => {
  const input = bytes(
    [3, 0, 0, 0],
    "\x03lab\x00\x00\x01\x00\x01",
    "\x04core\xc0\x0c\x00\x01\x00\x01",
    "\x03www\xc0\x15\x00\x01\x00\x01",
  );
  const names = decodeMessage(input).questions.map(({ name }) => name);
  expect(names).toEqual(["lab.", "core.lab.", "www.core.lab."]);
});

test("a TTL with its highest bit set counts as 0", () => {
  const input = bytes([0, 1, 0, 0], "\x00", [0, 1, 0, 1, 0x80, 0, 0, 0, 0, 4, 1, 2, 3, 4]);
  expect(decodeMessage(input).answers[0].ttl).toBe(0);
});

describe("EDNS", () => {
  const options = [{ code: 3, data: Buffer.from("ns1") }];
  const edns = { udpSize: 4096, version: 0, dnssecOk: true, options };

  test("comes back as it was, with response codes of 12 bits", () => {
    const whole = message({ rcode: "BADVERS", edns });
    expect(decodeMessage(encodeMessage(whole))).toEqual(whole);
  });

  test("is needed for a response code above 15", () => {
    expect(codeOf(() => encodeMessage(message({ rcode: "BADVERS" })))).toBe("BAD_VALUE");
  });
});

describe("a message that is too long for its receiver", () => {
  const answers = Array.from({ length: 20 }, (_, i) => record("lab.", "A", `192.0.2.${i}`));
  const additional = Array.from({ length: 20 }, (_, i) => record("ns.lab.", "A", `192.0.2.${i}`));
  const long: Message = message({
    response: true,
    questions: [ask("lab.")],
    answers,
    additional,
    edns: OUR_EDNS,
  });

  test("loses its additional records first", () => {
    const cut = decodeMessage(encodeMessage(long, 512));
    expect(cut).toEqual({ ...long, additional: [] });
  });

  test("then loses all records, says so, and keeps question and EDNS", () => {
    const cut = decodeMessage(encodeMessage(long, 300));
    expect(cut).toEqual({ ...long, answers: [], additional: [], truncated: true });
  });

  test("is an error when not even the question fits", () => {
    expect(codeOf(() => encodeMessage(long, 20))).toBe("LONG_MESSAGE");
  });

  test("is cut even where no length of 16 bits could tell it", () => {
    const huge = Array.from({ length: 400 }, () => record("lab.", "TXT", `"${"x".repeat(200)}"`));
    const cut = decodeMessage(encodeMessage({ ...long, answers: huge }));
    expect(cut.truncated).toBe(true);
  });
});

test.each<[string, ResourceRecord, string]>([
  ["no address", record("lab.", "A", "192.0.2"), "BAD_ADDRESS"],
  ["an address of the other family", record("lab.", "AAAA", "192.0.2.1"), "BAD_ADDRESS"],
  ["a number beyond 16 bits", record("lab.", "MX", "65536 mail."), "BAD_NUMBER"],
  ["a field too few", record("lab.", "MX", "mail."), "BAD_DATA"],
  ["a field too many", record("lab.", "A", "192.0.2.1 192.0.2.2"), "BAD_DATA"],
  ["a relative name", record("lab.", "NS", "ns"), "NOT_ABSOLUTE"],
  ["a relative owner", record("lab", "A", "192.0.2.1"), "NOT_ABSOLUTE"],
  ["a string of 256 bytes", record("lab.", "TXT", `"${"x".repeat(256)}"`), "LONG_STRING"],
  ["an open quote", record("lab.", "TXT", '"open'), "OPEN_QUOTE"],
  ["an unknown type", record("lab.", "TYPE65536", String.raw`\# 0`), "UNKNOWN_TYPE"],
  ["hex that is odd", record("lab.", "TYPE9999", String.raw`\# 1 abc`), "BAD_DATA"],
  ["a negative TTL", record("lab.", "A", "192.0.2.1", -1), "BAD_VALUE"],
])("a record with %s is not written", (_, one, code) => {
  expect(codeOf(() => encodeMessage(message({ answers: [one] })))).toBe(code);
});
