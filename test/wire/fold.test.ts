/** Long diagrams made short: cycles that are drawn once, and a middle that is left out. */
import { expect, test } from "vitest";
import type { Bar, Diagram, Row } from "../../src/wire/diagram";
import { foldRepeats, leaveOutMiddle, shorten } from "../../src/wire/fold";
import { CYCLE_ROWS_MAX, FOLD_NUMBERED_ROWS_MIN } from "../../src/wire/limits";

const note = (text: string): Row => {
  return { kind: "note", at: 0, tone: "plain", label: { before: text } };
};
const data = (text: string, more = 0): Row => {
  const label = { data: { bytes: text.length + more, head: text } };
  return { kind: "arrow", from: 0, to: 1, style: "data", lost: false, label };
};

function diagram(rows: Row[], bars: Bar[] = []): Diagram {
  const participants = ["a", "b"].map((name) => ({ name, outside: false }));
  return { participants, rows, bars };
}

/** The rows in words. */
function texts({ rows }: Diagram): string[] {
  return rows.map(({ kind, label }) => {
    return label.before ?? label.data?.head ?? kind;
  });
}

const notes = (text: string) => [...text].map(note);
/** Rows of which no two are alike, also without their numbers. */
const different = (count: number) =>
  Array.from({ length: count }, (_, i) => note("x".repeat(i + 1)));

test.each([
  ["aab", ["a", "a", "b"]],
  ["aaab", ["3 times", "a", "end of repeat", "b"]],
  ["xababab", ["x", "3 times", "a", "b", "end of repeat"]],
  ["ababa", ["a", "b", "a", "b", "a"]],
  ["aabaabaab", ["3 times", "a", "a", "b", "end of repeat"]],
  ["aaaaaa", ["6 times", "a", "end of repeat"]],
  ["aaabbb", ["3 times", "a", "end of repeat", "3 times", "b", "end of repeat"]],
])("%s is folded", (rows, folded) => {
  expect(texts(foldRepeats(diagram(notes(rows))))).toEqual(folded);
});

test("a cycle of 16 rows is found, a longer one is not", () => {
  const cycle = (length: number) => [1, 2, 3].flatMap(() => different(length));
  expect(texts(foldRepeats(diagram(cycle(CYCLE_ROWS_MAX))))[0]).toBe("3 times");
  expect(foldRepeats(diagram(cycle(CYCLE_ROWS_MAX + 1))).rows).toHaveLength(
    3 * (CYCLE_ROWS_MAX + 1),
  );
});

test("data repeats only with the same bytes and the same size", () => {
  const rows = (last: Row) => foldRepeats(diagram([data("a"), data("a"), last])).rows.length;
  expect([rows(data("a")), rows(data("a", 1)), rows(data("b"))]).toEqual([3, 3, 3]);
  expect(texts(foldRepeats(diagram([data("a"), data("a"), data("a")])))[0]).toBe("3 times");
  expect(texts(foldRepeats(diagram([data("a"), data("a"), data("a", 1)])))[0]).toBe("a");
});

test("numbers in texts count in a diagram of 30 rows, and no longer in one of 31", () => {
  const numbered = [1, 2, 3].map((i) => note(`visitor ${i}`));
  const rows = (count: number) => [...different(count - numbered.length), ...numbered];
  const short = foldRepeats(diagram(rows(FOLD_NUMBERED_ROWS_MIN)));
  expect(texts(short).at(-1)).toBe("visitor 3");
  const long = foldRepeats(diagram(rows(FOLD_NUMBERED_ROWS_MIN + 1)));
  expect(texts(long).slice(-3)).toEqual([
    "3 times, of which this is the first",
    "visitor 1",
    "end of repeat",
  ]);
});

test("bars move with their rows, and those of repeats that are not drawn go", () => {
  const bars = [
    { at: 0, from: 0, to: 1 },
    { at: 0, from: 1, to: 2 },
    { at: 0, from: 3, to: 4 },
    { at: 1, from: 0, to: 9 },
    { at: 1, from: 7, to: 8 },
  ];
  // x, then three times a b, then y
  const folded = foldRepeats(diagram(notes("xabababy"), bars));
  expect(texts(folded)).toEqual(["x", "3 times", "a", "b", "end of repeat", "y"]);
  expect(folded.bars).toEqual([
    { at: 0, from: 0, to: 2 },
    { at: 0, from: 2, to: 3 },
    { at: 1, from: 0, to: 6 },
    { at: 1, from: 5, to: 6 },
  ]);
});

test("of ten rows in room for six, three stay at the start and two at the end", () => {
  const short = leaveOutMiddle(diagram(notes("abcdefghij")), 6);
  expect(texts(short)).toEqual(["a", "b", "c", "5 more rows are not drawn", "i", "j"]);
  expect(leaveOutMiddle(diagram(notes("abcdef")), 6).rows).toHaveLength(6);
});

test("bars into the gap end there, those across it stay, and those within it go", () => {
  const bars = [
    { at: 0, from: 1, to: 5 },
    { at: 0, from: 5, to: 9 },
    { at: 0, from: 4, to: 6 },
    { at: 1, from: 0, to: 10 },
    { at: 1, from: 8, to: 9 },
  ];
  expect(leaveOutMiddle(diagram(notes("abcdefghij"), bars), 6).bars).toEqual([
    { at: 0, from: 1, to: 3 },
    { at: 0, from: 3, to: 5 },
    { at: 1, from: 0, to: 6 },
    { at: 1, from: 4, to: 5 },
  ]);
});

test("a frame that loses its end in the gap is closed there, one that loses its start is not drawn", () => {
  const begins = [note("a"), ...notes("bbb"), ...different(20)];
  const open = shorten(diagram([note("s"), ...different(9), ...begins]), 12);
  const kinds = (one: Diagram) => one.rows.map(({ kind }) => kind);
  const count = (one: Diagram, kind: string) => kinds(one).filter((each) => each === kind).length;
  expect(count(open, "repeat")).toBe(count(open, "end of repeat"));
  const frame: Row[] = [
    { kind: "repeat", label: { before: "3 times" } },
    ...notes("abcdef"),
    { kind: "end of repeat", label: {} },
  ];
  const cutAtEnd = leaveOutMiddle(diagram([...frame, ...notes("xyz")]), 6);
  expect(kinds(cutAtEnd)).toEqual([
    "repeat",
    "note",
    "note",
    "end of repeat",
    "gap",
    "note",
    "note",
  ]);
  const cutAtStart = leaveOutMiddle(diagram([...notes("xyz"), ...frame]), 6);
  expect(kinds(cutAtStart)).toEqual(["note", "note", "note", "gap", "note"]);
  const cutInside = leaveOutMiddle(diagram([...frame, note("z")]), 6);
  expect(kinds(cutInside)).toEqual(["repeat", "note", "note", "end of repeat", "gap", "note"]);
  // What is left out counts rows, not frames.
  expect(texts(cutAtStart)[3]).toBe("5 more rows are not drawn");
  const whole = leaveOutMiddle(diagram([...frame.slice(0, 2), frame[7], ...notes("abcdefgh")]), 7);
  expect(kinds(whole).slice(0, 5)).toEqual(["repeat", "note", "end of repeat", "note", "gap"]);
});
