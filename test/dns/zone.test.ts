/** What a zone answers: where named's answers to the same zone are at hand, ours are held against them. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeMessage } from "../../src/dns/decode";
import { recordText } from "../../src/dns/text";
import { Zone } from "../../src/dns/zone";
import { parseZoneFile } from "../../src/dns/zone-file";
import { ask, codeOf, record } from "./support";

const corpus = (file: string) => readFileSync(new URL(`corpus/${file}`, import.meta.url), "utf8");
const zone = new Zone(parseZoneFile(corpus("lab.example.zone"), "lab.example."));

interface Captured {
  readonly server: string;
  readonly asked: string;
  readonly over: string;
  readonly answer: string;
}
const captured: readonly Captured[] = JSON.parse(corpus("messages.json"));
const asNamed = captured
  .filter(({ server, asked }) => server === "named" && /^\S+ (?!AXFR)[A-Z0-9]+$/.test(asked))
  .map(({ asked, answer }) => ({ asked, theirs: decodeMessage(Buffer.from(answer, "hex")) }))
  .filter(({ theirs }) => zone.owns(theirs.questions[0].name));

test("there are answers of named to be held against", () => {
  expect(asNamed.length).toBeGreaterThan(25);
});

test.each(asNamed)("answers $asked as named does", ({ theirs }) => {
  const [question] = theirs.questions;
  const ours = zone.answer(question);
  const lower = (text: string) => text.toLowerCase();
  const texts = (records: typeof ours.answers) => records.map(recordText).map(lower).sort();
  expect(ours.rcode).toBe(theirs.rcode);
  if (ours.rcode === "SERVFAIL") return; // a circle: named shows its aliases, we do not
  expect(ours.authoritative).toBe(theirs.authoritative);
  expect(texts(ours.answers)).toEqual(texts(theirs.answers));
  if (theirs.answers.length === 0) expect(texts(ours.authority)).toEqual(texts(theirs.authority));
});

test("an answer has the name as it was asked for", () => {
  expect(zone.answer(ask("CORE-1.lab.example.")).answers[0].name).toBe("CORE-1.lab.example.");
});

test("an alias that leads out of the zone says where to go on", () => {
  expect(zone.answer(ask("outside.lab.example."))).toMatchObject({ continueAt: "www.example." });
  expect(zone.answer(ask("www.lab.example.")).continueAt).toBeUndefined();
});

test("addresses of mail and name servers go along", () => {
  const { additional } = zone.answer(ask("lab.example.", "MX"));
  expect(additional.map(({ name, data }) => `${name} ${data}`)).toEqual([
    "mail.lab.example. 192.0.2.25",
  ]);
});

test("a wildcard stands for no name that is there, nor for what is below one", () => {
  const wild = new Zone([
    record("lab.", "SOA", "ns.lab. root.lab. 1 2 3 4 5"),
    record("*.lab.", "A", "192.0.2.1"),
    record("a.b.lab.", "TXT", '"x"'),
  ]);
  expect(wild.answer(ask("x.y.lab.")).answers).toHaveLength(1);
  expect(wild.answer(ask("b.lab."))).toMatchObject({ rcode: "NOERROR", answers: [] });
  expect(wild.answer(ask("c.b.lab."))).toMatchObject({ rcode: "NXDOMAIN", answers: [] });
  expect(wild.answer(ask("*.lab.")).answers).toHaveLength(1);
});

describe("a zone is refused", () => {
  const soa = record("lab.", "SOA", "ns.lab. root.lab. 1 2 3 4 5");
  test.each([
    ["without an SOA", [record("lab.", "A", "192.0.2.1")], "NO_SOA"],
    ["with two", [soa, record("sub.lab.", "SOA", soa.data)], "NO_SOA"],
    ["with a name outside", [soa, record("elsewhere.", "A", "192.0.2.1")], "OUTSIDE_ZONE"],
    [
      "with an alias beside other records",
      [soa, record("a.lab.", "CNAME", "b."), record("A.lab.", "A", "192.0.2.1")],
      "ALIAS_AND_MORE",
    ],
    [
      "with two aliases of a name",
      [soa, record("a.lab.", "CNAME", "b."), record("a.lab.", "CNAME", "c.")],
      "ALIAS_AND_MORE",
    ],
  ])("%s", (_, records, code) => {
    expect(codeOf(() => new Zone(records))).toBe(code);
  });
});
