/**
 * The difference of two texts in the unified format, which `patch` and `git apply` read (POSIX, diff -u):
 *
 *     --- core-1 version 1
 *     +++ core-1 version 2
 *     @@ -1,3 +1,3 @@
 *      hostname core-1
 *     -ip domain-name old.example
 *     +ip domain-name new.example
 *      end
 */

import { comparing, type Match } from "./compare";
import { Pacer } from "./steps";

const CONTEXT_LINES = 3;
/** What it costs to cut off or show a line, beside its characters, in steps. */
const STEPS_PER_LINE = 8;
const NO_NEWLINE = "\\ No newline at end of file";
/** Before the first file name, where `patch` and `git apply` pass over whatever they read. */
export const INCOMPLETE =
  "Too different to compare in full: some lines that are in both versions are shown as replaced.";

export interface UnifiedOptions {
  /** What the first two lines call the texts. */
  readonly oldName: string;
  readonly newName: string;
  /** Equal lines shown around a change; 3 by default. */
  readonly context?: number;
  /**
   * Makes a function that is given every line of a text in order, and returns how it is shown. What counts
   * as a change is decided by the lines themselves: a changed password shows as changed, not as what it is.
   */
  readonly show?: () => (line: string) => string;
  /** What finding the changes may cost; by default COMPARE_MAX_STEPS of compare.ts. */
  readonly maxSteps?: number;
}

/**
 * Empty when the texts are equal. Lines end with LF; a CR before it is part of its line. Two texts that are
 * too different for `maxSteps` have a longer diff than necessary, which begins with the line INCOMPLETE.
 */
export function unifiedDiff(oldText: string, newText: string, options: UnifiedOptions): string {
  return Array.from(unifiedDiffPieces(oldText, newText, options)).join("");
}

/** The same in pieces, some of them empty, each of which takes a millisecond or less. */
export function* unifiedDiffPieces(
  oldText: string,
  newText: string,
  options: UnifiedOptions,
): Generator<string> {
  if (oldText === newText) return;
  const { oldName, newName, context = CONTEXT_LINES, show, maxSteps } = options;
  const pacer = new Pacer(0);
  const old = yield* toLines(oldText, pacer);
  const now = yield* toLines(newText, pacer);
  const steps = comparing(old, now, maxSteps);
  let step = steps.next();
  for (; !step.done; step = steps.next()) yield "";
  const { matches, isComplete } = step.value;
  const shownOld = yield* shownLines(old, show, pacer);
  const shownNow = yield* shownLines(now, show, pacer);
  let out = `${isComplete ? "" : `${INCOMPLETE}\n`}--- ${oldName}\n+++ ${newName}\n`;
  const emit = function* (
    sign: string,
    lines: readonly string[],
    shown: readonly string[],
    from: number,
    to: number,
  ) {
    for (let at = from; at < to; at++) {
      out += `${sign}${shown[at]}\n`;
      if (!lines[at].endsWith("\n")) out += `${NO_NEWLINE}\n`;
      if (!pacer.isTimeForPause(shown[at].length + 1)) continue;
      yield out;
      out = "";
    }
  };
  for (const hunk of hunks(changesBetween(matches, old.length, now.length), context)) {
    const [first, last] = [hunk[0], hunk[hunk.length - 1]];
    const before = Math.min(context, first.a);
    const after = Math.min(context, old.length - last.aEnd);
    const [a, b] = [first.a - before, first.b - before];
    const [aEnd, bEnd] = [last.aEnd + after, last.bEnd + after];
    out += `@@ -${range(a, aEnd)} +${range(b, bEnd)} @@\n`;
    let at = a;
    for (const change of hunk) {
      yield* emit(" ", old, shownOld, at, change.a);
      yield* emit("-", old, shownOld, change.a, change.aEnd);
      yield* emit("+", now, shownNow, change.b, change.bEnd);
      at = change.aEnd;
    }
    yield* emit(" ", old, shownOld, at, aEnd);
  }
  yield out;
}

/** Lines `a` to `aEnd` of the old text became lines `b` to `bEnd` of the new one. */
interface Change {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

function* toLines(text: string, pacer: Pacer): Generator<string, string[]> {
  const lines: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at) + 1 || text.length;
    lines.push(text.slice(at, end));
    if (pacer.isTimeForPause(STEPS_PER_LINE)) yield "";
    at = end;
  }
  return lines;
}

/** The lines without their ends, as they are to be seen. */
function* shownLines(
  lines: readonly string[],
  makeShow: UnifiedOptions["show"],
  pacer: Pacer,
): Generator<string, string[]> {
  const show = makeShow?.() ?? ((line: string) => line);
  const shown: string[] = [];
  for (const line of lines) {
    shown.push(show(line.endsWith("\n") ? line.slice(0, -1) : line));
    if (pacer.isTimeForPause(STEPS_PER_LINE + line.length)) yield "";
  }
  return shown;
}

function* changesBetween(
  matches: readonly Match[],
  aLength: number,
  bLength: number,
): Generator<Change> {
  let [a, b] = [0, 0];
  for (const match of [...matches, { a: aLength, b: bLength, length: 0 }]) {
    if (match.a > a || match.b > b) yield { a, aEnd: match.a, b, bEnd: match.b };
    [a, b] = [match.a + match.length, match.b + match.length];
  }
}

/** Changes whose context would touch are shown together. */
function* hunks(changes: Iterable<Change>, context: number): Generator<Change[]> {
  let group: Change[] = [];
  for (const change of changes) {
    const last = group.at(-1);
    if (last !== undefined && change.a - last.aEnd > 2 * context) {
      yield group;
      group = [];
    }
    group.push(change);
  }
  if (group.length > 0) yield group;
}

/** First line counted from 1, and how many; an empty range names the line before it. */
function range(from: number, to: number): string {
  const count = to - from;
  if (count === 1) return `${from + 1}`;
  return `${count === 0 ? from : from + 1},${count}`;
}
