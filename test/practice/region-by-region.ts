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

/** Regions that are filled in together, as `port-probes 0`: the cell's id and which of its regions; and where the check stops then. */
export type Stage = readonly [regions: readonly string[], stopsAt: string | undefined];

type OnFinished = (remove: () => Promise<void>) => void;

/**
 * Where the check stops with none of the regions, with those of the first stage, of the first two, and so on.
 * What passed once is not asked again: each check begins where the stage before was to stop. So they need not
 * wait for each other, and one that stops elsewhere than its stage says is told apart all the same.
 */
export function stops(
  judge: Judge,
  {
    first,
    stages,
    onFinished,
  }: { first: string | undefined; stages: readonly Stage[]; onFinished: OnFinished },
): Promise<Stop[]> {
  const begins = [judge.steps[0]?.name, first, ...stages.map(([, step]) => step)];
  return Promise.all(
    [0, ...stages.map((_, at) => at + 1)].map((count) => {
      const filled = stages.slice(0, count).flatMap(([regions]) => regions);
      return stopWith(judge, { filled, from: begins[count], onFinished });
    }),
  );
}

async function stopWith(
  judge: Judge,
  {
    filled,
    from,
    onFinished,
  }: { filled: readonly string[]; from: string | undefined; onFinished: OnFinished },
): Promise<Stop> {
  const { lab, practice } = await practiceLab(judge.part, onFinished);
  await writeCopy({ lab, practice }, (cell, index) => filled.includes(`${cell} ${index}`));
  const { errors } = await extractCopies(lab.root, practice.copy);
  if (errors.length > 0) throw new AggregateError(errors, `with ${filled.join(", ")}`);
  const programs = path.join(lab.root, PRACTICE_PROGRAMS_FOLDER);
  const steps = judge.steps.slice(judge.steps.findIndex(({ name }) => name === from));
  if (steps[0]?.name !== from) throw new Error(`the judge has no step "${from}"`);
  const { failure } = await check({ ...judge, steps }, { programs }, { limits: BUSY });
  return {
    step: failure?.step.name ?? ALL_PASSED,
    what: failure?.report.what ?? "",
    hints: failure?.report.hints ?? [],
  };
}
