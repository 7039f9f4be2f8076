/** What a check leaves in the learner's record: how far it came, the hints that were shown, and what it proves. */
import { readNotebook } from "../../notebook/files";
import type { Notebook } from "../../notebook/format";
import { criteriaOf } from "../../notebook/parts";
import type { CheckRequest, Prepared } from "../check-command";
import { fingerprints } from "../copies/module-cells";
import { type CheckResult, stepsOf } from "../judging/check";
import { type Pass, updateRecord } from "./record";

export interface Kept {
  /** How many hints of the failure to show. */
  readonly hints: number;
  readonly warnings: readonly string[];
  /** The criteria that the copy proves as it is. */
  readonly proved: readonly string[];
}

/** @param prepared the copy as it was judged; undefined for a server that runs elsewhere, which proves nothing */
export async function keepResult(
  root: string,
  request: CheckRequest,
  { passed, total, failure }: CheckResult,
  prepared: Prepared | undefined,
): Promise<Kept> {
  const { practice, hint = false } = request;
  const { part } = practice.judge;
  const notebook = prepared?.notebook;
  const at = new Date().toISOString();
  const warnings: string[] = [];
  let proved: Pass | undefined;
  if (notebook && provesPart(request, passed)) {
    const now = await readNotebook(root, practice.copy);
    if (now.text === notebook.text) proved = await passOf(root, request, { notebook, passed, at });
    else
      warnings.push(
        "The copy was saved during the check, which proves nothing then: check it again.",
      );
  }
  let hints = 0;
  const problem = await updateRecord(root, part, ({ hints: shown, pass, ...rest }) => {
    hints = failure && shown?.key === failure.key ? shown.level : 0;
    if (hint && failure) hints = Math.min(failure.report.hints.length, hints + 1);
    const kept = pass && proved && provesAsMuch(pass, proved) ? pass : (proved ?? pass);
    return {
      ...rest,
      ...(kept && { pass: kept }),
      ...(notebook && { last: { at, passed: passed.length, total } }),
      ...(failure && hints > 0 && { hints: { key: failure.key, level: hints } }),
    };
  });
  if (problem !== undefined) warnings.push(problem);
  return { hints, warnings, proved: proved?.criteria ?? [] };
}

/** What goes beyond the part need not pass. */
function provesPart({ practice }: CheckRequest, passed: readonly string[]): boolean {
  return stepsOf(practice.judge).every(({ name }) => passed.includes(name));
}

/** The criteria are those of the lab's own notebook: a copy can say anything. */
async function passOf(
  root: string,
  { practice }: CheckRequest,
  { notebook, passed, at }: { notebook: Notebook; passed: readonly string[]; at: string },
): Promise<Pass> {
  const { proves } = practice.judge;
  const criteria = criteriaOf(await readNotebook(root, practice.notebook));
  return {
    at,
    by: `npm run check -- ${practice.judge.part}`,
    copy: practice.copy,
    steps: passed,
    cells: fingerprints(notebook),
    criteria: criteria.filter((name) => proves?.includes(name) ?? true),
  };
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
