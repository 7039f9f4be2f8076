/** The targets of a scan: host names, addresses, CIDR blocks and ranges, written as a person writes them. */
import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { ProgramError, UsageError } from "../program/failures";
import { BITS, formatAddress, type NumericAddress, parseAddress } from "./addresses";
import { TARGETS_MAX } from "./limits";

/** One address to scan, and the name that it was asked for by. */
export interface Target {
  readonly address: string;
  readonly name?: string;
}

/** The address of a name; by default the system's first. */
export type Resolve = (name: string) => Promise<string>;

/** RFC 1123, section 2.1, and the underscore that local names often have. */
const NAME = /^(?!.*\.\.)(?!-)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?$/;
/** Digits, dots, colons and a slash: the user meant an address, so it is not looked up as a name. */
const LIKE_AN_ADDRESS = /^[\d.]+$|^\d+(?:\.\d+){3}-|:|\//;

/**
 * Reads targets, in the order given and each once: `localhost`, `192.168.1.7`, `::1`, `[::1]`,
 * `fe80::1%eth0`, `10.0.0.0/30` (all four), `192.168.1.10-20`, `10.0.0.1-10.0.1.255`. Every name is
 * looked up once; what is scanned is the address that was found, even if the name moves meanwhile.
 *
 * @throws UsageError for a text that names nothing, a block that is too large, or a range backwards
 * @throws ProgramError when a name has no address
 */
export async function parseTargets(
  texts: readonly string[],
  resolve: Resolve = (name) => systemResolve(name),
): Promise<Target[]> {
  const found = new Map<string, Target>();
  for (const text of texts) {
    for (const target of await parseTarget(text, resolve, TARGETS_MAX - found.size)) {
      if (!found.has(target.address)) found.set(target.address, target);
    }
  }
  return [...found.values()];
}

async function parseTarget(text: string, resolve: Resolve, room: number): Promise<Target[]> {
  const bare = /^\[(.+)\]$/.exec(text)?.[1] ?? text;
  const single = parseAddress(bare);
  if (single) return [{ address: formatAddress(single) }];
  if (isIPv6(bare)) return [{ address: bare }]; // with a zone
  const range = bare.includes("/") ? block(bare) : bounds(bare);
  if (range) return count(range, text, room);
  if (LIKE_AN_ADDRESS.test(bare) || !NAME.test(bare)) {
    throw new UsageError(
      `${JSON.stringify(text)} is no target: give a host name, an address, a block (10.0.0.0/30) or a range (192.168.1.10-20)`,
    );
  }
  return [{ address: await resolve(bare), name: bare }];
}

interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** `10.0.0.0/30`, RFC 4632, section 3.1; bits behind the prefix are ignored, as nmap does. */
function block(text: string): Range | undefined {
  const [, address, prefix] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const base = address === undefined ? undefined : parseAddress(address);
  if (!base || Number(prefix) > BITS[base.family]) return undefined;
  const size = 1n << BigInt(BITS[base.family] - Number(prefix));
  const first = base.value - (base.value % size);
  return { family: base.family, first, last: first + size - 1n };
}

/** `192.168.1.10-20`: to another last octet; `10.0.0.1-10.0.1.255`: to another address. */
function bounds(text: string): Range | undefined {
  const [, from, to] = /^([^-]+)-([^-]+)$/.exec(text) ?? [];
  const first = from === undefined ? undefined : parseAddress(from);
  if (!first || to === undefined) return undefined;
  const short = /^\d{1,3}$/.test(to) && first.family === 4;
  const last = parseAddress(short ? `${from?.slice(0, from.lastIndexOf("."))}.${to}` : to);
  if (last?.family !== first.family) return undefined;
  if (last.value < first.value) {
    throw new UsageError(`the range ${text} ends before it begins: turn it round`);
  }
  return { family: first.family, first: first.value, last: last.value };
}

function count({ family, first, last }: Range, text: string, room: number): Target[] {
  const size = last - first + 1n;
  if (size > BigInt(room)) {
    throw new UsageError(
      `${text} makes more than ${TARGETS_MAX} addresses: scan it in smaller pieces`,
    );
  }
  return Array.from({ length: Number(size) }, (_, i) => {
    const address: NumericAddress = { family, value: first + BigInt(i) };
    return { address: formatAddress(address) };
  });
}

/** The first address that the system finds. @throws ProgramError that says what to do when there is none */
export async function systemResolve(name: string, lookUp = lookup): Promise<string> {
  try {
    return (await lookUp(name)).address;
  } catch (error) {
    const unanswered = error instanceof Error && "code" in error && error.code === "EAI_AGAIN";
    const advice = unanswered
      ? "No name server answered: check this machine's network, then try again."
      : "Check the spelling.";
    throw new ProgramError(`the host name ${name} has no address. ${advice}`);
  }
}
