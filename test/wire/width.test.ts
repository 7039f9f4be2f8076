/** Columns of text, and how it is cut and broken to a width. */
import { expect, test } from "vitest";
import { clip, graphemes, textWidth, wrap } from "../../src/wire/width";

test.each([
  ["abc", 3],
  ["→ │ ✓", 5],
  ["e\u0301", 1],
  ["世界", 4],
  ["ｱ한", 3],
  ["👋", 2],
  ["👩‍💻", 2],
  ["👍🏽", 2],
  ["🇩🇪", 2],
  ["1️⃣", 2],
  ["⚠", 1],
  ["⚠️", 2],
  ["☰䷀", 4],
  ["\u3400\ua4cf", 4],
  ["", 0],
])("%s takes %i columns", (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

test("a letter with its accents and a family emoji are one grapheme each", () => {
  expect(graphemes("ae\u0301👩‍💻")).toEqual(["a", "e\u0301", "👩‍💻"]);
});

test.each([
  ["abcdef", 4, "abc…"],
  ["abcd", 4, "abcd"],
  ["世界世界", 4, "世…"],
  ["世界世界", 6, "世界…"],
  ["👩‍💻👩‍💻", 3, "👩‍💻…"],
  ["abc", 1, "…"],
  ["abc", 0, ""],
])("%s in %i columns is %s", (text, columns, clipped) => {
  expect(clip(text, columns)).toBe(clipped);
});

test("a mark of three columns is counted as three", () => {
  expect(clip("abcdef", 5, "...")).toBe("ab...");
  expect(clip("abcdef", 2, "...")).toBe("");
});

test("text is broken between words, and a longer word is cut", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("a longerthanthat b", 6)).toEqual(["a", "longe…", "b"]);
  expect(wrap("", 7)).toEqual([""]);
});
