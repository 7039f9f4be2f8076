/** A message to bytes (RFC 1035, 4.1), cut to what its receiver takes. */
import { CLASSES, OPCODES, RCODES, TYPES } from "./codes";
import { AA, AD, CD, OPCODE_SHIFT, QR, RA, RD, TC } from "./decode";
import { DnsError } from "./dns-error";
import { writeOpt } from "./edns";
import { MESSAGE_MAX_BYTES } from "./limits";
import type { Message, Question, ResourceRecord } from "./message";
import { MessageWriter } from "./message-writer";
import { writeData } from "./record-data";

/** Of a response code, the header has the lower four bits. */
const RCODE_BITS = 4;
const RCODE_MASK = 0xf;

/**
 * Writes a message. One that is longer than `maxBytes` loses its additional records; if that is not enough,
 * it loses all records and is marked as truncated: the client asks again over TCP (RFC 2181, 9).
 * @throws DnsError LONG_MESSAGE when not even that fits, and what names, numbers and data can have
 */
export function encodeMessage(message: Message, maxBytes = MESSAGE_MAX_BYTES): Buffer {
  const bytes = attempt(message);
  if (bytes !== undefined && bytes.length <= maxBytes) return bytes;
  const fewer = attempt({ ...message, additional: [] });
  if (fewer !== undefined && fewer.length <= maxBytes) return fewer;
  const none = { answers: [], authority: [], additional: [] };
  const short = write({ ...message, ...none, truncated: true });
  if (short.length > maxBytes) throw new DnsError("LONG_MESSAGE", `${short.length} bytes`);
  return short;
}

/** Undefined for what no length of 16 bits can tell. */
function attempt(message: Message): Buffer | undefined {
  try {
    return write(message);
  } catch (error) {
    if (error instanceof DnsError && error.code === "LONG_MESSAGE") return undefined;
    throw error;
  }
}

function write(message: Message): Buffer {
  const { questions, answers, authority, additional, edns } = message;
  const rcode = RCODES.numberOf(message.rcode);
  if (rcode > RCODE_MASK && edns === undefined) {
    throw new DnsError("BAD_VALUE", `${message.rcode} needs EDNS`);
  }
  const writer = new MessageWriter();
  writer.uint16(message.id);
  writer.uint16(flagsOf(message) | (rcode & RCODE_MASK));
  writer.uint16(questions.length);
  writer.uint16(answers.length);
  writer.uint16(authority.length);
  writer.uint16(additional.length + (edns === undefined ? 0 : 1));
  for (const question of questions) writeQuestion(writer, question);
  for (const record of [...answers, ...authority, ...additional]) writeRecord(writer, record);
  if (edns !== undefined) writeOpt(writer, { edns, upperRcode: rcode >> RCODE_BITS });
  return writer.result();
}

function flagsOf(message: Message): number {
  return (
    (message.response ? QR : 0) |
    (OPCODES.numberOf(message.opcode) << OPCODE_SHIFT) |
    (message.authoritative ? AA : 0) |
    (message.truncated ? TC : 0) |
    (message.recursionDesired ? RD : 0) |
    (message.recursionAvailable ? RA : 0) |
    (message.authenticData ? AD : 0) |
    (message.checkingDisabled ? CD : 0)
  );
}

function writeQuestion(writer: MessageWriter, { name, type, class: wanted }: Question): void {
  writer.name(name);
  writer.uint16(TYPES.numberOf(type));
  writer.uint16(CLASSES.numberOf(wanted));
}

function writeRecord(writer: MessageWriter, record: ResourceRecord): void {
  if (record.type === "OPT") throw new DnsError("BAD_OPT", "it is written from `edns`");
  writeQuestion(writer, record);
  writer.uint32(record.ttl);
  const lengthAt = writer.length;
  writer.uint16(0);
  writeData(writer, record.type, record.data);
  writer.patchUint16(lengthAt, writer.length - lengthAt - 2);
}
