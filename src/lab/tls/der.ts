// DER, the byte encoding of X.509 certificates: a tag, a length, the contents (ITU-T X.690).

function element(tag: number, contents: Buffer): Buffer {
  const n = contents.length;
  // Up to 127 the length is one byte; above, a count of length bytes and then those (8.1.3).
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), contents]);
}

/** SEQUENCE: the elements one after another. At most 65,535 bytes. */
export const sequence = (...parts: Buffer[]) => element(0x30, Buffer.concat(parts));

/** SET of one element. */
export const setOf = (part: Buffer) => element(0x31, part);

/** INTEGER from its big-endian bytes, which must not be negative. */
export const integer = (bytes: Buffer) => element(0x02, bytes);

/** OBJECT IDENTIFIER from dotted text, for arcs below 2^28; the first two become one (8.19). */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    for (let shift = 21; shift > 0; shift -= 7) {
      if (arc >> shift > 0) bytes.push(((arc >> shift) & 0x7f) | 0x80);
    }
    bytes.push(arc & 0x7f);
  }
  return element(0x06, Buffer.from(bytes));
}

/** UTF8String. */
export const utf8 = (text: string) => element(0x0c, Buffer.from(text));

/** UTCTime, to the second; for years 1950 to 2049 (RFC 5280, section 4.1.2.5.1). */
export const utcTime = (date: Date) =>
  element(0x17, Buffer.from(`${date.toISOString().replace(/\D/g, "").slice(2, 14)}Z`));

/** BIT STRING of whole bytes. */
export const bitString = (bytes: Buffer) => element(0x03, Buffer.concat([Buffer.of(0), bytes]));

/** OCTET STRING. */
export const octetString = (bytes: Buffer) => element(0x04, bytes);

/** A context-specific element `[n]`: `constructed` when it holds elements, primitive when bytes. */
export const context = (n: number, contents: Buffer, constructed = true) =>
  element((constructed ? 0xa0 : 0x80) | n, contents);
