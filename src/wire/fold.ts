/** Makes a long diagram short: repeated cycles are drawn once, and the middle of what is still too long is left out. */

import type { Bar, Diagram, Row } from "./diagram";
import {
  CYCLE_ROWS_MAX,
  DRAWN_ROWS_MAX,
  FOLD_NUMBERED_ROWS_MIN,
  FOLDED_REPEATS_MIN,
  KEPT_FROM_START_SHARE,
} from "./limits";

export function shorten(diagram: Diagram, maxRows = DRAWN_ROWS_MAX): Diagram {
  return leaveOutMiddle(foldRepeats(diagram), Math.max(5, maxRows));
}

/** Characters of the data by which rows are compared when their numbers do not count. */
const COMPARED_HEAD = 24;

/** The key by which rows are compared: all that is drawn of them, or all but the numbers in their texts. */
function keyOf(row: Row, numbered: boolean): string {
  const { before, after, data } = row.label;
  const head = numbered ? data?.head.slice(0, COMPARED_HEAD) : data?.head;
  const size = numbered ? undefined : data?.bytes;
  const text = JSON.stringify([before, after, head, size]);
  const label = numbered ? text.replace(/\d+/g, "0") : text;
  return JSON.stringify({ ...row, time: undefined, label });
}

export function foldRepeats(diagram: Diagram): Diagram {
  const numbered = diagram.rows.length > FOLD_NUMBERED_ROWS_MIN;
  const exact = diagram.rows.map((row) => keyOf(row, false));
  const keys = numbered ? diagram.rows.map((row) => keyOf(row, true)) : exact;
  const rows: Row[] = [];
  /** The new index of each old row. */
  const moved: number[] = [];
  for (let at = 0; at < keys.length; ) {
    const { period, repeats } = bestCycle(keys, at);
    if (repeats < FOLDED_REPEATS_MIN) {
      moved[at] = rows.push(diagram.rows[at]) - 1;
      at++;
      continue;
    }
    const same = sameBlock(exact, at, at + period, period * (repeats - 1));
    const before = same ? `${repeats} times` : `${repeats} times, of which this is the first`;
    rows.push({ kind: "repeat", label: { before } });
    const first = rows.length;
    rows.push(...diagram.rows.slice(at, at + period), { kind: "end of repeat", label: {} });
    for (let i = 0; i < period * repeats; i++)
      moved[at + i] = i < period ? first + i : first + period;
    at += period * repeats;
  }
  moved.push(rows.length);
  return { ...diagram, rows, bars: diagram.bars.flatMap((bar) => moveBar(bar, moved, rows)) };
}

/** Of the cycles that begin here, the one that covers most rows; the shortest of those. */
function bestCycle(keys: readonly string[], at: number): { period: number; repeats: number } {
  let best = { period: 1, repeats: 1 };
  for (let period = 1; period <= CYCLE_ROWS_MAX; period++) {
    let repeats = 1;
    while (sameBlock(keys, at, at + period * repeats, period)) repeats++;
    if (repeats >= FOLDED_REPEATS_MIN && period * repeats > best.period * best.repeats) {
      best = { period, repeats };
    }
  }
  return best;
}

/** True if the rows from `other` on equal those from `at` on. */
function sameBlock(keys: readonly string[], at: number, other: number, length: number): boolean {
  if (other + length > keys.length) return false;
  for (let i = 0; i < length; i++) if (keys[at + i] !== keys[other + i]) return false;
  return true;
}

/** A bar that begins in a repeat which is not drawn goes with it. */
function moveBar(bar: Bar, moved: readonly number[], rows: readonly Row[]): Bar[] {
  const from = moved[bar.from];
  const to = moved[bar.to] ?? rows.length;
  return rows[from]?.kind === "end of repeat" ? [] : [{ at: bar.at, from, to }];
}

export function leaveOutMiddle(diagram: Diagram, maxRows: number): Diagram {
  const { rows } = diagram;
  if (rows.length <= maxRows) return diagram;
  const start = Math.ceil((maxRows - 1) * KEPT_FROM_START_SHARE);
  const end = rows.length - (maxRows - 1 - start);
  const left = rows
    .slice(start, end)
    .filter((row) => row.kind !== "repeat" && row.kind !== "end of repeat");
  const before = `${left.length} more rows are not drawn`;
  const kept: Row[] = balanced([
    ...rows.slice(0, start),
    { kind: "gap", label: { before } },
    ...rows.slice(end),
  ]);
  const moved = new Map(kept.map((row, index) => [row, index]));
  const gap = kept.findIndex((row) => row.kind === "gap");
  const indexOf = (old: number) =>
    old >= rows.length ? kept.length : (moved.get(rows[old]) ?? gap);
  const bars = diagram.bars
    .map(({ at, from, to }) => ({ at, from: indexOf(from), to: indexOf(to) }))
    .filter(({ from, to }) => from !== to || from !== gap);
  return { ...diagram, rows: kept, bars };
}

/** A frame that has lost its beginning or its end in the gap is closed there, or not drawn. */
function balanced(rows: readonly Row[]): Row[] {
  const result: Row[] = [];
  let open = false;
  for (const row of rows) {
    if (row.kind === "gap" && open) {
      result.push({ kind: "end of repeat", label: {} });
      open = false;
    }
    if (row.kind === "repeat") open = true;
    if (row.kind === "end of repeat") {
      if (!open) continue;
      open = false;
    }
    result.push(row);
  }
  return result;
}
