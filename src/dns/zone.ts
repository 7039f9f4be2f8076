/** The records of one zone, and what a server that owns them answers (RFC 1034, 4.3.2). */
import { DnsError } from "./dns-error";
import { ALIASES_MAX } from "./limits";
import type { Message, Question, ResourceRecord } from "./message";
import { canonicalName, isWithin, joinLabels, labelsOf, parentOf, sameName } from "./name";

/** What goes into an answer. */
export interface ZoneAnswer
  extends Pick<Message, "rcode" | "authoritative" | "answers" | "authority" | "additional"> {
  /** The alias leads out of the zone: where the rest of the answer is to be had. */
  readonly continueAt?: string;
}

type Node = Map<string, ResourceRecord[]>;

/** Types whose data ends with the name of a host: its addresses go along (RFC 1035, 3.3). */
const POINTS_TO_HOST = new Set(["NS", "MX", "SRV"]);

export class Zone {
  /** The name of the zone: `lab.example.` */
  readonly origin: string;
  readonly soa: ResourceRecord;
  /** By canonical name; a name that only has names below it has a node without records. */
  readonly #nodes = new Map<string, Node>();

  /**
   * @param records as `parseZoneFile` reads them; one of them is the SOA
   * @throws DnsError NO_SOA, OUTSIDE_ZONE, ALIAS_AND_MORE
   */
  constructor(records: readonly ResourceRecord[]) {
    const [soa, ...more] = records.filter(({ type }) => type === "SOA");
    if (soa === undefined) throw new DnsError("NO_SOA");
    this.origin = soa.name;
    this.soa = soa;
    for (const other of more) {
      if (!sameName(other.name, soa.name) || other.data !== soa.data) {
        throw new DnsError("NO_SOA", `here is another, of ${other.name}`);
      }
    }
    for (const record of records) this.#add(record);
    for (const [name, node] of this.#nodes) {
      if (!node.has("CNAME")) continue;
      if (node.size > 1 || (node.get("CNAME")?.length ?? 0) > 1) {
        throw new DnsError("ALIAS_AND_MORE", name);
      }
    }
  }

  /** How many records there are. */
  get size(): number {
    let count = 0;
    for (const node of this.#nodes.values())
      for (const { length } of node.values()) count += length;
    return count;
  }

  /** True for a name at or below the zone's. */
  owns(name: string): boolean {
    return isWithin(name, this.origin);
  }

  /** The answer to a question about a name that the zone owns. */
  answer(question: Question): ZoneAnswer {
    const answers: ResourceRecord[] = [];
    let name = question.name;
    for (let aliases = 0; aliases <= ALIASES_MAX; aliases++) {
      const cut = this.#delegation(name, question.type);
      if (cut !== undefined) return this.#referral(cut, answers);
      const node = this.#find(name);
      if (node === undefined) return this.#negative("NXDOMAIN", answers);
      const found = recordsOf(node, question.type).map((record) => ({ ...record, name }));
      const [alias] = found.length > 0 ? [] : (node.get("CNAME") ?? []);
      if (alias === undefined) {
        answers.push(...found);
        return found.length > 0 ? this.#positive(answers) : this.#negative("NOERROR", answers);
      }
      answers.push({ ...alias, name });
      name = alias.data;
      if (!this.owns(name)) return { ...this.#positive(answers), continueAt: name };
    }
    return { ...this.#positive([]), rcode: "SERVFAIL" }; // the aliases go in a circle
  }

  #add(record: ResourceRecord): void {
    if (!this.owns(record.name)) throw new DnsError("OUTSIDE_ZONE", record.name);
    let key = canonicalName(record.name);
    const node = this.#node(key);
    const same = node.get(record.type) ?? [];
    // A record that is there twice is there once (RFC 2181, 5).
    if (!same.some(({ data }) => data === record.data)) same.push(record);
    node.set(record.type, same);
    const top = canonicalName(this.origin);
    while (key !== top) {
      key = parentOf(key) ?? top;
      this.#node(key);
    }
  }

  #node(key: string): Node {
    const node = this.#nodes.get(key) ?? new Map();
    this.#nodes.set(key, node);
    return node;
  }

  /** The node of a name, or of the wildcard that stands for it (RFC 4592, 3.3.1). */
  #find(name: string): Node | undefined {
    const labels = labelsOf(canonicalName(name));
    const exact = this.#nodes.get(joinLabels(labels));
    if (exact !== undefined) return exact;
    for (let i = 1; i < labels.length; i++) {
      const encloser = joinLabels(labels.slice(i));
      if (this.#nodes.has(encloser)) return this.#nodes.get(`*.${encloser}`);
    }
    return undefined;
  }

  /** The name servers of the topmost zone below ours that the name belongs to. */
  #delegation(name: string, type: string): ResourceRecord[] | undefined {
    const labels = labelsOf(canonicalName(name));
    const depth = labelsOf(this.origin).length;
    for (let i = labels.length - depth - 1; i >= 0; i--) {
      const servers = this.#nodes.get(joinLabels(labels.slice(i)))?.get("NS");
      // Of a delegation itself we own the DS record alone (RFC 4035, 3.1.4.1).
      if (servers !== undefined && !(i === 0 && type === "DS")) return servers;
    }
    return undefined;
  }

  #positive(answers: readonly ResourceRecord[]): ZoneAnswer {
    const additional = this.#addressesFor(answers);
    return { rcode: "NOERROR", authoritative: true, answers, authority: [], additional };
  }

  /** The SOA tells how long the absence may be kept: the smaller of its TTL and its last field (RFC 2308, 3). */
  #negative(rcode: string, answers: readonly ResourceRecord[]): ZoneAnswer {
    const ttl = Math.min(this.soa.ttl, Number(this.soa.data.split(" ").at(-1)));
    const authority = [{ ...this.soa, ttl }];
    return { rcode, authoritative: true, answers, authority, additional: [] };
  }

  #referral(servers: readonly ResourceRecord[], answers: readonly ResourceRecord[]): ZoneAnswer {
    return {
      rcode: "NOERROR",
      authoritative: answers.length > 0,
      answers,
      authority: servers,
      additional: this.#addressesFor(servers),
    };
  }

  #addressesFor(records: readonly ResourceRecord[]): ResourceRecord[] {
    const hosts = records
      .filter(({ type }) => POINTS_TO_HOST.has(type))
      .map(({ data }) => canonicalName(data.split(" ").at(-1) ?? "."));
    return Array.from(new Set(hosts)).flatMap((host) => {
      const node = this.#nodes.get(host);
      return [...(node?.get("A") ?? []), ...(node?.get("AAAA") ?? [])];
    });
  }
}

function recordsOf(node: Node, type: string): ResourceRecord[] {
  return type === "ANY" ? Array.from(node.values()).flat() : (node.get(type) ?? []);
}
