/**
 * The data of a record: from bytes to the text of a zone file, and back. A type is a row of fields; one without
 * a row is written as its bytes, `\# 3 0a0b0c` (RFC 3597, 5).
 */
import { ipv4Bytes, ipv6Bytes, ipv6Text } from "./address";
import { TYPES } from "./codes";
import { DnsError } from "./dns-error";
import { MESSAGE_MAX_BYTES } from "./limits";
import { MessageReader } from "./message-reader";
import type { MessageWriter } from "./message-writer";
import { parseName } from "./name";
import { quoted, stringBytes, words } from "./tokens";

/**
 * `whole-name` is a name in which no pointer may be written; `strings` is one string or more, to the end; `tag`
 * is a string that is written without quotes, `rest` all bytes to the end as one.
 */
type Field =
  | "ipv4"
  | "ipv6"
  | "name"
  | "whole-name"
  | "uint8"
  | "uint16"
  | "uint32"
  | "string"
  | "strings"
  | "tag"
  | "rest";

const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  A: ["ipv4"], // RFC 1035, 3.4.1
  AAAA: ["ipv6"], // RFC 3596, 2.2
  NS: ["name"], // RFC 1035, 3.3.11
  CNAME: ["name"], // 3.3.1
  PTR: ["name"], // 3.3.12
  MX: ["uint16", "name"], // 3.3.9
  SOA: ["name", "name", "uint32", "uint32", "uint32", "uint32", "uint32"], // 3.3.13
  TXT: ["strings"], // 3.3.14
  HINFO: ["string", "string"], // 3.3.2
  SRV: ["uint16", "uint16", "uint16", "whole-name"], // RFC 2782
  CAA: ["uint8", "tag", "rest"], // RFC 8659, 4.1
};

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
const UINT8_MAX = 0xff;
const UINT16_MAX = 0xffff;
const UINT32_MAX = 0xffff_ffff;

/**
 * Reads `length` bytes of data.
 * @throws DnsError CUT_SHORT, BAD_DATA_LENGTH, and what a name can have
 */
export function readData(reader: MessageReader, type: string, length: number): string {
  const end = reader.at + length;
  if (length > reader.left) throw new DnsError("CUT_SHORT");
  const fields = Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  // An empty one is an error in none but the types that are known (RFC 3597, 4).
  if (fields === undefined) return unknownText(reader.raw(length));
  const texts: string[] = [];
  for (const field of fields) {
    do texts.push(readField(reader, field, end));
    while (field === "strings" && reader.at < end);
  }
  if (reader.at !== end) throw new DnsError("BAD_DATA_LENGTH", `${type}, ${length} bytes`);
  return texts.join(" ");
}

function readField(reader: MessageReader, field: Field, end: number): string {
  const room = end - reader.at;
  const raw = (size: number) => {
    if (size > room) throw new DnsError("BAD_DATA_LENGTH");
    return reader.raw(size);
  };
  const string = (size: number) => {
    if (size > end - reader.at) throw new DnsError("BAD_DATA_LENGTH");
    return reader.raw(size);
  };
  switch (field) {
    case "ipv4":
      return raw(IPV4_BYTES).join(".");
    case "ipv6":
      return ipv6Text(raw(IPV6_BYTES));
    case "uint8":
      return String(raw(1)[0]);
    case "uint16":
      return String(raw(2).readUInt16BE());
    case "uint32":
      return String(raw(4).readUInt32BE());
    case "string":
    case "strings":
      return quoted(string(raw(1)[0]));
    case "tag":
      return tagText(string(raw(1)[0]));
    case "rest":
      return quoted(raw(room));
    default:
      return reader.name();
  }
}

/** Letters and digits only (RFC 8659, 4.1). */
function tagText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  if (!/^[a-z\d]+$/i.test(text))
    throw new DnsError("BAD_DATA", "a tag has letters and digits alone");
  return text;
}

function unknownText(bytes: Buffer): string {
  return bytes.length === 0 ? "\\# 0" : `\\# ${bytes.length} ${bytes.toString("hex")}`;
}

/**
 * Writes data, without its length.
 * @throws DnsError BAD_DATA, BAD_ADDRESS, BAD_NUMBER, LONG_STRING, and what a name can have
 */
export function writeData(writer: MessageWriter, type: string, data: string): void {
  const given = words(data);
  const fields = Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  if (fields === undefined) {
    writer.raw(unknownBytes(type, given));
    return;
  }
  expectCount(type, fields, given);
  given.forEach((word, i) => {
    writeField(writer, fields[Math.min(i, fields.length - 1)], word);
  });
}

function writeField(writer: MessageWriter, field: Field, word: string): void {
  if (field === "ipv4") writer.raw(Buffer.from(ipv4Bytes(word)));
  else if (field === "ipv6") writer.raw(Buffer.from(ipv6Bytes(word)));
  else if (field === "uint8") writer.uint8(number(word, UINT8_MAX));
  else if (field === "uint16") writer.uint16(number(word, UINT16_MAX));
  else if (field === "uint32") writer.uint32(number(word, UINT32_MAX));
  else if (field === "rest") writer.raw(stringBytes(word, MESSAGE_MAX_BYTES));
  else if (field === "string" || field === "strings" || field === "tag") {
    const bytes = stringBytes(word);
    writer.uint8(bytes.length);
    writer.raw(bytes);
  } else writer.name(word, { compress: field === "name" });
}

/**
 * Data as a person wrote it, in the spelling of this module: names absolute, addresses and numbers checked.
 * @param given the words of the data
 * @throws DnsError as writeData
 */
export function normalizeData(type: string, given: readonly string[], origin: string): string {
  const fields = Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  if (fields === undefined) return unknownText(unknownBytes(type, given));
  if (given[0] === "\\#") {
    const bytes = unknownBytes(type, given);
    return readData(new MessageReader(bytes), type, bytes.length);
  }
  expectCount(type, fields, given);
  return given
    .map((word, i) => normalizeField(fields[Math.min(i, fields.length - 1)], word, origin))
    .join(" ");
}

function normalizeField(field: Field, word: string, origin: string): string {
  switch (field) {
    case "ipv4":
      return ipv4Bytes(word).join(".");
    case "ipv6":
      return ipv6Text(Buffer.from(ipv6Bytes(word)));
    case "uint8":
      return String(number(word, UINT8_MAX));
    case "uint16":
      return String(number(word, UINT16_MAX));
    case "uint32":
      return String(number(word, UINT32_MAX));
    case "string":
    case "strings":
      return quoted(stringBytes(word));
    case "rest":
      return quoted(stringBytes(word, MESSAGE_MAX_BYTES));
    case "tag":
      return tagText(stringBytes(word));
    default:
      return parseName(word, origin);
  }
}

function expectCount(type: string, fields: readonly Field[], given: readonly string[]): void {
  const open = fields.at(-1) === "strings";
  if (given.length === fields.length || (open && given.length > fields.length)) return;
  const expected = open ? `${fields.length} or more` : fields.length;
  throw new DnsError("BAD_DATA", `${type} has ${expected}, and here are ${given.length}`);
}

function number(word: string, max: number): number {
  const value = Number(word);
  if (!/^\d{1,10}$/.test(word) || value > max) throw new DnsError("BAD_NUMBER", word);
  return value;
}

/** The bytes behind `\# LENGTH HEX...`. */
function unknownBytes(type: string, given: readonly string[]): Buffer {
  const [mark, length = "", ...hex] = given;
  const digits = hex.join("");
  const bytes = Buffer.from(digits, "hex");
  const whole = /^(?:[\da-f]{2})*$/i.test(digits) && bytes.length <= MESSAGE_MAX_BYTES;
  if (mark !== "\\#" || !whole || String(bytes.length) !== length) {
    throw new DnsError(
      "BAD_DATA",
      `${TYPES.name(TYPES.numberOf(type))} is written as \\# LENGTH HEX`,
    );
  }
  return bytes;
}
