/** Distances between lifelines, in columns of text. */

import type { Diagram, Row } from "./diagram";
import { labelLines } from "./labels";
import { textWidth } from "./width";

export interface GapOptions {
  readonly lines: number;
  readonly ascii?: boolean;
  /** No gap is made narrower than this, or asks for more. */
  readonly min: number;
  readonly max: number;
  /** Columns beside a label: for the arrow's head and some air. */
  readonly around: number;
}

/** The columns that each gap between two neighbours would like, for what stands in it. */
export function wantedGaps(diagram: Diagram, options: GapOptions): number[] {
  const gaps = new Array<number>(Math.max(0, diagram.participants.length - 1)).fill(options.min);
  for (const row of diagram.rows) {
    const span = gapsOf(row, gaps.length);
    if (span === undefined) continue;
    const [first, count] = span;
    const room = { columns: options.max * count, lines: options.lines, ascii: options.ascii };
    const widest = Math.max(0, ...labelLines(row.label, room).map(textWidth));
    const each = Math.ceil((widest + options.around) / count);
    for (let i = first; i < first + count; i++) {
      gaps[i] = Math.min(options.max, Math.max(gaps[i], each));
    }
  }
  return gaps;
}

/** The first of the gaps that a row's label stands in, and how many they are. */
function gapsOf(row: Row, gaps: number): [number, number] | undefined {
  if (gaps === 0) return undefined;
  if (row.kind === "note") return [Math.min(row.at, gaps - 1), 1];
  if (row.kind !== "arrow" && row.kind !== "span") return undefined;
  const [first, last] = [Math.min(row.from, row.to), Math.max(row.from, row.to)];
  return first === last ? [Math.min(first, gaps - 1), 1] : [first, last - first];
}

/** Shares out `room` columns: each gap gets `min`, and of the rest according to what it wants. */
export function shareOut(wanted: readonly number[], room: number, min: number): number[] {
  const extra = wanted.map((one) => Math.max(0, one - min));
  const sum = extra.reduce((a, b) => a + b, 0);
  const free = room - min * wanted.length;
  return extra.map((one) => min + (sum === 0 ? free / wanted.length : (free * one) / sum));
}
