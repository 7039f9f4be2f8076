/** The lines of two short texts as one hunk of a unified diff: what differs between their ends. */
export function hunk(a, b, shown) {
  let [top, end] = [0, 0];
  while (top < a.length && top < b.length && a[top] === b[top]) top++;
  while (end < Math.min(a.length, b.length) - top && a.at(-1 - end) === b.at(-1 - end)) end++;
  const lines = [
    ...a.slice(0, top).map((line) => ` ${line}`),
    ...a.slice(top, a.length - end).map((line) => `-${line}`),
    ...b.slice(top, b.length - end).map((line) => `+${line}`),
    ...a.slice(a.length - end).map((line) => ` ${line}`),
  ];
  return [`@@ -1,${a.length} +1,${b.length} @@`, ...lines.map(shown)];
}
