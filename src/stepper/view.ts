/** What fills the screen above the bottom line: a view. The one on top gets the keys. */

import type { Key } from "./keys";
import { cut, pad, widthOf } from "./layout";
import type { Styles } from "./palette";

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
}

export interface BarFacts {
  readonly styles: Styles;
  readonly columns: number;
  /** What goes on: the kernel's state, how long the cell runs. */
  readonly state: string;
  readonly busy: boolean;
  readonly hints: readonly Hint[];
  readonly place: string;
}

/** The bottom line: the state, the keys that fit, the place. */
export function barLine({ styles, columns, state, busy, hints, place }: BarFacts): string {
  const { bar, barKey, barBusy } = styles;
  const right = place === "" ? "" : ` ${place} `;
  let line = (busy ? barBusy : bar)(` ${cut(state, Math.max(1, columns - widthOf(right) - 2))} `);
  let width = widthOf(line);
  let first = true;
  for (const [key, does] of hints) {
    const gap = first ? "│ " : "  ";
    const needed = widthOf(gap) + widthOf(key) + 1 + widthOf(does) + 1;
    if (width + needed + widthOf(right) > columns) break;
    line += bar(gap) + barKey(key) + bar(` ${does}`);
    width += needed - 1;
    first = false;
  }
  const rest = pad("", columns - width - widthOf(right));
  return line + bar(rest + right);
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
