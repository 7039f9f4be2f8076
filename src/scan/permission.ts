/**
 * What may be scanned without asking: this machine itself. Loopback and its own private addresses;
 * nothing that leaves it.
 */
import { BlockList } from "node:net";
import { networkInterfaces } from "node:os";
import { UsageError } from "../program/failures";
import { formatAddress, parseAddress } from "./addresses";
import type { Target } from "./targets";

/** The flag by which a user asserts that the owner agreed. */
export const PERMISSION_FLAG = "i-have-permission";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4"); // RFC 1122, section 3.2.1.3
LOOPBACK.addAddress("::1", "ipv6"); // RFC 4291, section 2.5.3
// Connecting to "any" address reaches this machine.
LOOPBACK.addAddress("0.0.0.0", "ipv4");
LOOPBACK.addAddress("::", "ipv6");

const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ["10.0.0.0", 8], // RFC 1918
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16], // RFC 3927
  ["100.64.0.0", 10], // RFC 6598
] as const) {
  PRIVATE.addSubnet(net, prefix, "ipv4");
}
PRIVATE.addSubnet("fc00::", 7, "ipv6"); // RFC 4193
PRIVATE.addSubnet("fe80::", 10, "ipv6"); // RFC 4291, section 2.5.6

/** The addresses that this machine's interfaces have now. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address));
}

/** True if a scan of `address` stays on this machine: a loopback address, or a private one of its own. */
export function staysHere(address: string, own: readonly string[] = ownAddresses()): boolean {
  const bare = address.replace(/%.*/, "");
  const parsed = parseAddress(bare);
  if (!parsed) return false;
  const family = parsed.family === 4 ? "ipv4" : "ipv6";
  const plain = formatAddress(parsed);
  if (LOOPBACK.check(plain, family)) return true;
  const mine = own.some((one) => sameAddress(one, plain));
  return mine && PRIVATE.check(plain, family);
}

function sameAddress(one: string, plain: string): boolean {
  const parsed = parseAddress(one.replace(/%.*/, ""));
  return parsed !== undefined && formatAddress(parsed) === plain;
}

/**
 * Throws a UsageError that names the first target that is not this machine, unless `permitted`: the
 * person has said, with `--i-have-permission`, that its owner agreed.
 */
export function requirePermission(
  targets: readonly Target[],
  permitted: boolean,
  own: readonly string[] = ownAddresses(),
): void {
  const foreign = permitted ? [] : targets.filter(({ address }) => !staysHere(address, own));
  const [first] = foreign;
  if (!first) return;
  const name = first.name === undefined ? first.address : `${first.name} (${first.address})`;
  const others = foreign.length > 1 ? ` and ${foreign.length - 1} more targets` : "";
  const are = foreign.length > 1 ? "are" : "is";
  throw new UsageError(
    `${name}${others} ${are} not this machine: scan only what its owner lets you scan, and say so with --${PERMISSION_FLAG}`,
  );
}
