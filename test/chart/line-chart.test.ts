import { describe, expect, test } from "vitest";
import { LineChart } from "../../src/chart/line-chart";
import { tagsOf } from "./support/well-formed";

const data = {
  title: "How long a client waits",
  unit: "milliseconds",
  steps: ["50 %", "99 %", "slowest"],
  series: [
    { label: "alone", values: [0.4, 1.25, 3] },
    { label: "in a crowd", values: [0.5, 4, 10] },
  ],
};

/** Heights of the points of each line, as drawn, from the top. */
function heights(svg: string): number[][] {
  return [...svg.matchAll(/points="([^"]+)"/g)].map(([, points = ""]) =>
    points.split(" ").map((point) => Number(point.split(",")[1])),
  );
}

test("as text it is a table: a row for each series, a column for each step", () => {
  expect(new LineChart(data).toText()).toBe(
    [
      "How long a client waits (milliseconds)",
      "            50 %  99 %  slowest",
      "alone        0.4  1.25        3",
      "in a crowd   0.5     4       10",
    ].join("\n"),
  );
});

describe("a line chart as SVG", () => {
  test("draws heights in proportion to the values, above zero at the bottom", () => {
    const svg = new LineChart(data).toSvg();
    const [, crowd = []] = heights(svg);
    const grid = [...svg.matchAll(/class="grid"[^>]* y1="([\d.]+)"/g)].map(([, y]) => Number(y));
    const bottom = Math.max(...grid);
    const top = Math.min(...grid); // the line of 10
    expect((bottom - (crowd[1] ?? 0)) / (bottom - top)).toBeCloseTo(0.4, 2);
    expect(crowd[2]).toBeCloseTo(top, 1);
  });

  test("labels lines that end at one height above each other", () => {
    const series = ["a", "b", "c", "d"].map((label) => ({ label, values: [1, 1] }));
    const svg = new LineChart({ title: "t", unit: "u", steps: ["x", "y"], series }).toSvg();
    const at = (label: string) => Number(new RegExp(`y="([\\d.]+)"[^>]*>${label}<`).exec(svg)?.[1]);
    const places = ["a", "b", "c", "d"].map(at).sort((a, b) => a - b);
    for (let i = 1; i < places.length; i += 1) {
      expect((places[i] ?? 0) - (places[i - 1] ?? 0)).toBeGreaterThanOrEqual(13);
    }
  });

  test("says everything to a screen reader, and has rules for light and dark", () => {
    const svg = new LineChart(data).toSvg();
    expect(svg).toContain("alone 50 % 0.4, 99 % 1.25, slowest 3; in a crowd 50 % 0.5");
    expect(svg).toContain("prefers-color-scheme:dark");
  });

  test("is well-formed, whatever the labels are", () => {
    const evil = "<script>&\u0001\"'";
    const series = [{ label: evil, values: [0, 0] }];
    const svg = new LineChart({ title: evil, unit: evil, steps: [evil, evil], series }).toSvg();
    expect(tagsOf(svg)).not.toContain("script");
  });
});

test("what cannot be drawn is refused with a reason", () => {
  const make = (change: Partial<typeof data>) => () => new LineChart({ ...data, ...change });
  const line = (values: number[]) => ({ label: "mine", values });
  expect(make({ steps: ["only"] })).toThrow("needs two steps or more");
  expect(make({ series: [] })).toThrow("1 to 4 series, not 0");
  expect(make({ series: Array(5).fill(line([1, 2, 3])) })).toThrow("1 to 4 series, not 5");
  expect(make({ series: [line([1, 2])] })).toThrow('"mine" has 2 values for 3 steps');
  expect(make({ series: [line([1, 2, -3])] })).toThrow('a value of "mine" must be a number');
});
