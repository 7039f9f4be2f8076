/**
 * The words of a record's data, as a zone file writes them: `"a text"` is one word with its quotes, and a
 * backslash takes what follows as it is (RFC 1035, 5.1).
 */
import { DnsError } from "./dns-error";
import { STRING_MAX_BYTES } from "./limits";

/** A quoted string, open or closed, or anything else without blanks. */
const WORD = /"(?:[^"\\]|\\[\s\S])*("?)|(?:[^\s"\\]|\\[\s\S])+|\\$/g;

/** @throws DnsError OPEN_QUOTE */
export function words(data: string): string[] {
  if (!data.includes('"') && !data.includes("\\"))
    return data.split(/\s+/).filter((word) => word !== "");
  return Array.from(data.matchAll(WORD), ([word, quote]) => {
    if (quote === "") throw new DnsError("OPEN_QUOTE", data);
    return word;
  });
}

/** The bytes of a word, without quotes and escapes. @throws DnsError LONG_STRING, BAD_ESCAPE */
export function stringBytes(word: string, maxBytes = STRING_MAX_BYTES): Buffer {
  const inner = word.startsWith('"') ? word.slice(1, -1) : word;
  const parts = inner.split(/(\\\d{3}|\\\D)/);
  const bytes = Buffer.concat(
    parts.map((part) => {
      if (!part.startsWith("\\")) return Buffer.from(part, "utf8");
      const rest = part.slice(1);
      if (rest === "" || Number(rest) > 0xff) throw new DnsError("BAD_ESCAPE", word);
      return /^\d{3}$/.test(rest) ? Buffer.from([Number(rest)]) : Buffer.from(rest, "utf8");
    }),
  );
  if (bytes.length > maxBytes) throw new DnsError("LONG_STRING");
  return bytes;
}

/** Bytes as a quoted string: what is not printable ASCII as `\DDD`. */
export function quoted(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${String(byte).padStart(3, "0")}`;
  }
  return `${text}"`;
}
