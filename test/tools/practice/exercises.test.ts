/** The judge of each exercise catches programs that are wrong, by the step that is meant for the fault. */
import { describe, it } from "vitest";
import { exercises } from "../../notebooks/support/exercises";
import { checkInProcess } from "./in-process";
import type { Wrong } from "./support/wrong";
import { wrongAnswerers } from "./wrong/00-answerer";
import { wrongEndpoints } from "./wrong/01-endpoints";
import { wrongLinePrograms } from "./wrong/02-line-server";
import { wrongReliablePrograms } from "./wrong/03-reliable";
import { wrongLengthClients } from "./wrong/04-http-length-client";
import { wrongFetchers } from "./wrong/05-safe-fetch";
import { wrongLimitedServers } from "./wrong/07-limited-server";
import { wrongDnsPrograms } from "./wrong/10-dns-server";

/** By the part of the judge. */
const wrongPrograms: Readonly<Record<string, readonly Wrong[]>> = {
  "00": wrongAnswerers,
  "01": wrongEndpoints,
  "02": wrongLinePrograms,
  "03": wrongReliablePrograms,
  "04": wrongLengthClients,
  "05": wrongFetchers,
  "07": wrongLimitedServers,
  "10": wrongDnsPrograms,
};

/** On a machine that does other things too. */
const TIMEOUT = { timeout: 60_000 };

/** Judges wait for what wrong programs never do: let them wait together. */
describe.concurrent.each(exercises)("the judge of Part $judge.part", TIMEOUT, (exercise) => {
  const { judge, solution } = exercise;
  const wrong = wrongPrograms[judge.part];
  if (!wrong) throw new Error(`no wrong programs for the judge of Part ${judge.part}`);

  it.concurrent.for(wrong)("catches one that $fault", async ({ step, programs }, { expect }) => {
    const { failure } = await checkInProcess(judge, { ...solution, ...programs });
    expect(failure?.step, failure?.what).toBe(step);
    for (const hint of failure?.hints ?? []) expect(hint.length).toBeGreaterThan(20);
  });
});
