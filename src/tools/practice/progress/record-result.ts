/** Records a check: how many steps passed, how many hints were shown, and the criteria that the copy proves. */
import { readNotebook } from "../../notebook/files";
import type { Notebook } from "../../notebook/format";
import { criteriaOf } from "../../notebook/parts";
import type { CheckRequest } from "../check-request";
import { fingerprints } from "../copies/module-cells";
import { type CheckResult, stepsOf } from "../judging/check";
import type { StepFailure } from "../judging/step-failure";
import { fingerprint, type Pass, type PracticeRecord, readRecord, updateRecord } from "./record";

export interface RecordedResult {
  /** How many hints of the failure to show. */
  readonly hints: number;
  readonly warnings: readonly string[];
  /** All that is recorded by now. */
  readonly record: PracticeRecord;
  /** The criteria that the copy proves. */
  readonly proved: readonly string[];
}

/** @param judged the copy as it was judged; undefined for a server or a command, which proves nothing */
export async function recordResult(
  root: string,
  { practice, hint = false }: CheckRequest,
  { passed, total, failure }: CheckResult,
  judged: Notebook | undefined,
): Promise<RecordedResult> {
  const { judge } = practice;
  const at = new Date().toISOString();
  const warnings: string[] = [];
  let proved: Pass | undefined;
  // What goes beyond the part need not pass.
  if (judged && stepsOf(judge).every(({ name }) => passed.includes(name))) {
    const now = await readNotebook(root, practice.copy);
    if (now.text === judged.text) {
      // The criteria are those of the lab's own notebook: a copy can claim any.
      const criteria = criteriaOf(await readNotebook(root, practice.notebook));
      proved = {
        at,
        by: `npm run check -- ${judge.part}`,
        copy: practice.copy,
        steps: passed,
        cells: fingerprints(judged),
        criteria: criteria.filter((name) => judge.proves?.includes(name) ?? true),
      };
    } else {
      warnings.push(
        "The copy was saved during the check, so this check proves nothing: run it again.",
      );
    }
  }
  const key = failure && keyOf(failure);
  let hints = 0;
  const problem = await updateRecord(root, judge.part, ({ hints: shown, pass, ...rest }) => {
    hints = shown && shown.key === key ? shown.level : 0;
    if (hint && failure) hints = Math.min(failure.hints.length, hints + 1);
    const kept = pass && proved && provesAsMuch(pass, proved) ? pass : (proved ?? pass);
    return {
      ...rest,
      ...(kept && { pass: kept }),
      ...(judged && { last: { at, passed: passed.length, total } }),
      ...(key !== undefined && hints > 0 && { hints: { key, level: hints } }),
    };
  });
  if (problem !== undefined) warnings.push(problem);
  const { record } = await readRecord(root);
  return { hints, warnings, record, proved: proved?.criteria ?? [] };
}

/** The same for the same failure, whatever ports the hints name. */
function keyOf({ step, hints }: StepFailure): string {
  return fingerprint(`${step}: ${hints.join(" ")}`.replace(/\d+/g, "0"));
}

/** The same cells have passed before: the day on which they first did stays. */
function provesAsMuch(before: Pass, now: Pass): boolean {
  const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
  return (
    same(before.cells, now.cells) &&
    same(before.criteria, now.criteria) &&
    now.steps.every((step) => before.steps.includes(step))
  );
}
