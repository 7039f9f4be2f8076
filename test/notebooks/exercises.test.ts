/** The exercises: each judge passes the lab's own solution, fails the blank one, and catches programs that are wrong. */
import path from "node:path";
import { describe, it } from "vitest";
import { main as answerer } from "../../dist/answerer";
import { main as dns_by_hand } from "../../dist/dns_by_hand";
import { main as dns_server } from "../../dist/dns_server";
import { main as endpoints } from "../../dist/endpoints";
import { main as http_length_client } from "../../dist/http_length_client";
import { main as limited_server } from "../../dist/limited_server";
import { main as line_client } from "../../dist/line_client";
import { main as line_server } from "../../dist/line_server";
import { main as reliable_receiver } from "../../dist/reliable_receiver";
import { main as reliable_sender } from "../../dist/reliable_sender";
import { main as safe_fetch } from "../../dist/safe_fetch";
import type { Main } from "../../src/program/program";
import { listParts } from "../../src/tools/notebook/parts";
import { answererJudge } from "../../src/tools/practice/judges/00-answerer/judge";
import { endpointsJudge } from "../../src/tools/practice/judges/01-endpoints/judge";
import { lineServerJudge } from "../../src/tools/practice/judges/02-line-server/judge";
import { reliableJudge } from "../../src/tools/practice/judges/03-reliable/judge";
import { httpLengthJudge } from "../../src/tools/practice/judges/04-http-length-client/judge";
import { safeFetchJudge } from "../../src/tools/practice/judges/05-safe-fetch/judge";
import { limitedServerJudge } from "../../src/tools/practice/judges/07-limited-server/judge";
import { dnsServerJudge } from "../../src/tools/practice/judges/10-dns-server/judge";
import type { Judge } from "../../src/tools/practice/judging/judge";
import { checkInProcess } from "../tools/practice/in-process";
import { filledPrograms, regionsOf } from "../tools/practice/support/filled";
import type { Wrong } from "../tools/practice/support/wrong";
import { wrongAnswerers } from "../tools/practice/wrong/00-answerer";
import { wrongEndpoints } from "../tools/practice/wrong/01-endpoints";
import { wrongLinePrograms } from "../tools/practice/wrong/02-line-server";
import { wrongReliablePrograms } from "../tools/practice/wrong/03-reliable";
import { wrongLengthClients } from "../tools/practice/wrong/04-http-length-client";
import { wrongFetchers } from "../tools/practice/wrong/05-safe-fetch";
import { wrongLimitedServers } from "../tools/practice/wrong/07-limited-server";
import { wrongDnsPrograms } from "../tools/practice/wrong/10-dns-server";

const ROOT = path.resolve(import.meta.dirname, "../..");

interface Exercise {
  readonly judge: Judge;
  readonly solution: Readonly<Record<string, Main>>;
  readonly wrong: readonly Wrong[];
}

const exercises: readonly Exercise[] = [
  { judge: answererJudge, solution: { answerer }, wrong: wrongAnswerers },
  { judge: endpointsJudge, solution: { endpoints }, wrong: wrongEndpoints },
  { judge: lineServerJudge, solution: { line_server, line_client }, wrong: wrongLinePrograms },
  {
    judge: reliableJudge,
    solution: { reliable_receiver, reliable_sender },
    wrong: wrongReliablePrograms,
  },
  { judge: httpLengthJudge, solution: { http_length_client }, wrong: wrongLengthClients },
  { judge: safeFetchJudge, solution: { safe_fetch }, wrong: wrongFetchers },
  { judge: limitedServerJudge, solution: { limited_server }, wrong: wrongLimitedServers },
  { judge: dnsServerJudge, solution: { dns_server, dns_by_hand }, wrong: wrongDnsPrograms },
];

describe.each(exercises)("the exercise of Part $judge.part", ({ judge }) => {
  it("claims to prove nothing but criteria of its part", async ({ expect }) => {
    const part = (await listParts(ROOT)).find(
      ({ number }) => Number(number) === Number(judge.part),
    );
    expect(part?.criteria).toEqual(expect.arrayContaining([...(judge.proves ?? [])]));
  });

  // Before the others: the compiler, which it may need, lets nothing else run while it loads.
  it("blank, fails its first step and says what to write in which cell", async ({ expect }) => {
    const { passed, failure } = await checkInProcess(judge, await filledPrograms(judge));
    expect(passed).toEqual([]);
    const cells = (await regionsOf(judge)).map((region) => region.split(" ")[0]);
    expect(cells).toContain(failure?.cell);
    expect(failure?.what).toMatch(/TODO of the cell [\w-]+: .{20,}/);
    for (const hint of failure?.hints ?? []) expect(hint.length).toBeGreaterThan(20);
  });
});

/** On a machine that does other things too. */
const TIMEOUT = { timeout: 60_000 };

/** Judges wait for what wrong programs never do: let them wait together. */
describe.concurrent.each(exercises)("the exercise of Part $judge.part,", TIMEOUT, (exercise) => {
  const { judge, solution, wrong } = exercise;

  it.concurrent("solved as in the notebook, passes every step", async ({ expect }) => {
    const { failure, passed } = await checkInProcess(judge, solution);
    expect(failure).toBeUndefined();
    expect(passed).toEqual(judge.steps.map(({ name }) => name));
  });

  it.concurrent.for(wrong)("catches one that $fault", async ({ step, programs }, { expect }) => {
    const { failure } = await checkInProcess(judge, { ...solution, ...programs });
    expect(failure?.step, failure?.what).toBe(step);
    for (const hint of failure?.hints ?? []) expect(hint.length).toBeGreaterThan(20);
  });
});
