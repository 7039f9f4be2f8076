/**
 * The OPT record, which turns the fields of a record to other uses (RFC 6891, 6.1.2 and 6.1.3):
 *
 *     NAME   0 (the root)
 *     TYPE   OPT (41)
 *     CLASS  the UDP size that the sender takes
 *     TTL    upper 8 bits of RCODE | VERSION | DO and 15 bits that are 0
 *     RDATA  *( OPTION-CODE OPTION-LENGTH OPTION-DATA )
 */
import { TYPES } from "./codes";
import { DnsError } from "./dns-error";
import { EDNS_UDP_BYTES } from "./limits";
import type { Edns, EdnsOption } from "./message";
import type { MessageReader } from "./message-reader";
import type { MessageWriter } from "./message-writer";

const DO = 0x8000;

/** What we say about ourselves. */
export const OUR_EDNS: Edns = {
  udpSize: EDNS_UDP_BYTES,
  version: 0,
  dnssecOk: false,
  options: [],
};

export interface OptRecord {
  readonly edns: Edns;
  /** The 8 upper bits of the 12 of a response code. */
  readonly upperRcode: number;
}

/** Reads an OPT record behind its type. @throws DnsError BAD_OPT, CUT_SHORT */
export function readOpt(reader: MessageReader, name: string): OptRecord {
  if (name !== ".") throw new DnsError("BAD_OPT", `its name is ${name}, not the root`);
  const udpSize = reader.uint16();
  const upperRcode = reader.uint8();
  const version = reader.uint8();
  const dnssecOk = (reader.uint16() & DO) !== 0;
  const length = reader.uint16();
  if (length > reader.left) throw new DnsError("CUT_SHORT");
  const end = reader.at + length;
  const options: EdnsOption[] = [];
  while (reader.at < end) {
    if (end - reader.at < 4) throw new DnsError("BAD_OPT", "an option is cut short");
    const code = reader.uint16();
    const size = reader.uint16();
    if (size > end - reader.at) throw new DnsError("BAD_OPT", "an option is cut short");
    options.push({ code, data: Buffer.from(reader.raw(size)) });
  }
  return { edns: { udpSize, version, dnssecOk, options }, upperRcode };
}

/** Writes an OPT record. @throws DnsError BAD_VALUE */
export function writeOpt(writer: MessageWriter, { edns, upperRcode }: OptRecord): void {
  writer.name(".");
  writer.uint16(TYPES.numberOf("OPT"));
  writer.uint16(edns.udpSize);
  writer.uint8(upperRcode);
  writer.uint8(edns.version);
  writer.uint16(edns.dnssecOk ? DO : 0);
  writer.uint16(edns.options.reduce((sum, { data }) => sum + 4 + data.length, 0));
  for (const { code, data } of edns.options) {
    writer.uint16(code);
    writer.uint16(data.length);
    writer.raw(data);
  }
}
