/** A line diff for people, like `diff -u` without the numbers. */

/** Unchanged lines shown around a change. */
const CONTEXT_LINES = 2;
/** Beyond this many lines the middle is compared as one block: the table below grows with the square. */
const MAX_DIFF_LINES = 1_000;

interface DiffLine {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** Lines of `before` that are gone (`-`) and of `after` that are new (`+`), with some context. */
export function diffLines(before: readonly string[], after: readonly string[]): string[] {
  const lines = align(before, after);
  const near = (at: number): boolean =>
    lines
      .slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1)
      .some(({ mark }) => mark !== " ");
  const shown: string[] = [];
  let skipped = false;
  for (const [at, { mark, text }] of lines.entries()) {
    if (!near(at)) {
      skipped = true;
      continue;
    }
    if (skipped) shown.push("  ...");
    skipped = false;
    shown.push(`${mark} ${text}`);
  }
  return shown;
}

/** Longest common subsequence by dynamic programming, after equal ends are set aside. */
function align(before: readonly string[], after: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  const same = (text: string): DiffLine => ({ mark: " ", text });
  const middle = a.length > MAX_DIFF_LINES || b.length > MAX_DIFF_LINES ? block(a, b) : table(a, b);
  return [
    ...before.slice(0, head).map(same),
    ...middle,
    ...before.slice(before.length - tail).map(same),
  ];
}

function block(a: readonly string[], b: readonly string[]): DiffLine[] {
  return [
    ...a.map((text): DiffLine => ({ mark: "-", text })),
    ...b.map((text): DiffLine => ({ mark: "+", text })),
  ];
}

function table(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ mark: " ", text: a[i++] ?? "" });
      j++;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: "-", text: a[i++] ?? "" });
    } else {
      lines.push({ mark: "+", text: b[j++] ?? "" });
    }
  }
  return lines;
}
