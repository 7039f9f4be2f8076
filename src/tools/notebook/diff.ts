/** A line diff for people, like `diff -u` without the numbers. */

import { compareLines } from "../../diff/compare";

/** Unchanged lines shown around a change. */
const CONTEXT_LINES = 2;

interface DiffLine {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** Lines of `before` that are gone (`-`) and of `after` that are new (`+`), with some context. */
export function diffLines(before: readonly string[], after: readonly string[]): string[] {
  const lines = align(before, after);
  const near = (at: number): boolean =>
    lines
      .slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1)
      .some(({ mark }) => mark !== " ");
  const shown: string[] = [];
  let skipped = false;
  for (const [at, { mark, text }] of lines.entries()) {
    if (!near(at)) {
      skipped = true;
      continue;
    }
    if (skipped) shown.push("  ...");
    skipped = false;
    shown.push(`${mark} ${text}`);
  }
  return shown;
}

/** Every line of both, in order. */
function align(before: readonly string[], after: readonly string[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  const changedUntil = (endBefore: number, endAfter: number) => {
    while (i < endBefore) lines.push({ mark: "-", text: before[i++] as string });
    while (j < endAfter) lines.push({ mark: "+", text: after[j++] as string });
  };
  for (const { a, b, length } of compareLines(before, after).matches) {
    changedUntil(a, b);
    for (const text of before.slice(a, a + length)) lines.push({ mark: " ", text });
    [i, j] = [a + length, b + length];
  }
  changedUntil(before.length, after.length);
  return lines;
}
