/**
 * The characters of HTTP/1.1 as a table: one lookup says what a byte may be.
 *
 *     token       = 1*tchar                                   ; RFC 9110, 5.6.2
 *     tchar       = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "."
 *                 / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
 *     field-value = *( VCHAR / obs-text / SP / HTAB )         ; RFC 9110, 5.5, folding left out
 *     pchar       = unreserved / pct-encoded / sub-delims / ":" / "@"    ; RFC 3986, 3.3
 *     query       = *( pchar / "/" / "?" )                               ; RFC 3986, 3.4
 */

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const DQUOTE = 0x22;
export const PERCENT = 0x25;
export const SLASH = 0x2f;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;

/** A byte of a token: a method or a field name. */
export const TCHAR = 1;
/** A byte of a field value, blanks included. */
export const VALUE = 2;
/**
 * A byte of a request target: those of RFC 3986, and those that browsers send as they are in a query
 * (see target.ts, which also says where the brackets may stand).
 */
export const TARGET = 4;
/** A hexadecimal digit. */
export const HEX = 8;
/** qdtext of a quoted string: any VALUE byte but the quote and the backslash. */
export const QUOTED = 16;
/** A byte of a registered name or an IPv4 address, without the comma: see host.ts. */
export const HOST = 32;
/** A byte of a request target that is not allowed everywhere in it. */
export const DELICATE = 64;

const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const UNRESERVED = `${LETTERS}${DIGITS}-._~`;

/** What each of the 256 bytes may be, as bits of the constants above. */
export const BYTES: Uint8Array = classify();

function classify(): Uint8Array {
  const table = new Uint8Array(256);
  const mark = (bit: number, characters: string) => {
    for (const character of characters) table[character.charCodeAt(0)] |= bit;
  };
  mark(TCHAR, `!#$%&'*+-.^_\`|~${DIGITS}${LETTERS}`);
  mark(TARGET, `${UNRESERVED}%!$&'()*+,;=:@/?[]|{}^\`\\`);
  mark(DELICATE, "%[]|{}^`\\");
  mark(HEX, `${DIGITS}abcdefABCDEF`);
  mark(HOST, `${UNRESERVED}%!$&'()*+;=`);
  for (let byte = 0; byte < 256; byte++) {
    const visible = byte >= 0x20 && byte !== 0x7f;
    if (visible || byte === HTAB) table[byte] |= VALUE | QUOTED;
  }
  table[DQUOTE] &= ~QUOTED;
  table[BACKSLASH] &= ~QUOTED;
  return table;
}

/** The value of a hexadecimal digit that is known to be one. */
export function hexValue(byte: number): number {
  return byte <= NINE ? byte - ZERO : (byte | 0x20) - 0x57;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether `text` is a token (RFC 9110, 5.6.2). */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** `text` without SP and HTAB at its ends. (`trim` takes more, and a regular expression longer.) */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Whether the byte is SP or HTAB. */
export function isBlank(byte: number): boolean {
  return byte === SP || byte === HTAB;
}
