import { expect, test } from "vitest";
import { barLine, progressBar } from "../../src/scan/progress-bar";

test("the bar tells how far, how many, how fast, and how long it will take", () => {
  expect(barLine(26_870, 65_535, 61_200)).toBe(
    "[██████████              ]  41%  26,870 of 65,535  61,200/s  0:01 left",
  );
  expect(barLine(0, 100, 0)).toBe("[                        ]   0%  0 of 100  0/s");
  expect(barLine(100, 100, 50)).toBe(
    "[████████████████████████] 100%  100 of 100  50/s  0:00 left",
  );
  expect(barLine(0, 36_000, 10)).toContain("1:00:00 left");
  expect(barLine(0, 6_500, 100)).toContain("1:05 left");
});

test("100% is said only when all is done", () => {
  expect(barLine(65_534, 65_535, 1)).toContain(" 99% ");
});

/** A terminal that keeps what was written, and a clock that is set by hand. */
function terminal(more: object = {}) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const output = { isTTY: true, columns: 80, write: (text: string) => written.push(text), ...more };
  return { written, clock, bar: progressBar(output, () => clock.ms) };
}

test("on a terminal it is drawn over itself, with the rate of the last seconds, and taken away", () => {
  const { written, clock, bar } = terminal();
  clock.ms = 1_000;
  bar.update(100, 1_000);
  clock.ms = 2_000;
  bar.update(200, 1_000);
  bar.end();
  expect(written).toHaveLength(3);
  for (const text of written) expect(text.startsWith("\r\u001b[2K")).toBe(true);
  expect(written[1]).toContain("200 of 1,000  100/s  0:08 left");
  expect(written[2]).toBe("\r\u001b[2K");
});

test("the rate follows a scan that slows down", () => {
  const { written, clock, bar } = terminal();
  for (let second = 1; second <= 20; second += 1) {
    clock.ms = second * 1_000;
    bar.update(second <= 10 ? second * 100 : 1_000 + (second - 10), 2_000);
  }
  expect(written.at(-1)).toContain(" 1/s ");
});

test("what is older than three seconds does not count for the rate", () => {
  const { written, clock, bar } = terminal();
  for (const [ms, done] of [
    [2_000, 1_000],
    [4_000, 1_200],
  ] as const) {
    clock.ms = ms;
    bar.update(done, 10_000);
  }
  expect(written.at(-1)).toContain(" 100/s ");
});

test("before any time has passed there is no rate, and no time left", () => {
  const { written, bar } = terminal();
  bar.update(5, 10);
  expect(written[0]).toMatch(/ 5 of 10 {2}0\/s$/);
});

test("a terminal that does not know its width gets a bar for 80 columns", () => {
  const { written, bar } = terminal({ columns: 0 });
  bar.update(5, 10);
  expect(written[0]).toContain("5 of 10");
});

test("it never wraps in a narrow terminal", () => {
  const { written, bar } = terminal({ columns: 20 });
  bar.update(5, 10);
  expect((written[0] ?? "").replace("\r\u001b[2K", "")).toHaveLength(19);
});

test("where there is no terminal nothing is written", () => {
  const { written, bar } = terminal({ isTTY: undefined });
  bar.update(1, 2);
  bar.end();
  expect(written).toEqual([]);
});
