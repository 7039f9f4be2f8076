/** The loop that the fuzzers of HTTP and DNS share: inputs from a seed, counted until one breaks a property. */

import { Violation } from "./properties";
import { Random } from "./random";

export interface FuzzSummary {
  readonly runs: number;
  /** Requests accepted, in all. */
  readonly accepted: number;
  /** How often the inputs ended in each error. */
  readonly errors: ReadonlyMap<string, number>;
}

/** The first input that breaks a property, made as short as it could be. */
export class FuzzFailure extends Error {
  override readonly name = "FuzzFailure";

  constructor(
    readonly seed: number,
    readonly run: number,
    readonly input: Buffer,
    violation: Violation,
  ) {
    super(
      `run ${run} of seed ${seed} fails; the shortest input found, ${input.length} bytes:\n` +
        `${JSON.stringify(input.toString("latin1"))}\n${violation.message}`,
    );
  }
}

/** One input and how it is held against its properties. */
export interface Trial {
  readonly input: Buffer;
  /** @throws Violation where a property does not hold */
  check(): { readonly accepted: number; readonly error: string };
  /** A shorter input that fails too, and how; without it the input is shown as it is. */
  shrink?(violation: Violation): { readonly input: Buffer; readonly violation: Violation };
}

/**
 * Runs `runs` trials from the run `first` on; each depends on the seed and its own number alone.
 * @throws FuzzFailure on the first violation
 */
export type Fuzzer = (
  seed: number,
  runs: number,
  first?: number,
  onProgress?: (done: number) => void,
) => FuzzSummary;

/** @param trialOf makes the input of a run */
export function fuzzer(trialOf: (random: Random, run: number) => Trial): Fuzzer {
  return (seed, runs, first = 0, onProgress = () => undefined) => {
    const errors = new Map<string, number>();
    let accepted = 0;
    for (let run = first; run < first + runs; run++) {
      const trial = trialOf(new Random(seed, run), run);
      try {
        const result = trial.check();
        accepted += result.accepted;
        errors.set(result.error, (errors.get(result.error) ?? 0) + 1);
      } catch (failure) {
        if (!(failure instanceof Violation)) throw failure;
        const { input, violation } = trial.shrink?.(failure) ?? {
          input: trial.input,
          violation: failure,
        };
        throw new FuzzFailure(seed, run, input, violation);
      }
      if ((run - first) % 10_000 === 0) onProgress(run - first);
    }
    return { runs, accepted, errors };
  };
}
