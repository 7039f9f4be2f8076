/** Answers that were heard, for as long as their TTL allows (RFC 1035, 7.4), absences too (RFC 2308, 5). */
import { CACHE_MAX_ENTRIES, CACHE_TTL_MAX_SECONDS, NEGATIVE_TTL_MAX_SECONDS } from "./limits";
import type { Message, Question, ResourceRecord } from "./message";
import { canonicalName } from "./name";

/** What an answer to a question says. */
export type Answer = Pick<Message, "rcode" | "answers" | "authority">;

interface Entry {
  readonly answer: Answer;
  /** Seconds on the cache's clock. */
  readonly heardAt: number;
  readonly expiresAt: number;
}

export interface CacheOptions {
  /** Answers that are kept; the one that was used longest ago makes room. */
  readonly maxEntries?: number;
  /** A clock in milliseconds that never goes back. */
  readonly now?: () => number;
}

export class DnsCache {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #now: () => number;

  constructor({
    maxEntries = CACHE_MAX_ENTRIES,
    now = () => performance.now(),
  }: CacheOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The answer as it was heard, with the time that has passed taken off each TTL. */
  get(question: Question): Answer | undefined {
    const key = keyOf(question);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    const now = this.#now() / 1000;
    if (now >= entry.expiresAt) return undefined;
    this.#entries.set(key, entry); // to the end: used last
    const age = Math.floor(now - entry.heardAt);
    const { rcode, answers, authority } = entry.answer;
    return { rcode, answers: aged(answers, age), authority: aged(authority, age) };
  }

  /**
   * Keeps what an answer to this question says. Only under this question: what else the message tells may
   * be a lie about names that were not asked for (RFC 5452, 6).
   * @returns the seconds for which it is kept; 0 when it must not be
   */
  put(question: Question, message: Message): number {
    const seconds = secondsToKeep(message);
    if (seconds <= 0) return 0;
    const now = this.#now() / 1000;
    const { rcode, answers, authority } = message;
    const key = keyOf(question);
    this.#entries.delete(key);
    this.#entries.set(key, {
      answer: { rcode, answers, authority },
      heardAt: now,
      expiresAt: now + seconds,
    });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#maxEntries) this.#entries.delete(oldest);
    return seconds;
  }
}

/** How long an answer may be kept, in seconds; 0 for one that must not be. */
export function secondsToKeep({ rcode, truncated, answers, authority }: Message): number {
  if (truncated || (rcode !== "NOERROR" && rcode !== "NXDOMAIN")) return 0;
  const ttls = answers.map(({ ttl }) => ttl);
  const isPositive = rcode === "NOERROR" && answers.some(({ type }) => type !== "CNAME");
  if (isPositive) return Math.min(CACHE_TTL_MAX_SECONDS, ...ttls);
  // Without an SOA nobody says for how long the name is missing (RFC 2308, 5).
  const soa = authority.find(({ type }) => type === "SOA");
  if (soa === undefined) return 0;
  const minimum = Number(soa.data.split(" ").at(-1));
  return Math.min(NEGATIVE_TTL_MAX_SECONDS, soa.ttl, minimum, ...ttls);
}

function keyOf({ name, type, class: wanted }: Question): string {
  return `${canonicalName(name)} ${wanted} ${type}`;
}

function aged(records: readonly ResourceRecord[], seconds: number): ResourceRecord[] {
  return records.map((record) => ({ ...record, ttl: Math.max(0, record.ttl - seconds) }));
}
