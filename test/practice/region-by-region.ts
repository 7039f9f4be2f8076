/** A person fills in the worked solution region by region: where does the check stop each time? */
import path from "node:path";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../../src/notebook/extract";
import { check } from "../../src/practice/check";
import type { Judge } from "../../src/practice/judge";
import { practiceLab, writeCopy } from "./support";

/** A machine that runs other tests too. */
const BUSY = { startMs: 60_000, untilMs: 60_000, stepMs: 60_000 };

export const ALL_PASSED = "(all passed)";

export interface Stop {
  /** The name of the step that failed, or ALL_PASSED. */
  readonly step: string;
  /** What the failure says first. */
  readonly what: string;
  readonly hints: readonly string[];
}

/**
 * Where the check stops with none of the regions, with the first group, with the first two, and so on. What
 * passed once is not asked again.
 *
 * @param order groups of regions as `port-probes 0`: the cell's id, and which of its regions
 */
export async function stops(judge: Judge, order: readonly (readonly string[])[]): Promise<Stop[]> {
  const practice = await practiceLab(judge.part);
  const found: Stop[] = [];
  let from = 0;
  for (let count = 0; count <= order.length; count += 1) {
    const filled = order.slice(0, count).flat();
    await writeCopy(practice, (cell, index) => filled.includes(`${cell} ${index}`));
    const { errors } = await extractCopies(practice.lab.root, practice.practice.copy);
    if (errors.length > 0) throw new AggregateError(errors, `with ${filled.join(", ")}`);
    const programs = path.join(practice.lab.root, PRACTICE_PROGRAMS_FOLDER);
    const rest = { ...judge, steps: judge.steps.slice(from) };
    const { failure } = await check(rest, { programs }, { limits: BUSY });
    found.push({
      step: failure?.step.name ?? ALL_PASSED,
      what: failure?.report.what ?? "",
      hints: failure?.report.hints ?? [],
    });
    from = failure ? judge.steps.indexOf(failure.step) : judge.steps.length;
  }
  return found;
}
