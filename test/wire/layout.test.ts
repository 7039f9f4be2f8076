/** Distances between lifelines. */
import { expect, test } from "vitest";
import type { Diagram, Row } from "../../src/wire/diagram";
import { shareOut, wantedGaps } from "../../src/wire/layout";

const OPTIONS = { lines: 1, min: 10, max: 40, around: 4 };

/** A diagram of three participants with these rows. */
function diagram(...rows: Row[]): Diagram {
  const participants = ["a", "b", "c"].map((name) => ({ name, outside: false }));
  return { participants, rows, bars: [] };
}

const arrow = (from: number, to: number, columns: number): Row => {
  const label = { before: "x".repeat(columns) };
  return { kind: "arrow", from, to, style: "connect", lost: false, label };
};
const note = (at: number, columns: number): Row => {
  return { kind: "note", at, tone: "plain", label: { before: "x".repeat(columns) } };
};

test("a gap is as wide as its widest label and the room around it", () => {
  expect(wantedGaps(diagram(arrow(0, 1, 12), arrow(1, 0, 20)), OPTIONS)).toEqual([24, 10]);
});

test("a gap is never wider than the most that is allowed, however long its label", () => {
  expect(wantedGaps(diagram(arrow(1, 2, 39)), OPTIONS)).toEqual([10, 40]);
  expect(wantedGaps(diagram(arrow(1, 2, 500)), OPTIONS)).toEqual([10, 40]);
});

test("an arrow across two gaps shares its label between them", () => {
  expect(wantedGaps(diagram(arrow(2, 0, 46)), OPTIONS)).toEqual([25, 25]);
});

test("a note stands in the gap at its right, that of the last participant at its left", () => {
  expect(wantedGaps(diagram(note(0, 11), note(2, 13)), OPTIONS)).toEqual([15, 17]);
});

test("an arrow from a participant to itself asks for the gap beside it", () => {
  expect(wantedGaps(diagram(arrow(1, 1, 20)), OPTIONS)).toEqual([10, 24]);
  expect(wantedGaps(diagram(arrow(2, 2, 20)), OPTIONS)).toEqual([10, 24]);
});

test("a row across the whole diagram asks for no gap", () => {
  const row: Row = { kind: "gap", label: { before: "x".repeat(100) } };
  expect(wantedGaps(diagram(row), OPTIONS)).toEqual([10, 10]);
});

test("a lone participant has no gaps", () => {
  const participants = [{ name: "a", outside: false }];
  expect(wantedGaps({ participants, rows: [note(0, 5)], bars: [] }, OPTIONS)).toEqual([]);
});

test("each gap gets its least, and of the rest in proportion to what it wants beyond that", () => {
  expect(shareOut([10, 30, 20], 60, 10)).toEqual([10, 30, 20]);
  expect(shareOut([10, 30, 20], 90, 10)).toEqual([10, 50, 30]);
  expect(shareOut([10, 10], 50, 10)).toEqual([25, 25]);
  expect(shareOut([5, 30], 40, 10)).toEqual([10, 30]);
});
