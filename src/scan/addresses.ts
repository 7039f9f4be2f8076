/** IP addresses as numbers, so that blocks and ranges can be counted through, and back as text. */
import { isIP } from "node:net";

/** An address without a zone (RFC 4007), as a number of `BITS[family]` bits. */
export interface NumericAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

export const BITS = { 4: 32, 6: 128 } as const;

const GROUP_BITS = 16n;
const GROUPS = 8;
/** ::ffff:0:0/96, IPv4 addresses written as IPv6 (RFC 4291, section 2.5.5.2). */
const MAPPED_PREFIX = 0xffffn << 32n;

/**
 * Reads `192.168.1.10` or `2001:db8::1`; `::ffff:127.0.0.1` is the IPv4 address in it. Undefined for
 * all else, also for an address with a zone (`fe80::1%eth0`).
 */
export function parseAddress(text: string): NumericAddress | undefined {
  const family = isIP(text);
  if (family === 4) return { family, value: ipv4Value(text) };
  if (family !== 6 || text.includes("%")) return undefined;
  const value = ipv6Value(text);
  if (value >> 32n === MAPPED_PREFIX >> 32n) return { family: 4, value: value & 0xffff_ffffn };
  return { family, value };
}

function ipv4Value(text: string): bigint {
  return text.split(".").reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function ipv6Value(text: string): bigint {
  // The last 32 bits may be written as an IPv4 address.
  const hex = text.replace(/[\d.]+\.\d+$/, (octets) => {
    const value = ipv4Value(octets);
    return `${(value >> GROUP_BITS).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const groups = (part: string | undefined) => (part ? part.split(":") : []);
  const [head, tail] = hex.split("::");
  const before = groups(head);
  const after = groups(tail);
  const zeros = new Array<string>(GROUPS - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].reduce(
    (value, group) => (value << GROUP_BITS) | BigInt(`0x${group}`),
    0n,
  );
}

/** Writes an address; IPv6 in the form of RFC 5952, section 4: the longest run of zeros as `::`. */
export function formatAddress({ family, value }: NumericAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((by) => (value >> by) & 255n).join(".");
  const groups = Array.from({ length: GROUPS }, (_, i) =>
    ((value >> (GROUP_BITS * BigInt(GROUPS - 1 - i))) & 0xffffn).toString(16),
  );
  const runs = [...groups.join(":").matchAll(/\b0(?::0\b)+/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  const text = groups.join(":");
  if (longest === "") return text;
  const at = text.search(new RegExp(`(?<![0-9a-f])${longest}(?![0-9a-f])`));
  const before = text.slice(0, at).replace(/:$/, "");
  const after = text.slice(at + longest.length).replace(/^:/, "");
  return `${before}::${after}`;
}
