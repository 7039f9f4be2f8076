/** Numbers as a chart shows them, and the round steps of its axes. */
import { groupDigits } from "../wire/group-digits";

/** From here on digits after the point say nothing. */
const WHOLE_FROM = 100;
const SIGNIFICANT_DIGITS = 3;

/** At most three significant digits below 100, whole above, thousands apart: 0.153, 4.2, 61,204. */
export function formatNumber(value: number): string {
  if (Math.abs(value) < WHOLE_FROM) return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
  return value < 0 ? `-${groupDigits(-value)}` : groupDigits(value);
}

/** Steps between the lines of an axis, as mantissas. */
const ROUND_STEPS = [1, 2, 2.5, 5, 10] as const;

/**
 * Round numbers from 0 to `highest` or just above it, at most `most` steps apart.
 * `axisTicks(61_204, 4)` is `[0, 20000, 40000, 60000, 80000]`.
 */
export function axisTicks(highest: number, most: number): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  // The tolerance is for quotients such as 0.3 / 3, which is a little more than 0.1.
  const mantissa = ROUND_STEPS.find((step) => step * power >= rough * (1 - 1e-9)) ?? 10;
  const count = Math.ceil(highest / (mantissa * power) - 1e-9);
  // Scaled back once, so that 3 × 0.1 is 0.3.
  return Array.from({ length: count + 1 }, (_, i) =>
    Number((i * mantissa * power).toPrecision(12)),
  );
}

/** @throws RangeError naming `what`, unless `value` is a number of 0 or more */
export function checkValue(value: number, what: string): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(`${what} must be a number of 0 or more, not ${value}`);
  }
}
