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
