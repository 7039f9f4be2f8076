/** Styles over the ends of rows, with the palette's sequences of several attributes each. */
import { expect, it } from "vitest";
import { wrapWords } from "../../../src/tools/terminal/layout";
import { stylesFor } from "../../../src/tools/terminal/palette";
import { attributesAfter } from "../../../src/tools/terminal/sgr";

it("takes a style back where it ends, also when one sequence sets a weight and a colour", () => {
  for (const background of ["light", "dark"] as const) {
    const { strong } = stylesFor({ depth: 256, background });
    const [first, second] = wrapWords(`a ${strong("strong")} word and more plain words`, 20);
    expect(first).toBe(`a ${strong("strong")} word and`);
    expect(second).toBe("more plain words");
  }
});

it("closes a style at the end of a row, and sets it again in the next", () => {
  const { strong } = stylesFor({ depth: 256, background: "light" });
  const rows = wrapWords(strong("one two three four"), 10);
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row).toContain("38;5;16");
    expect([...attributesAfter(new Map(), row)]).toEqual([]);
  }
});

it("lets a later colour replace an earlier one, and 0 take all back", () => {
  const red = attributesAfter(new Map(), "\u001b[1;31mred");
  expect([...attributesAfter(red, "\u001b[38;2;1;2;3mblue")]).toEqual([
    ["22", "1"],
    ["39", "38;2;1;2;3"],
  ]);
  expect([...attributesAfter(red, "\u001b[m")]).toEqual([]);
});
