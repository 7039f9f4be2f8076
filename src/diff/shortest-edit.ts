/** The longest common subsequence by Myers ("An O(ND) Difference Algorithm and Its Variations", 1986). */

import type { Match, Pacer } from "./steps";

/** Insertions and deletions that are looked for; time and memory grow with the square. */
const MAX_EDITS = 500;

/**
 * The matches in order, of two ranges that begin with different lines; undefined when it takes more than MAX_EDITS edits, or half
 * the steps left.
 */
export function* findShortestEdit(
  a: Int32Array,
  b: Int32Array,
  pacer: Pacer,
): Generator<void, Match[] | undefined> {
  const most = Math.min(a.length + b.length, MAX_EDITS);
  const middle = most + 1;
  const least = pacer.stepsLeft / 2; // what is left is for the landmarks
  // How far into `a` each diagonal (a's index less b's) has come; one copy for each number of edits.
  const reach = new Int32Array(2 * middle + 1);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(reach.slice(middle - edits, middle + edits + 1));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const left = reach[middle + diagonal - 1];
      const right = reach[middle + diagonal + 1];
      const down = diagonal === -edits || (diagonal !== edits && left < right);
      const from = down ? right : left + 1;
      let x = from;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return retrace(history, a.length, b.length);
      if (pacer.spend(1 + x - from)) yield;
      if (pacer.stepsLeft < least) return undefined;
    }
  }
  return undefined;
}

/** Walks back from the end by the way that reached it. */
function retrace(history: readonly Int32Array[], aLength: number, bLength: number): Match[] {
  const matches: Match[] = [];
  let x = aLength;
  let y = bLength;
  // Without an edit there is nothing left: what both begin with was taken off before.
  for (let edits = history.length - 1; edits > 0; edits--) {
    const at = (diagonal: number) => history[edits][diagonal + edits];
    const diagonal = x - y;
    const [left, right] = [at(diagonal - 1), at(diagonal + 1)];
    const down = diagonal === -edits || (diagonal !== edits && left < right);
    const fromX = down ? right : left;
    const snake = x - (down ? fromX : fromX + 1);
    if (snake > 0) matches.push({ a: x - snake, b: y - snake, length: snake });
    [x, y] = [fromX, fromX - (down ? diagonal + 1 : diagonal - 1)];
  }
  return matches.reverse();
}
