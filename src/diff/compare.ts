/**
 * Which lines of one list are in another, in order: as many as can be found with a bounded number of steps.
 * First by Myers' greedy algorithm, which is fast when little changed; where too much did, between lines
 * that occur once in each list.
 */

import { findLandmarks } from "./landmarks";
import { findShortestEdit } from "./shortest-edit";
import { type Match, Pacer } from "./steps";

export type { Match } from "./steps";

/** Steps that one comparison may take: a few tenths of a second. */
export const COMPARE_MAX_STEPS = 20_000_000;

export interface Comparison {
  /** In order; what lies between them was deleted or inserted. */
  readonly matches: readonly Match[];
  /** False when a range was given up: then lines may be in both lists and have no match. */
  readonly isComplete: boolean;
}

/** A part of both lists that is not compared yet. */
interface Range {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** Compares two lists of lines. Runs to its end without a pause: see `comparing`. */
export function compareLines(
  old: readonly string[],
  now: readonly string[],
  maxSteps: number = COMPARE_MAX_STEPS,
): Comparison {
  const steps = comparing(old, now, maxSteps);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same, in pieces of well under a millisecond: after each `yield` the caller may do something else. */
export function* comparing(
  old: readonly string[],
  now: readonly string[],
  maxSteps: number = COMPARE_MAX_STEPS,
): Generator<void, Comparison> {
  const pacer = new Pacer(maxSteps);
  const numbers = new Map<string, number>();
  const a = yield* numbered(old, numbers, pacer);
  const b = yield* numbered(now, numbers, pacer);
  const matches: Match[] = [];
  let isComplete = true;
  // A stack instead of recursion: an input can be made so that it goes as deep as it has lines.
  const todo: (Range | Match)[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (pacer.isTimeForPause(1)) yield;
    if ("length" in next) {
      add(matches, next);
      continue;
    }
    const { start, middle, end } = trim(a, b, next);
    add(matches, start);
    todo.push(end);
    const { aFrom, aTo, bFrom, bTo } = middle;
    if (aFrom === aTo || bFrom === bTo) continue;
    const edit = yield* findShortestEdit(a.subarray(aFrom, aTo), b.subarray(bFrom, bTo), pacer);
    if (edit !== undefined) {
      for (const match of edit) {
        add(matches, { a: aFrom + match.a, b: bFrom + match.b, length: match.length });
      }
      continue;
    }
    const landmarks = yield* findLandmarks(a, b, middle, pacer);
    if (landmarks === undefined || landmarks.pairs.length === 0) {
      // The whole range counts as replaced: true, if not the shortest that can be said.
      isComplete &&= landmarks?.hasCommonLine === false;
      continue;
    }
    let [aEnd, bEnd] = [aTo, bTo];
    for (const [x, y] of landmarks.pairs.reverse()) {
      todo.push({ aFrom: x + 1, aTo: aEnd, bFrom: y + 1, bTo: bEnd }, { a: x, b: y, length: 1 });
      [aEnd, bEnd] = [x, y];
      if (pacer.isTimeForPause(1)) yield;
    }
    todo.push({ aFrom, aTo: aEnd, bFrom, bTo: bEnd });
  }
  return { matches, isComplete };
}

/** A number for each line: equal lines have the same. */
function* numbered(
  lines: readonly string[],
  numbers: Map<string, number>,
  pacer: Pacer,
): Generator<void, Int32Array> {
  const result = new Int32Array(lines.length);
  for (const [at, line] of lines.entries()) {
    const known = numbers.get(line) ?? numbers.size;
    if (known === numbers.size) numbers.set(line, known);
    result[at] = known;
    if (pacer.isTimeForPause(line.length)) yield;
  }
  return result;
}

/** What both begin with, what both end with, and what lies between. */
function trim(a: Int32Array, b: Int32Array, { aFrom, aTo, bFrom, bTo }: Range) {
  let start = 0;
  while (aFrom + start < aTo && bFrom + start < bTo && a[aFrom + start] === b[bFrom + start]) {
    start++;
  }
  const [a1, b1] = [aFrom + start, bFrom + start];
  let end = 0;
  while (aTo - end > a1 && bTo - end > b1 && a[aTo - end - 1] === b[bTo - end - 1]) end++;
  return {
    start: { a: aFrom, b: bFrom, length: start },
    middle: { aFrom: a1, aTo: aTo - end, bFrom: b1, bTo: bTo - end },
    end: { a: aTo - end, b: bTo - end, length: end },
  };
}

function add(matches: Match[], match: Match): void {
  if (match.length === 0) return;
  const last = matches.at(-1);
  if (last !== undefined && last.a + last.length === match.a && last.b + last.length === match.b) {
    matches[matches.length - 1] = { ...last, length: last.length + match.length };
  } else matches.push(match);
}
