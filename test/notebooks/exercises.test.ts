/** The exercises: each judge passes the lab's own solution, and fails the blank one. */
import path from "node:path";
import { describe, it } from "vitest";
import { listParts } from "../../src/tools/notebook/parts";
import { checkInProcess } from "../tools/practice/in-process";
import { filledPrograms, regionsOf } from "../tools/practice/support/filled";
import { exercises } from "./support/exercises";

const ROOT = path.resolve(import.meta.dirname, "../..");

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

/** Judges wait for what must not come: let them wait together. */
describe.concurrent.each(exercises)("the exercise of Part $judge.part,", TIMEOUT, (exercise) => {
  const { judge, solution } = exercise;

  it.concurrent("solved as in the notebook, passes every step", async ({ expect }) => {
    const { failure, passed } = await checkInProcess(judge, solution);
    expect(failure).toBeUndefined();
    expect(passed).toEqual(judge.steps.map(({ name }) => name));
  });
});
