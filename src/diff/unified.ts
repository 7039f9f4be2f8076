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

import { compareLines, type Match } from "./compare";

const CONTEXT_LINES = 3;
const NO_NEWLINE = "\\ No newline at end of file";

export interface UnifiedOptions {
  /** What the first two lines call the texts. */
  readonly oldName: string;
  readonly newName: string;
  /** Equal lines shown around a change; 3 by default. */
  readonly context?: number;
  /**
   * Changes what is shown of a text, line for line; what counts as a change is decided before. For
   * secrets: a changed password must show as a change, and not as what it is.
   */
  readonly show?: (lines: readonly string[]) => readonly string[];
}

/** Empty when the texts are equal. Lines end with LF; a CR before it is part of its line. */
export function unifiedDiff(oldText: string, newText: string, options: UnifiedOptions): string {
  if (oldText === newText) return "";
  const { oldName, newName, context = CONTEXT_LINES, show = (lines) => lines } = options;
  const [old, now] = [toLines(oldText), toLines(newText)];
  const shown = { old: show(old.map(withoutEnd)), now: show(now.map(withoutEnd)) };
  const changes = changesBetween(compareLines(old, now), old.length, now.length);
  const out = [`--- ${oldName}`, `+++ ${newName}`];
  const line = (sign: string, lines: readonly string[], texts: readonly string[], at: number) => {
    out.push(sign + texts[at]);
    if (!lines[at].endsWith("\n")) out.push(NO_NEWLINE);
  };
  for (const hunk of hunks(changes, context)) {
    const first = hunk[0];
    const last = hunk[hunk.length - 1];
    const before = Math.min(context, first.a);
    const after = Math.min(context, old.length - last.aEnd);
    const [a, b] = [first.a - before, first.b - before];
    const [aEnd, bEnd] = [last.aEnd + after, last.bEnd + after];
    out.push(`@@ -${range(a, aEnd)} +${range(b, bEnd)} @@`);
    let at = a;
    for (const change of hunk) {
      for (; at < change.a; at++) line(" ", old, shown.old, at);
      for (; at < change.aEnd; at++) line("-", old, shown.old, at);
      for (let added = change.b; added < change.bEnd; added++) line("+", now, shown.now, added);
    }
    for (; at < aEnd; at++) line(" ", old, shown.old, at);
  }
  return `${out.join("\n")}\n`;
}

/** Lines `a` to `aEnd` of the old text became lines `b` to `bEnd` of the new one. */
interface Change {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

function toLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function withoutEnd(line: string): string {
  return line.endsWith("\n") ? line.slice(0, -1) : line;
}

function changesBetween(matches: readonly Match[], aLength: number, bLength: number): Change[] {
  const changes: Change[] = [];
  let [a, b] = [0, 0];
  for (const match of [...matches, { a: aLength, b: bLength, length: 0 }]) {
    if (match.a > a || match.b > b) changes.push({ a, aEnd: match.a, b, bEnd: match.b });
    [a, b] = [match.a + match.length, match.b + match.length];
  }
  return changes;
}

/** Changes whose context would touch are shown together. */
function hunks(changes: readonly Change[], context: number): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && change.a - last.aEnd <= 2 * context) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

/** First line counted from 1, and how many; an empty range names the line before it. */
function range(from: number, to: number): string {
  const count = to - from;
  if (count === 1) return `${from + 1}`;
  return `${count === 0 ? from : from + 1},${count}`;
}
