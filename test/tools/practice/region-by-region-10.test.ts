/** A person fills in the worked solution of Part 10 region by region, and the check moves forward with them. */
import { expect, test } from "vitest";
import { dnsServerJudge } from "../../../src/tools/practice/judges/10-dns-server/judge";
import { regionsOf } from "./support/filled";
import { ALL_PASSED, type Stage, stops } from "./support/stops";

const READ = "reads the addresses in an answer, through pointers and an alias";
const ZONE = "answers with the address of a name from the zone file";
const TCP = "answers several questions on one TCP connection";
const FORWARD = "asks the upstream server for other names, when the client wants it";

const ORDER: readonly Stage[] = [
  [["query-bytes 0", "query-bytes 1"], READ],
  [["dns-by-hand 0"], READ],
  [["answer-bytes 0", "answer-bytes 1"], ZONE],
  [["dns-serve-udp 0"], ZONE],
  [["dns-decide 0"], TCP],
  [["dns-serve-tcp 0"], FORWARD],
];
const LAST = "dns-forward 0";

test("region by region the check moves forward, from blank to passed", {
  timeout: 120_000,
}, async () => {
  const reached = await stops(dnsServerJudge, [...ORDER, [[LAST], FORWARD]]);
  const first = dnsServerJudge.steps[0]?.name;
  expect(reached.map(({ step }) => step)).toEqual([
    first,
    ...ORDER.map(([, step]) => step),
    ALL_PASSED,
  ]);
  const filled = [...ORDER.flatMap(([regions]) => regions), LAST];
  expect([...(await regionsOf(dnsServerJudge))].sort()).toEqual(filled.sort());
});
