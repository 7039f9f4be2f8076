/** What fills the screen above the bottom line: a view. The one on top gets the keys. */

import type { Key } from "../terminal/keys";
import { cut, widthOf } from "../terminal/layout";
import type { Styles } from "../terminal/palette";

/** A key that works now, and what it does: `["Enter", "run"]`. The first are the most important. */
export type Hint = readonly [key: string, does: string];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface View {
  /** The rows to show, at most `size.rows`. */
  rows(size: Size): readonly string[];
  /** Everything there is to read, for a terminal that can only add lines. */
  text(columns: number): readonly string[];
  hints(): readonly Hint[];
  /** What stands at the right of the bottom line, such as `9/26`. */
  place?(): string;
  key(key: Key): void;
  /** The terminal has another size. */
  resized?(): void;
  /** A message takes the place of the first rows, not of the last ones. */
  readonly endCounts?: boolean;
}

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

/** A window on lines that may be more than fit. */
export class Scroller {
  top = 0;

  /** Keeps the window within the lines. */
  clamp(lines: number, rows: number): void {
    this.top = Math.max(0, Math.min(this.top, lines - rows));
  }

  /** Moves for a scrolling key; false when the key is none. */
  key(name: string, lines: number, rows: number): boolean {
    const page = Math.max(1, rows - 2);
    const moves: Readonly<Record<string, number>> = {
      up: -1,
      k: -1,
      down: 1,
      j: 1,
      pageup: -page,
      pagedown: page,
      space: page,
      "ctrl+u": -Math.ceil(rows / 2),
      "ctrl+d": Math.ceil(rows / 2),
      home: -lines,
      end: lines,
    };
    const move = moves[name];
    if (move === undefined) return false;
    this.top += move;
    this.clamp(lines, rows);
    return true;
  }
}
