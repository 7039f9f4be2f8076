import { describe, expect, test } from "vitest";
import { BarChart } from "../../src/chart/bar-chart";
import { tagsOf } from "./support/well-formed";

const data = {
  title: "The same page",
  unit: "requests per second",
  bars: [
    { label: "src/http", value: 60_000, note: "1.5 times", ours: true },
    { label: "node:http", value: 40_000 },
    { label: "one at a time", value: 15_000 },
  ],
};

/** Widths of the bars, as drawn. */
function barWidths(svg: string): number[] {
  return [...svg.matchAll(/class="bar[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
}

describe("a bar chart as text", () => {
  test("has a line for each bar, as long as its value, with the figures below each other", () => {
    expect(new BarChart(data).toText()).toBe(
      [
        "The same page (requests per second)",
        `src/http       ${"█".repeat(32)}  60,000  1.5 times`,
        `node:http      ${`${"█".repeat(21)}▍`.padEnd(32)}  40,000`,
        `one at a time  ${"█".repeat(8).padEnd(32)}  15,000`,
      ].join("\n"),
    );
  });

  test("leaves the place of a bar empty for a value of 0, also when all are 0", () => {
    const bars = [{ label: "a", value: 0 }];
    expect(new BarChart({ title: "t", unit: "u", bars }).toText()).toBe(
      `t (u)\na  ${" ".repeat(32)}  0`,
    );
  });

  test("keeps columns straight below labels of wide characters", () => {
    const bars = [
      { label: "日本", value: 1 },
      { label: "four", value: 1 },
    ];
    const [, wide, narrow] = new BarChart({ title: "t", unit: "u", bars }).toText().split("\n");
    expect(wide?.slice("日本".length)).toBe(narrow?.slice("four".length));
  });
});

describe("a bar chart as SVG", () => {
  test("draws widths in proportion to the values, from zero", () => {
    const [first = 0, second = 0, third = 0] = barWidths(new BarChart(data).toSvg());
    expect(second / first).toBeCloseTo(40_000 / 60_000, 3);
    expect(third / first).toBeCloseTo(15_000 / 60_000, 3);
  });

  test("says everything to a screen reader, and has rules for light and dark", () => {
    const svg = new BarChart(data).toSvg();
    expect(svg).toContain('role="img"');
    expect(svg).toContain(
      'aria-label="The same page. requests per second: src/http 60,000  1.5 times; node:http 40,000; one at a time 15,000"',
    );
    expect(svg).toContain("prefers-color-scheme:dark");
  });

  test("is well-formed and free of other people's markup, whatever the labels are", () => {
    const label = `</text><script>alert("1")</script>&\u0000'`;
    const svg = new BarChart({ title: label, unit: label, bars: [{ label, value: 1 }] }).toSvg();
    const tags = tagsOf(svg);
    expect(tags).not.toContain("script");
    expect(tags[0]).toBe("svg");
  });

  test("is the same text for the same data", () => {
    expect(new BarChart(data).toSvg()).toBe(new BarChart(data).toSvg());
  });

  test("stays inside its frame, however long labels and notes are", () => {
    const bars = [{ label: "l".repeat(80), value: 9, note: "n".repeat(80) }];
    const svg = new BarChart({ title: "t", unit: "u", bars }).toSvg();
    const width = Number(/ width="([\d.]+)"/.exec(svg)?.[1]);
    const x = Math.max(...[...svg.matchAll(/<text x="([\d.]+)"/g)].map(([, at]) => Number(at)));
    expect(width).toBeGreaterThan(x + 80 * 6);
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])("a bar of %d is refused by name", (value) => {
  const bars = [{ label: "mine", value }];
  expect(() => new BarChart({ title: "t", unit: "u", bars })).toThrow(
    `the value of "mine" must be a number of 0 or more, not ${value}`,
  );
});

test("a chart without bars is refused", () => {
  expect(() => new BarChart({ title: "Nothing", unit: "u", bars: [] })).toThrow(
    'the chart "Nothing" has no bars',
  );
});
