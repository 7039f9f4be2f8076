/** Runs the fuzzer: makes inputs, holds them against the properties, and shrinks the first failure. */

import { DEFAULT_LIMITS, type MessageLimits } from "../../src/http/limits";
import { generate } from "./generate";
import { check, TIGHT_LIMITS, Violation } from "./properties";
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

/**
 * Fuzzes the parser.
 * @param first the first run; each run depends on the seed and its own number alone
 * @throws FuzzFailure on the first violation
 */
export function fuzz(
  seed: number,
  runs: number,
  first = 0,
  onProgress: (done: number) => void = () => undefined,
): FuzzSummary {
  const errors = new Map<string, number>();
  let accepted = 0;
  for (let run = first; run < first + runs; run++) {
    const random = new Random(seed, run);
    const bytes = generate(random);
    const limits = random.chance(0.2) ? TIGHT_LIMITS : DEFAULT_LIMITS;
    const cuttings = [someCuts(random, bytes.length)];
    if (run % 16 === 0) cuttings.push(allCuts(bytes.length));
    try {
      const { readings, error } = check(bytes, cuttings, limits);
      accepted += readings.filter((reading) => reading.trailers !== undefined).length;
      errors.set(error ?? "none", (errors.get(error ?? "none") ?? 0) + 1);
    } catch (failure) {
      if (!(failure instanceof Violation)) throw failure;
      const input = shrink(bytes, limits);
      throw new FuzzFailure(seed, run, input, violationOf(input, limits) ?? failure);
    }
    if ((run - first) % 10_000 === 0) onProgress(run - first);
  }
  return { runs, accepted, errors };
}

function someCuts(random: Random, length: number): number[] {
  const cuts: number[] = [];
  const count = 1 + random.below(8);
  for (let made = 0; made < count; made++) cuts.push(random.below(length + 1));
  return cuts.sort((a, b) => a - b);
}

function allCuts(length: number): number[] {
  return Array.from({ length: Math.max(0, length - 1) }, (_, at) => at + 1);
}

/** The violation of these bytes under any single cut or all of them, if there is one. */
function violationOf(bytes: Buffer, limits: MessageLimits): Violation | undefined {
  const every = allCuts(bytes.length);
  try {
    check(bytes, [every, ...every.map((cut) => [cut])], limits);
    return undefined;
  } catch (failure) {
    return failure instanceof Violation ? failure : undefined;
  }
}

/** Takes away ever smaller parts for as long as the rest still fails. */
function shrink(bytes: Buffer, limits: MessageLimits): Buffer {
  let shortest = bytes;
  if (violationOf(bytes, limits) === undefined) return bytes;
  for (
    let size = Math.ceil(bytes.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let at = 0; at + size <= shortest.length; ) {
      const without = Buffer.concat([shortest.subarray(0, at), shortest.subarray(at + size)]);
      if (violationOf(without, limits) !== undefined) shortest = without;
      else at += size;
    }
  }
  return shortest;
}
