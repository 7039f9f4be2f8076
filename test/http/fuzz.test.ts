import { describe, expect, it } from "vitest";
import { fuzz } from "../../scripts/fuzz/run";

const SEED = 4;
const RUNS = 5_000;

describe("the fuzzer", () => {
  it("finds no input that throws, depends on its cutting, or changes when written again", () => {
    const { accepted, errors } = fuzz(SEED, RUNS);
    expect(accepted).toBeGreaterThan(RUNS / 10);
    expect(errors.size, "kinds of error reached").toBeGreaterThan(35);
  });

  it("makes the same inputs from the same seed, whichever run comes first", () => {
    const whole = fuzz(SEED, 200);
    const halves = [fuzz(SEED, 100), fuzz(SEED, 100, 100)];
    expect(halves[0].accepted + halves[1].accepted).toBe(whole.accepted);
    expect(fuzz(SEED + 1, 200)).not.toEqual(whole);
  });
});
