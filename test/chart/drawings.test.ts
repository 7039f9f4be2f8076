/** Whole charts, compared with those stored in drawings/; `npx vitest run test/chart/drawings.test.ts -u` stores them again. */
import { expect, test } from "vitest";
import { BarChart } from "../../src/chart/bar-chart";
import { LineChart } from "../../src/chart/line-chart";

const eighths = Array.from({ length: 9 }, (_, i) => ({ label: `${i} of 8`, value: 31 + i / 8 }));

const DRAWINGS: [string, BarChart | LineChart][] = [
  [
    "bars",
    new BarChart({
      title: "The same page",
      unit: "requests per second",
      bars: [
        { label: "src/http", value: 60_000, note: "1.5 times", ours: true },
        { label: "node:http", value: 40_000 },
        { label: "日本 <&>", value: 15_000 },
        { label: "none", value: 0 },
      ],
    }),
  ],
  [
    "eighths",
    new BarChart({
      title: "Eighths",
      unit: "columns",
      bars: eighths.concat({ label: "all", value: 32 }),
    }),
  ],
  [
    "lines",
    new LineChart({
      title: "How long a client waits",
      unit: "milliseconds",
      steps: ["50 %", "90 %", "99 %", "slowest"],
      series: [
        { label: "alone", values: [0.4, 0.5, 1.25, 3] },
        { label: "beside one", values: [0.4, 1, 2, 9.9] },
        { label: "in a crowd", values: [0.5, 2, 4, 10] },
        { label: "日本 <&>", values: [0, 0, 0, 10] },
      ],
    }),
  ],
  [
    "flat",
    new LineChart({
      title:
        "A title that is much wider than the chart below it, and so decides how wide the frame must be, wider",
      unit: "u",
      steps: ["a", "b"],
      series: [{ label: "s", values: [0, 0] }],
    }),
  ],
];

test.each(DRAWINGS)("%s are drawn as text as they are stored", async (name, chart) => {
  await expect(`${chart.toText()}\n`).toMatchFileSnapshot(`drawings/${name}.txt`);
});

test.each(DRAWINGS)("%s are drawn as SVG as they are stored", async (name, chart) => {
  await expect(`${chart.toSvg()}\n`).toMatchFileSnapshot(`drawings/${name}.svg`);
});
