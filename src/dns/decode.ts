/**
 * Bytes to a message (RFC 1035, 4.1).
 *
 *       0  1  2  3  4  5  6  7  8  9  A  B  C  D  E  F
 *     |                      ID                       |
 *     |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
 *     |                    QDCOUNT                    |
 *     |                    ANCOUNT                    |
 *     |                    NSCOUNT                    |
 *     |                    ARCOUNT                    |
 */
import { CLASSES, OPCODES, RCODES, TYPES } from "./codes";
import { DnsError } from "./dns-error";
import { type OptRecord, readOpt } from "./edns";
import { TTL_MAX_SECONDS } from "./limits";
import type { Edns, Message, Question, ResourceRecord } from "./message";
import { MessageReader } from "./message-reader";
import { readData } from "./record-data";

export const HEADER_BYTES = 12;

/** The bits of the header's second word. */
export const QR = 0x8000;
export const OPCODE_SHIFT = 11;
export const AA = 0x0400;
export const TC = 0x0200;
export const RD = 0x0100;
export const RA = 0x0080;
export const AD = 0x0020;
export const CD = 0x0010;

const OPCODE_MASK = 0xf;
const RCODE_MASK = 0xf;

/**
 * Reads a whole message, as one datagram or one frame over TCP carries it.
 * @throws DnsError for anything else
 */
export function decodeMessage(bytes: Buffer): Message {
  if (bytes.length < HEADER_BYTES) throw new DnsError("SHORT_HEADER");
  const reader = new MessageReader(bytes);
  const id = reader.uint16();
  const flags = reader.uint16();
  const counts = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()];
  const questions: Question[] = [];
  for (let i = 0; i < counts[0]; i++) questions.push(readQuestion(reader));
  const answers = readRecords(reader, counts[1]);
  const authority = readRecords(reader, counts[2]);
  const additional = readRecords(reader, counts[3]);
  if (reader.left > 0) throw new DnsError("TRAILING_BYTES", `${reader.left} of them`);
  const edns = ednsOf(answers, authority, additional);
  return {
    id,
    response: (flags & QR) !== 0,
    opcode: OPCODES.name((flags >> OPCODE_SHIFT) & OPCODE_MASK),
    authoritative: (flags & AA) !== 0,
    truncated: (flags & TC) !== 0,
    recursionDesired: (flags & RD) !== 0,
    recursionAvailable: (flags & RA) !== 0,
    authenticData: (flags & AD) !== 0,
    checkingDisabled: (flags & CD) !== 0,
    rcode: RCODES.name(((edns?.upperRcode ?? 0) << 4) | (flags & RCODE_MASK)),
    questions,
    answers: answers.records,
    authority: authority.records,
    additional: additional.records,
    ...(edns && { edns: edns.edns }),
  };
}

interface Section {
  readonly records: ResourceRecord[];
  readonly opts: OptRecord[];
}

function readQuestion(reader: MessageReader): Question {
  const name = reader.name();
  const type = TYPES.name(reader.uint16());
  return { name, type, class: CLASSES.name(reader.uint16()) };
}

function readRecords(reader: MessageReader, count: number): Section {
  const records: ResourceRecord[] = [];
  const opts: OptRecord[] = [];
  for (let i = 0; i < count; i++) {
    const name = reader.name();
    const type = TYPES.name(reader.uint16());
    if (type === "OPT") {
      opts.push(readOpt(reader, name));
      continue;
    }
    const recordClass = CLASSES.name(reader.uint16());
    const seconds = reader.uint32();
    const ttl = seconds > TTL_MAX_SECONDS ? 0 : seconds; // RFC 2181, 8
    const data = readData(reader, type, reader.uint16());
    records.push({ name, type, class: recordClass, ttl, data });
  }
  return { records, opts };
}

/** The one OPT record; it belongs to the additional section (RFC 6891, 6.1.1). */
function ednsOf(
  ...[answers, authority, additional]: [Section, Section, Section]
): { edns: Edns; upperRcode: number } | undefined {
  if (answers.opts.length + authority.opts.length > 0) {
    throw new DnsError("BAD_OPT", "it is not in the additional section");
  }
  if (additional.opts.length > 1) throw new DnsError("SEVERAL_OPTS");
  return additional.opts[0];
}
