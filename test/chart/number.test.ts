import { expect, test } from "vitest";
import { axisTicks, formatNumber } from "../../src/chart/number";

test.each([
  [0, "0"],
  [0.15342, "0.153"],
  [4.2, "4.2"],
  [99.96, "100"],
  [104.6, "105"],
  [999.6, "1,000"],
  [61_204.4, "61,204"],
  [1_234_567, "1,234,567"],
  [-12_345, "-12,345"],
])("%d is shown as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [61_204, [0, 20_000, 40_000, 60_000, 80_000]],
  [10, [0, 2.5, 5, 7.5, 10]],
  [4, [0, 1, 2, 3, 4]],
  [8, [0, 2, 4, 6, 8]],
  [20, [0, 5, 10, 15, 20]],
  [0.3, [0, 0.1, 0.2, 0.3]],
  [0, [0, 1]],
])("an axis up to %d has round numbers", (highest, ticks) => {
  expect(axisTicks(highest, 4)).toEqual(ticks);
});

test("an axis reaches its highest value in at most the steps asked for", () => {
  for (let value = 0.001; value < 1e7; value *= 1.37) {
    const ticks = axisTicks(value, 4);
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(value);
  }
});
