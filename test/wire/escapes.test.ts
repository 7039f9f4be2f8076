/** Text inside XML, digits in groups, and text in the cells of a drawing. */
import { expect, test } from "vitest";
import { groupDigits } from "../../src/wire/group-digits";
import { cross, line, px } from "../../src/wire/svg-shapes";
import { put } from "../../src/wire/text-cells";
import { escapeXml } from "../../src/wire/xml";

test("what could end or begin markup is escaped, and nothing is lost", () => {
  expect(escapeXml(`<a b="c" d='e'>&amp;`)).toBe(
    "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;",
  );
});

test("characters that XML cannot hold become replacement characters", () => {
  expect(escapeXml("a\0b\u001bc\ufffed\ud800e\tf\n")).toBe("a\ufffdb\ufffdc\ufffdd\ufffde\tf\n");
});

test.each([
  [0, "0"],
  [999, "999"],
  [1_000, "1,000"],
  [65_535, "65,535"],
  [16_777_216, "16,777,216"],
  [999.6, "1,000"],
  [1_234.6, "1,235"],
])("%d is written %s", (value, text) => {
  expect(groupDigits(value)).toBe(text);
});

test("coordinates have tenths", () => {
  expect([px(1), px(1.04), px(1.05), px(-0.26)]).toEqual([1, 1, 1.1, -0.3]);
  expect(line("life", 1.26, 2, 3, 4.21, "#fff")).toBe(
    '<line class="life" x1="1.3" y1="2" x2="3" y2="4.2" stroke="#fff"/>',
  );
  expect(cross(10, 20)).toContain('d="M4 14L16 26M16 14L4 26"');
});

function cells(width: number, at: number, text: string): string {
  const row = new Array<string>(width).fill(".");
  put(row, at, text);
  return row.join("|");
}

test("text is put into cells, a wide character into two, an accent onto its letter", () => {
  expect(cells(5, 1, "ab")).toBe(".|a|b|.|.");
  expect(cells(5, 1, "世b")).toBe(".|世||b|.");
  expect(cells(4, 0, "e\u0301b")).toBe("e\u0301|b|.|.");
});

test("text that does not fit ends at the edge, before a wide character that would cross it", () => {
  expect(cells(3, 1, "abc")).toBe(".|a|b");
  expect(cells(3, 2, "世")).toBe(".|.|.");
  expect(cells(3, -2, "a")).toBe("a|.|.");
  expect(cells(3, 0, "\u200bab")).toBe("a|b|.");
});
