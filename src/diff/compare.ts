/**
 * Which lines of one list are in another, in order: as many as can be found in bounded time. First by
 * Myers' greedy algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986), which is fast when
 * little changed; where too much did, between lines that stand once in each list.
 */

/** Lines `a` to `a + length` of the old list are lines `b` to `b + length` of the new one. */
export interface Match {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Insertions and deletions that Myers' algorithm looks for; its time and memory grow with the square. */
const MAX_EDITS = 500;

/** The matches in order; what lies between them was deleted or inserted. */
export function compareLines(old: readonly string[], now: readonly string[]): Match[] {
  const numbers = new Map<string, number>();
  const number = (line: string) => {
    const known = numbers.get(line);
    if (known !== undefined) return known;
    numbers.set(line, numbers.size);
    return numbers.size - 1;
  };
  const a = Int32Array.from(old, number);
  const b = Int32Array.from(now, number);
  const matches: Match[] = [];
  compareRange(a, 0, a.length, b, 0, b.length, matches);
  return matches;
}

function compareRange(
  a: Int32Array,
  aFrom: number,
  aTo: number,
  b: Int32Array,
  bFrom: number,
  bTo: number,
  matches: Match[],
): void {
  let start = 0;
  while (aFrom + start < aTo && bFrom + start < bTo && a[aFrom + start] === b[bFrom + start]) {
    start++;
  }
  add(matches, aFrom, bFrom, start);
  const [a1, b1] = [aFrom + start, bFrom + start];
  let end = 0;
  while (aTo - end > a1 && bTo - end > b1 && a[aTo - end - 1] === b[bTo - end - 1]) end++;
  const [a2, b2] = [aTo - end, bTo - end];
  if (a1 < a2 && b1 < b2) {
    const found = myers(a.subarray(a1, a2), b.subarray(b1, b2));
    if (found !== undefined) {
      for (const match of found) add(matches, a1 + match.a, b1 + match.b, match.length);
    } else {
      let [aDone, bDone] = [a1, b1];
      for (const [x, y] of landmarks(a, a1, a2, b, b1, b2)) {
        compareRange(a, aDone, x, b, bDone, y, matches);
        add(matches, x, y, 1);
        [aDone, bDone] = [x + 1, y + 1];
      }
      // Without a landmark the rest counts as replaced: true, if not the shortest that can be said.
      if (aDone > a1) compareRange(a, aDone, a2, b, bDone, b2, matches);
    }
  }
  add(matches, a2, b2, end);
}

function add(matches: Match[], a: number, b: number, length: number): void {
  if (length === 0) return;
  const last = matches.at(-1);
  if (last !== undefined && last.a + last.length === a && last.b + last.length === b) {
    matches[matches.length - 1] = { ...last, length: last.length + length };
  } else matches.push({ a, b, length });
}

/** The longest common subsequence, or undefined when it takes more than MAX_EDITS edits. */
function myers(a: Int32Array, b: Int32Array): Match[] | undefined {
  const most = Math.min(a.length + b.length, MAX_EDITS);
  const middle = most + 1;
  // How far into `a` each diagonal (a's index less b's) has come; one copy for each number of edits.
  const reach = new Int32Array(2 * middle + 1);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(reach.slice(middle - edits, middle + edits + 1));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const left = reach[middle + diagonal - 1];
      const right = reach[middle + diagonal + 1];
      const down = diagonal === -edits || (diagonal !== edits && left < right);
      let x = down ? right : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return retrace(history, a.length, b.length);
    }
  }
  return undefined;
}

/** Walks back from the end by the way that reached it. */
function retrace(history: readonly Int32Array[], aLength: number, bLength: number): Match[] {
  const matches: Match[] = [];
  let x = aLength;
  let y = bLength;
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reach = history[edits];
    const at = (diagonal: number) => reach[diagonal + edits];
    const diagonal = x - y;
    let fromX = 0;
    let fromY = 0;
    if (edits > 0) {
      const left = diagonal - 1 < -edits ? -1 : at(diagonal - 1);
      const right = diagonal + 1 > edits ? -1 : at(diagonal + 1);
      const down = diagonal === -edits || (diagonal !== edits && left < right);
      fromX = down ? right : left;
      fromY = fromX - (down ? diagonal + 1 : diagonal - 1);
      const snake = x - (down ? fromX : fromX + 1);
      if (snake > 0) matches.push({ a: x - snake, b: y - snake, length: snake });
    } else if (x > 0) {
      matches.push({ a: 0, b: 0, length: x });
    }
    [x, y] = [fromX, fromY];
  }
  return matches.reverse();
}

/** Lines that stand once in each range, as many as keep their order (Bram Cohen's patience diff). */
function landmarks(
  a: Int32Array,
  aFrom: number,
  aTo: number,
  b: Int32Array,
  bFrom: number,
  bTo: number,
): [number, number][] {
  const places = new Map<number, { a: number; b: number }>();
  const SEVERAL = -2;
  const NONE = -1;
  for (let at = aFrom; at < aTo; at++) {
    const place = places.get(a[at]);
    if (place === undefined) places.set(a[at], { a: at, b: NONE });
    else place.a = SEVERAL;
  }
  for (let at = bFrom; at < bTo; at++) {
    const place = places.get(b[at]);
    if (place !== undefined) place.b = place.b === NONE ? at : SEVERAL;
  }
  const pairs: [number, number][] = [];
  for (const place of places.values()) {
    if (place.a >= 0 && place.b >= 0) pairs.push([place.a, place.b]);
  }
  return longestRising(pairs.sort((one, other) => one[0] - other[0]));
}

function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const ends: number[] = []; // index of the pair that ends the best row of each length
  const before: number[] = [];
  for (const [index, [, y]] of pairs.entries()) {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]][1] < y) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? ends[low - 1] : -1;
    ends[low] = index;
  }
  const row: [number, number][] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index]) row.push(pairs[index]);
  return row.reverse();
}
