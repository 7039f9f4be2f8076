/** A person fills in the worked solution region by region: where does the check stop each time? */
import { check } from "../../../../src/tools/practice/judging/check";
import type { Judge } from "../../../../src/tools/practice/judging/judge";
import { stageOf } from "../../../../src/tools/practice/judging/stages";
import { checkInProcess, THOROUGH } from "../in-process";
import { filledPrograms, withFilledFiles } from "./filled";

/** For a copy that passes all steps. */
export const ALL_PASSED = "(all passed)";

export interface Stop {
  /** The name of the step that failed, or ALL_PASSED. */
  readonly step: string;
  /** What the failure says first. */
  readonly what: string;
  readonly hints: readonly string[];
  /** The cell whose TODO was met, and those of the step's stage. */
  readonly cell: string | undefined;
  readonly stage: readonly string[];
}

/**
 * Regions that are filled in together, as `port-probes 0`: the cell's id and which of its regions; and where the
 * check stops then. `crashes`: at a TODO that ends the process, and so it has to have one of its own.
 */
export type Stage = readonly [
  regions: readonly string[],
  stopsAt: string | undefined,
  how?: "crashes",
];

/** Where the check of a copy with these regions stops. */
export async function stopWith(
  judge: Judge,
  regions: readonly string[],
  how?: "crashes",
): Promise<Stop> {
  const { failure } =
    how === "crashes"
      ? await withFilledFiles(judge, regions, (programs) => check(judge, { programs }, THOROUGH))
      : await checkInProcess(judge, await filledPrograms(judge, regions));
  return {
    step: failure?.step ?? ALL_PASSED,
    what: failure?.what ?? "",
    hints: failure?.hints ?? [],
    cell: failure?.cell,
    stage: stageOf(judge, failure?.step ?? "")?.cells ?? [],
  };
}

/**
 * Where the check, of what the part asks for, stops with none of the regions, with those of the first stage, of the first two, and so on.
 * What passed once is not asked again: each check begins where the stage before was to stop. So they need not
 * wait for each other, and one that stops elsewhere than its stage says is told apart all the same.
 *
 * @param blank how a copy without any region stops
 */
export function stops(judge: Judge, stages: readonly Stage[], blank?: "crashes"): Promise<Stop[]> {
  const steps = judge.steps.filter(({ further }) => !further);
  const [first] = steps;
  const begins = [first?.name, first?.name, ...stages.map(([, step]) => step)];
  return Promise.all(
    [0, ...stages.map((_, at) => at + 1)].map((count) => {
      const from = steps.findIndex(({ name }) => name === begins[count]);
      if (from < 0) throw new Error(`the judge has no step "${begins[count]}"`);
      const filled = stages.slice(0, count).flatMap(([regions]) => regions);
      const how = count === 0 ? blank : stages[count - 1]?.[2];
      return stopWith({ ...judge, steps: steps.slice(from) }, filled, how);
    }),
  );
}
