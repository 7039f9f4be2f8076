/** IP addresses as text and bytes, and the names under which their owners are found (RFC 1035, 3.5). */
import { isIPv4, isIPv6 } from "node:net";
import { DnsError } from "./dns-error";

const IPV6_GROUPS = 8;

/** @throws DnsError BAD_ADDRESS */
export function ipv4Bytes(text: string): number[] {
  if (!isIPv4(text)) throw new DnsError("BAD_ADDRESS", text);
  return text.split(".").map(Number);
}

/** @throws DnsError BAD_ADDRESS, for one with a zone (`fe80::1%eth0`) too */
export function ipv6Bytes(text: string): number[] {
  if (!isIPv6(text) || text.includes("%")) throw new DnsError("BAD_ADDRESS", text);
  const [, front = "", dotted] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  if (dotted !== undefined) {
    const [a, b, c, d] = ipv4Bytes(dotted);
    return ipv6Bytes(`${front}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const [head, tail] = text.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = tail === undefined ? 0 : IPV6_GROUPS - head.length - tail.length;
  const groups = [...head, ...Array<string>(zeros).fill("0"), ...(tail ?? [])];
  return groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** 16 bytes as RFC 5952 writes them: lower case, the longest run of zeros as `::`. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: IPV6_GROUPS },
    (_, i) => (bytes[2 * i] << 8) | bytes[2 * i + 1],
  );
  let [start, length] = [0, 1];
  for (let from = 0; from < IPV6_GROUPS; from++) {
    let to = from;
    while (to < IPV6_GROUPS && groups[to] === 0) to++;
    if (to - from > length) [start, length] = [from, to - from];
  }
  // A mapped IPv4 address is shown as one (RFC 5952, 5).
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.slice(12, 16).join(".")}`;
  }
  const hex = groups.map((group) => group.toString(16));
  if (length === 1) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/**
 * The name whose PTR record tells who has an address: `1.2.0.192.in-addr.arpa.` for 192.0.2.1, and the 32
 * digits of an IPv6 address below `ip6.arpa.` (RFC 3596, 2.5). Undefined for a text that is no address.
 */
export function reverseName(text: string): string | undefined {
  if (isIPv4(text)) return `${text.split(".").reverse().join(".")}.in-addr.arpa.`;
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const digits = Buffer.from(ipv6Bytes(text)).toString("hex");
  return `${Array.from(digits).reverse().join(".")}.ip6.arpa.`;
}
