/** The bottom line: what goes on, which keys work, where one is. */

import { cut, widthOf } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import type { Hint } from "./model";

export interface BarFacts {
  readonly styles: Styles;
  readonly columns: number;
  /** What goes on: the kernel's state, how long the cell runs. */
  readonly state: string;
  readonly busy: boolean;
  readonly hints: readonly Hint[];
  /** Keys that work everywhere: they are shown wherever there is room for a few. */
  readonly always: readonly Hint[];
  readonly place: string;
}

const GAP = "  ";

/** The bottom line: the state, as many keys as fit, those that always work, the place. */
export function barLine({ styles, columns, state, busy, hints, always, place }: BarFacts): string {
  const { bar, barKey, barBusy } = styles;
  const right = place === "" ? "" : ` ${place} `;
  const shown = cut(state, Math.max(1, columns - widthOf(right) - 2));
  let line = (busy ? barBusy : bar)(` ${shown} `) + bar("│ ");
  let room = columns - widthOf(line) - widthOf(right);
  const add = ([key, does]: Hint, reserved: number): boolean => {
    const text = key === "" ? does : `${key} ${does}`;
    if (room - reserved < widthOf(text) + GAP.length) return false;
    line += barKey(key) + bar(`${key === "" ? "" : " "}${does}${GAP}`);
    room -= widthOf(text) + GAP.length;
    return true;
  };
  const kept = always.reduce((sum, [key, does]) => sum + widthOf(`${key} ${does}`) + GAP.length, 0);
  for (const hint of hints) if (!add(hint, kept)) break;
  for (const hint of always) add(hint, 0);
  return room < 0 ? cut(line, columns) : line + bar(" ".repeat(room) + right);
}
