import { expect, test } from "vitest";
import { DnsCache, secondsToKeep } from "../../src/dns/cache";
import { ask, message, record } from "./support";

const question = ask("core.lab.");
const soa = (ttl: number, minimum: number) =>
  record("lab.", "SOA", `ns.lab. root.lab. 1 2 3 4 ${minimum}`, ttl);
const positive = message({
  answers: [record("core.lab.", "A", "192.0.2.1", 60), record("core.lab.", "A", "192.0.2.2", 90)],
});

function cacheAt(options: { maxEntries?: number } = {}) {
  const clock = { ms: 0 };
  return { clock, cache: new DnsCache({ ...options, now: () => clock.ms }) };
}

test("an answer is kept until the first of its TTLs is over, and grows old", () => {
  const { clock, cache } = cacheAt();
  expect(cache.put(question, positive)).toBe(60);
  clock.ms = 59_999;
  expect(cache.get(question)?.answers.map(({ ttl }) => ttl)).toEqual([1, 31]);
  clock.ms = 60_000;
  expect(cache.get(question)).toBeUndefined();
  expect(cache.size).toBe(0);
});

test("names are found in any case, other types and names are not", () => {
  const { cache } = cacheAt();
  cache.put(question, positive);
  expect(cache.get(ask("CORE.Lab."))).toBeDefined();
  expect(cache.get(ask("core.lab.", "AAAA"))).toBeUndefined();
  expect(cache.get(ask("lab."))).toBeUndefined();
});

test("what else a message tells is not believed", () => {
  const { cache } = cacheAt();
  cache.put(question, { ...positive, additional: [record("bank.example.", "A", "192.0.2.66")] });
  expect(cache.get(ask("bank.example."))).toBeUndefined();
});

test.each([
  ["an answer, as long as its shortest TTL", positive, 60],
  [
    "an answer, for a day at most",
    message({ answers: [record("a.", "A", "192.0.2.1", 1e6)] }),
    86_400,
  ],
  ["an answer with a TTL of 0, not", message({ answers: [record("a.", "A", "192.0.2.1", 0)] }), 0],
  [
    "no such name, as the SOA's last field says",
    message({ rcode: "NXDOMAIN", authority: [soa(60, 30)] }),
    30,
  ],
  [
    "no such name, as the SOA's TTL says",
    message({ rcode: "NXDOMAIN", authority: [soa(20, 30)] }),
    20,
  ],
  [
    "no such name, for three hours at most",
    message({ rcode: "NXDOMAIN", authority: [soa(1e6, 1e6)] }),
    10_800,
  ],
  ["no such type", message({ authority: [soa(60, 30)] }), 30],
  [
    "an alias that leads to nothing",
    message({ answers: [record("a.", "CNAME", "b.", 10)], authority: [soa(60, 30)] }),
    10,
  ],
  ["an absence without SOA, not", message({ rcode: "NXDOMAIN" }), 0],
  ["a failure, not", message({ rcode: "SERVFAIL", authority: [soa(60, 30)] }), 0],
  ["what is truncated, not", { ...positive, truncated: true }, 0],
])("keeps %s", (_, heard, seconds) => {
  expect(secondsToKeep(heard)).toBe(seconds);
});

test("the one that was used longest ago makes room", () => {
  const { cache } = cacheAt({ maxEntries: 2 });
  const [a, b, c] = ["a.", "b.", "c."].map((name) => ask(name));
  cache.put(a, positive);
  cache.put(b, positive);
  cache.get(a);
  cache.put(c, positive);
  expect([a, b, c].map((one) => cache.get(one) !== undefined)).toEqual([true, false, true]);
});
