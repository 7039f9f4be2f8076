/** A judge as a suite of tests: a test for each step. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { stepsOf, type Target } from "../../../src/tools/practice/judging/check";
import { CheckedPrograms } from "../../../src/tools/practice/judging/checked-programs";
import { type Address, type Judge, STEP_MAX_MS } from "../../../src/tools/practice/judging/judge";
import { StepFailure } from "../../../src/tools/practice/judging/step-failure";

const LIMITS = { startMs: 10_000, untilMs: 10_000 };

/** @param address of a server that runs already; asked when the tests run */
export function describeJudge(judge: Judge, address: () => Address): void {
  describeTarget(judge, () => ({ server: address() }), { remote: true });
}

/** @param remote whether a port is all that there is of what is judged */
export function describeTarget(
  judge: Judge,
  target: () => Target,
  { remote = false }: { readonly remote?: boolean } = {},
): void {
  describe(`${judge.task}: the server`, () => {
    let cwd: string;
    let programs: CheckedPrograms;
    beforeAll(async () => {
      cwd = await mkdtemp(path.join(tmpdir(), "socket-lab-judge-"));
      programs = new CheckedPrograms({ judge, ...target(), cwd, limits: LIMITS });
    });
    afterAll(async () => {
      await programs?.end();
      await rm(cwd, { recursive: true, force: true });
    });
    for (const step of stepsOf(judge, { further: true, remote })) {
      const timeout = step.maxMs ?? STEP_MAX_MS;
      test(step.name, { timeout }, async ({ signal }) => {
        try {
          await step.run(programs.context(signal, step.hints));
        } catch (error) {
          if (!(error instanceof StepFailure)) throw error;
          const { what, transcript, replay } = error;
          throw new Error([what, transcript, replay].join("\n"), { cause: error });
        } finally {
          await programs.endStep();
        }
      });
    }
  });
}
