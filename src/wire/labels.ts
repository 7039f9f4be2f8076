/** Labels as lines of text that fit a given space. */

import type { Label } from "./diagram";
import { preview } from "./preview";
import { clip, textWidth, wrap } from "./width";

export interface LabelSpace {
  readonly columns: number;
  /** Lines of data at most. */
  readonly lines: number;
  readonly ascii?: boolean;
}

/** With less room than this beside other text, data gets lines of its own. */
const DATA_COLUMNS_MIN = 12;

export function labelLines(label: Label, space: LabelSpace): string[] {
  const { columns, ascii } = space;
  const before = label.before ?? "";
  const after = label.after ?? "";
  const mark = ascii ? "..." : "…";
  const around = [before, after].filter((text) => text !== "");
  if (label.data === undefined || label.data.bytes === 0) {
    const empty = label.data === undefined ? [] : ['""'];
    return wrap([before, ...empty, after].filter((text) => text !== "").join(" "), columns, mark);
  }
  const used = around.reduce((sum, text) => sum + textWidth(text) + 1, 0);
  const lines = Math.max(1, space.lines);
  const beside = columns - used;
  const [alone] = preview(label.data, { columns, lines: 1, ascii });
  const [data] = preview(label.data, { columns: Math.max(0, beside), lines: 1, ascii });
  // A line of its own is worth it only if it then ends where the data does, or a line of it.
  const cut = alone.endsWith(`${mark}"`) && !alone.endsWith(`\\n${mark}"`);
  const whole = cut || alone.startsWith("<") ? data : alone;
  if (lines === 1 && beside >= DATA_COLUMNS_MIN && data === whole) {
    return [[before, data, after].filter((text) => text !== "").join(" ")];
  }
  const shown = preview(label.data, { columns, lines, ascii });
  const last = `${shown[shown.length - 1]} ${after}`;
  const tail = after === "" || textWidth(last) > columns ? [after] : [];
  const body = tail.length > 0 ? shown : [...shown.slice(0, -1), last];
  return [...(before === "" ? [] : wrap(before, columns, mark)), ...body, ...tail].filter(
    (text) => text !== "",
  );
}

/** A label of few words, or a shorter one where it does not fit. */
export function shortLabel(label: Label, columns: number, shorter: string): string {
  const text = label.before ?? "";
  return textWidth(text) <= columns ? text : clip(shorter, columns);
}
