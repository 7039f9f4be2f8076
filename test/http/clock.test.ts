import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Clock } from "../../src/http/clock";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00.250Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the server's clock", () => {
  it("never gives a deadline that is too early, however long ago its last tick was", () => {
    const clock = new Clock(800, () => undefined);
    expect(clock.tickMs).toBe(100);
    for (let passed = 0; passed < 300; passed += 33) {
      vi.advanceTimersByTime(33);
      const deadline = clock.after(50);
      expect(deadline).toBeGreaterThanOrEqual(performance.now() + 50);
      expect(deadline).toBeLessThanOrEqual(performance.now() + 50 + clock.tickMs);
    }
    clock.stop();
  });

  it("ticks often enough for its shortest timeout, within bounds", () => {
    const tickMs = [1, 800, 1_000_000].map((timeoutMs) => {
      const clock = new Clock(timeoutMs, () => undefined);
      clock.stop();
      return clock.tickMs;
    });
    expect(tickMs).toEqual([5, 100, 500]);
  });

  it("calls back at each tick, after its time has moved on, until it is stopped", () => {
    const seen: number[] = [];
    const clock = new Clock(800, () => seen.push(clock.now));
    const start = clock.now;
    vi.advanceTimersByTime(250);
    expect(seen).toEqual([start + 100, start + 200]);
    clock.stop();
    vi.advanceTimersByTime(1_000);
    expect(seen).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("writes the date anew when the second has changed", () => {
    const clock = new Clock(800, () => undefined);
    expect(clock.dateLine).toBe("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n");
    vi.advanceTimersByTime(700);
    expect(clock.dateLine).toContain("00:00:00");
    vi.advanceTimersByTime(100);
    expect(clock.dateLine).toBe("Date: Thu, 01 Jan 2026 00:00:01 GMT\r\n");
    clock.stop();
  });
});
