import { afterEach, expect, test, vi } from "vitest";
import { affordable, openFilesMax } from "../../src/lab/open-files";

afterEach(() => {
  vi.restoreAllMocks();
});

test("knows a limit that leaves room for a process to run", () => {
  expect(openFilesMax()).toBeGreaterThan(20);
});

test("says nothing when there is room for all", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  expect(affordable(1_000, 2, 2_100)).toBe(1_000);
  expect(affordable(1_000, 2, Number.POSITIVE_INFINITY)).toBe(1_000);
  expect(log).not.toHaveBeenCalled();
});

test("makes do with fewer where the limit is low, and says so", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  expect(affordable(1_000, 2, 256)).toBe(78);
  expect(log).toHaveBeenCalledWith(
    "only 78 instead of 1000: this process may open 256 files (ulimit -n)",
  );
});

test("leaves the process's report as it was", () => {
  const report = process.report as { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  openFilesMax();
  expect(report.excludeNetwork).toBe(before);
});
