/** Lines that occur once in each of two ranges, as many as keep their order (Bram Cohen's patience diff). */

import type { Pacer } from "./steps";

/** What a line costs here, in steps: it goes through a Map. */
const STEPS_PER_LINE = 8;
const SEVERAL = -2;
const NONE = -1;

export interface Landmarks {
  /** Line numbers in both lists, rising. */
  readonly pairs: [number, number][];
  /** True when some line is in both ranges, once or more often. */
  readonly hasCommonLine: boolean;
}

/** Undefined when the steps left do not suffice. */
export function* findLandmarks(
  a: Int32Array,
  b: Int32Array,
  { aFrom, aTo, bFrom, bTo }: { aFrom: number; aTo: number; bFrom: number; bTo: number },
  pacer: Pacer,
): Generator<void, Landmarks | undefined> {
  if (pacer.stepsLeft < STEPS_PER_LINE * (aTo - aFrom + bTo - bFrom)) return undefined;
  const places = new Map<number, { a: number; b: number }>();
  for (let at = aFrom; at < aTo; at++) {
    const place = places.get(a[at]);
    if (place === undefined) places.set(a[at], { a: at, b: NONE });
    else place.a = SEVERAL;
    if (pacer.spend(STEPS_PER_LINE)) yield;
  }
  for (let at = bFrom; at < bTo; at++) {
    const place = places.get(b[at]);
    if (place !== undefined) place.b = place.b === NONE ? at : SEVERAL;
    if (pacer.spend(STEPS_PER_LINE)) yield;
  }
  // A Map keeps the order of insertion: these rise by `a`.
  const pairs: [number, number][] = [];
  let hasCommonLine = false;
  for (const place of places.values()) {
    hasCommonLine ||= place.b !== NONE;
    if (place.a >= 0 && place.b >= 0) pairs.push([place.a, place.b]);
    if (pacer.isTimeForPause(STEPS_PER_LINE)) yield;
  }
  return { pairs: yield* longestRising(pairs, pacer), hasCommonLine };
}

/** Of pairs that rise by the first number, the most that rise by the second too. */
function* longestRising(
  pairs: readonly [number, number][],
  pacer: Pacer,
): Generator<void, [number, number][]> {
  const ends: number[] = []; // index of the pair that ends the best row of each length
  const before: number[] = [];
  for (const [index, [, y]] of pairs.entries()) {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]][1] < y) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? ends[low - 1] : -1;
    ends[low] = index;
    if (pacer.isTimeForPause(STEPS_PER_LINE)) yield;
  }
  const row: [number, number][] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index]) row.push(pairs[index]);
  return row.reverse();
}
