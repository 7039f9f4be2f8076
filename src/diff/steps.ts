/** What the parts of a comparison share: what they find, and how they keep to a number of steps. */

/** Lines `a` to `a + length` of the old list are lines `b` to `b + length` of the new one. */
export interface Match {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** A step takes some nanoseconds; so many are done between two pauses. */
const STEPS_PER_PAUSE = 16_384;

/** Counts steps: says when a pause is due, and when none are left. */
export class Pacer {
  #untilPause = STEPS_PER_PAUSE;

  constructor(public stepsLeft: number) {}

  /** Counts steps that every comparison must take, however large. */
  isTimeForPause(steps: number): boolean {
    this.#untilPause -= steps;
    if (this.#untilPause > 0) return false;
    this.#untilPause = STEPS_PER_PAUSE;
    return true;
  }

  /** Counts steps that a comparison can do without. */
  spend(steps: number): boolean {
    this.stepsLeft -= steps;
    return this.isTimeForPause(steps);
  }
}
