/** Labels as lines of text in a given space. */
import { expect, test } from "vitest";
import { labelLines, shortLabel } from "../../src/wire/labels";
import { bytes } from "./made";

test.each([
  ["text alone", { before: "listens", after: "now" }, 30, ["listens now"]],
  ["no bytes", { before: "returns", data: bytes(""), after: "0 B" }, 30, ['returns "" 0 B']],
  [
    "data beside text",
    { before: "returns", data: bytes("hi"), after: "2 B" },
    30,
    ['returns "hi" 2 B'],
  ],
  [
    "data of two lines, which fit beside the text",
    { before: "returns", data: bytes("a\nb"), after: "3 B" },
    30,
    ['returns "a\\nb" 3 B'],
  ],
  [
    "data that ends only on a line of its own",
    { before: "returns", data: bytes("twelve chars and more"), after: "21 B" },
    25,
    ["returns", '"twelve chars and more"', "21 B"],
  ],
  [
    "too little room beside the text",
    { before: "recv() returns", data: bytes("a line"), after: "6 B" },
    20,
    ["recv() returns", '"a line" 6 B'],
  ],
  ["data without any text", { data: bytes("hi") }, 30, ['"hi"']],
])("%s", (_what, label, columns, lines) => {
  expect(labelLines(label, { columns, lines: 1 })).toEqual(lines);
});

test("several lines of data have no empty line after them", () => {
  const label = { data: bytes("one\ntwo\n") };
  expect(labelLines(label, { columns: 20, lines: 3 })).toEqual(['"one\\n', 'two\\n"']);
});

test("the size stands beside the last line where there is room, else below", () => {
  const label = { before: "sends", data: bytes("one\ntwo\n"), after: "8 B" };
  expect(labelLines(label, { columns: 20, lines: 3 })).toEqual(["sends", '"one\\n', 'two\\n" 8 B']);
  expect(labelLines(label, { columns: 8, lines: 3 })).toEqual([
    "sends",
    '"one\\n',
    'two\\n"',
    "8 B",
  ]);
});

test("what is cut ends in an ellipsis, in ASCII in three dots", () => {
  const label = { before: "averylongwordwithoutend" };
  expect(labelLines(label, { columns: 10, lines: 1 })).toEqual(["averylong…"]);
  expect(labelLines(label, { columns: 10, lines: 1, ascii: true })).toEqual(["averylo..."]);
});

test("a short label has a shorter form for little room", () => {
  const label = { before: "connection established" };
  expect(shortLabel(label, 22, "connected")).toBe("connection established");
  expect(shortLabel(label, 21, "connected")).toBe("connected");
  expect(shortLabel(label, 5, "connected")).toBe("conn…");
});
