/**
 * Reads a zone file in standard form (RFC 1035, 5.1):
 *
 *     <blank>[<comment>]
 *     $ORIGIN <domain-name> [<comment>]
 *     $TTL <TTL> [<comment>]                                   ; RFC 2308, 4
 *     <domain-name><rr> [<comment>]
 *     <blank><rr> [<comment>]
 *
 *     <rr> = [<TTL>] [<class>] <type> <RDATA>  |  [<class>] [<TTL>] <type> <RDATA>
 */
import { CLASSES, TYPES } from "./codes";
import { DnsError } from "./dns-error";
import { TTL_MAX_SECONDS, ZONE_FILE_MAX_BYTES } from "./limits";
import type { ResourceRecord } from "./message";
import { parseName } from "./name";
import { normalizeData } from "./record-data";
import { type ZoneEntry, zoneEntries } from "./zone-lines";

/** Questions and messages have them, zones do not (RFC 6895, 3.1). */
const NOT_STORED = new Set(["OPT", "IXFR", "AXFR", "ANY"]);

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/**
 * The records of a zone file, in its order.
 * @param origin what relative names belong to until an `$ORIGIN` says otherwise
 * @throws DnsError whose message begins with the number of the line
 */
export function parseZoneFile(text: string, origin = "."): ResourceRecord[] {
  if (text.length > ZONE_FILE_MAX_BYTES) throw new DnsError("LONG_FILE");
  const records: ResourceRecord[] = [];
  const state: State = { origin, owner: undefined, ttl: undefined };
  for (const entry of zoneEntries(text)) {
    try {
      const record = readEntry(entry, state);
      if (record !== undefined) records.push(record);
    } catch (error) {
      throw error instanceof DnsError ? DnsError.at(error, `line ${entry.line}`) : error;
    }
  }
  return records;
}

interface State {
  origin: string;
  owner: string | undefined;
  /** Of `$TTL`; before one, the last that a record had (RFC 1035, 5.1). */
  ttl: number | undefined;
}

function readEntry(entry: ZoneEntry, state: State): ResourceRecord | undefined {
  const rest = [...entry.words];
  if (entry.hasOwner) {
    const first = rest.shift() ?? "";
    if (first.startsWith("$")) {
      readDirective(first.toUpperCase(), rest, state);
      return undefined;
    }
    state.owner = parseName(first, state.origin);
  }
  if (state.owner === undefined) throw new DnsError("NO_OWNER");
  const ttl = readTtlAndClass(rest) ?? state.ttl;
  const word = rest.shift();
  if (word === undefined) throw new DnsError("NO_TYPE");
  const type = TYPES.name(TYPES.numberOf(word));
  if (NOT_STORED.has(type)) throw new DnsError("NOT_STORED", type);
  const data = normalizeData(type, type === "SOA" ? withSeconds(rest) : rest, state.origin);
  // An SOA without a TTL says in its own last field how long it may be kept (RFC 2308, 4).
  const seconds = ttl ?? (type === "SOA" ? Number(data.split(" ").at(-1)) : undefined);
  if (seconds === undefined) throw new DnsError("NO_TTL");
  state.ttl ??= seconds;
  return { name: state.owner, type, class: "IN", ttl: seconds, data };
}

function readDirective(name: string, values: readonly string[], state: State): void {
  const [value] = values;
  if (value === undefined || values.length > 1) throw new DnsError("BAD_DIRECTIVE", name);
  if (name === "$ORIGIN") state.origin = parseName(value, state.origin);
  else if (name === "$TTL") state.ttl = seconds(value) ?? badNumber(value);
  else throw new DnsError("BAD_DIRECTIVE", name);
}

/** Takes TTL and class, in either order, from the front of the words. */
function readTtlAndClass(words: string[]): number | undefined {
  let ttl: number | undefined;
  for (let i = 0; i < 2 && words.length > 0; i++) {
    const found = seconds(words[0]);
    const wanted = CLASSES.number(words[0]);
    if (found !== undefined && ttl === undefined) ttl = found;
    else if (wanted === undefined) break;
    else if (CLASSES.name(wanted) !== "IN") throw new DnsError("OTHER_CLASS", words[0]);
    words.shift();
  }
  return ttl;
}

/** `3600`, and as most servers read it `1h` or `1h30m`; undefined for a word that is no time. */
function seconds(word: string): number | undefined {
  if (!/^(?:\d{1,10}|(?:\d{1,10}[smhdw])+)$/i.test(word)) return undefined;
  let sum = 0;
  for (const [, digits, unit = "s"] of word.matchAll(/(\d+)([a-z])?/gi)) {
    sum += Number(digits) * (UNIT_SECONDS[unit.toLowerCase()] ?? 0);
  }
  return sum <= TTL_MAX_SECONDS ? sum : badNumber(word);
}

/** The times of an SOA may have units too. */
function withSeconds(words: readonly string[]): string[] {
  return words.map((word, i) => (i > 2 ? String(seconds(word) ?? word) : word));
}

function badNumber(word: string): never {
  throw new DnsError("BAD_NUMBER", word);
}
