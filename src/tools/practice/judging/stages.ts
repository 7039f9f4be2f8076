/** The stages of a challenge: what to build one after the other, each judged by some of the steps. */
import type { Judge, Stage } from "./judge";

/** A stage, and its number. */
export interface NumberedStage extends Stage {
  readonly number: number;
  readonly of: number;
}

/** The stage to which a step belongs; undefined for a part without stages, and for what goes beyond the part. */
export function stageOf(
  { stages = [], steps }: Pick<Judge, "stages" | "steps">,
  step: string,
): NumberedStage | undefined {
  const at = (name: string): number => steps.findIndex((one) => one.name === name);
  const index = stages.findIndex(({ until }) => at(step) <= at(until));
  const stage = stages[index];
  return stage && { ...stage, number: index + 1, of: stages.length };
}

/** `Stage 2 of 5: answer in HTTP` */
export const stageTitle = ({ number, of, title }: NumberedStage): string =>
  `Stage ${number} of ${of}: ${title}`;
