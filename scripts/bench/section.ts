// What a section of the bench hands to bench.ts, and the statistics that sections share.

import type { BarChartData } from "../../src/chart/bar-chart";

/** One line of the table; columns differ between sections. */
export type BenchRow = Readonly<Record<string, string | number | boolean | undefined>> & {
  readonly name: string;
};

export interface BenchSection {
  readonly section: string;
  /** What the numbers in the rows count or measure. */
  readonly unit: string;
  readonly rows: readonly BenchRow[];
  /** Peers that could not be measured, and why. */
  readonly missing: readonly string[];
  /** Ratios over the limit that the project sets itself. */
  readonly overLimit?: readonly string[];
  readonly charts?: readonly BarChartData[];
}

/** The middle value; the mean of the two middle ones. NaN when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  if (sorted.length % 2 === 1) return upper;
  return ((sorted[(sorted.length >> 1) - 1] ?? Number.NaN) + upper) / 2;
}
