/**
 * The host and port of a Host field or of a request target.
 *
 *     Host       = uri-host [ ":" port ]                      ; RFC 9110, 7.2
 *     uri-host   = IP-literal / IPv4address / reg-name        ; RFC 3986, 3.2.2
 *     IP-literal = "[" ( IPv6address / IPvFuture ) "]"
 *     reg-name   = *( unreserved / pct-encoded / sub-delims )
 *     port       = *DIGIT
 *
 * Narrower in three places, where leniency would let two readers see two hosts: the host is not
 * empty (RFC 9110, 4.2.1), it has no comma (two fields joined into one), the port is at most 65535.
 */

import { isIPv6 } from "node:net";
import { BYTES, COLON, HEX, HOST, NINE, PERCENT, ZERO } from "./grammar";

const OPEN_BRACKET = 0x5b;
const MAX_PORT = 65_535;
const IP_FUTURE = /^v[0-9a-f]+\.[A-Za-z0-9\-._~!$&'()*+;=:]+$/i;

/** Whether the bytes from `start` to `end` are a host with an optional port. */
export function isHostAndPort(bytes: Buffer, start: number, end: number): boolean {
  if (start === end) return false;
  const hostEnd =
    bytes[start] === OPEN_BRACKET ? literalEnd(bytes, start, end) : nameEnd(bytes, start, end);
  if (hostEnd <= start) return false;
  return hostEnd === end || (bytes[hostEnd] === COLON && isPort(bytes, hostEnd + 1, end));
}

/** Whether the text is a host with a port that is not empty (RFC 9110, 9.3.6). */
export function isHostWithPort(text: string): boolean {
  const bytes = Buffer.from(text, "latin1");
  return /:[0-9]+$/.test(text) && isHostAndPort(bytes, 0, bytes.length);
}

/** The end of a registered name or IPv4 address, or -1. */
function nameEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (BYTES[bytes[at]] & HOST) !== 0) {
    if (bytes[at] === PERCENT) {
      const encoded = BYTES[bytes[at + 1]] & BYTES[bytes[at + 2]] & HEX;
      if (at + 2 >= end || encoded === 0) return -1;
    }
    at++;
  }
  return at;
}

/** The end of an IPv6 address or a later one in brackets, or -1. */
function literalEnd(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString("latin1", start, end);
  const close = text.indexOf("]");
  if (close < 0) return -1;
  const address = text.slice(1, close);
  // A zone ("%eth0") means something on one machine only, and is no part of a URI's host.
  const known = isIPv6(address) && !address.includes("%");
  return known || IP_FUTURE.test(address) ? start + close + 1 : -1;
}

function isPort(bytes: Buffer, start: number, end: number): boolean {
  let port = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte < ZERO || byte > NINE) return false;
    port = port * 10 + byte - ZERO;
    if (port > MAX_PORT) return false;
  }
  return true;
}
