/** What the check does when a person fills in the worked solution region by region. */
import { expect } from "vitest";
import type { Judge } from "../../../../src/tools/practice/judging/judge";
import { regionsOf } from "./filled";
import { type Stage, stops } from "./stops";

/**
 * Expects that the check stops where each stage says, and never without good advice.
 * @param stages in the order in which a person would write them; with `last` they are all regions of the solution
 * @param first what it says when no region is filled in; `how` as in a stage
 */
export async function expectMovesForward(
  judge: Judge,
  stages: readonly Stage[],
  last: string,
  first: { readonly says: string; readonly how?: "crashes" },
): Promise<void> {
  const filled = stages.flatMap(([regions]) => regions);
  expect([...filled, last].sort()).toEqual((await regionsOf(judge)).sort());
  const found = await stops(judge, stages, first.how);
  const said = found.map(({ what }) => what).join("\n");
  expect(
    found.map(({ step }) => step),
    said,
  ).toEqual([judge.steps[0]?.name, ...stages.map(([, step]) => step)]);
  expect(found[0]?.what).toContain(first.says);
  for (const { cell, stage } of found) if (cell) expect(stage).toContain(cell);
  const hints = found.flatMap((stop) => stop.hints);
  for (const hint of hints) expect(hint.length).toBeGreaterThan(20);
}
