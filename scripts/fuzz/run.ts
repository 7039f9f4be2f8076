/** Runs the fuzzer: makes inputs, holds them against the properties, and shrinks the first failure. */

import { DEFAULT_LIMITS, type MessageLimits } from "../../src/http/limits";
import { generate } from "./generate";
import { check, TIGHT_LIMITS, Violation } from "./properties";
import type { Random } from "./random";
import { fuzzer, type Trial } from "./trials";

/** Fuzzes the parser. */
export const fuzz = fuzzer(trialOf);

function trialOf(random: Random, run: number): Trial {
  const input = generate(random);
  const limits = random.chance(0.2) ? TIGHT_LIMITS : DEFAULT_LIMITS;
  const cuttings = [someCuts(random, input.length)];
  if (run % 16 === 0) cuttings.push(allCuts(input.length));
  return {
    input,
    check() {
      const { readings, error } = check(input, cuttings, limits);
      const accepted = readings.filter((reading) => reading.trailers !== undefined).length;
      return { accepted, error: error ?? "none" };
    },
    shrink(violation) {
      const shortest = shrink(input, limits);
      return { input: shortest, violation: violationOf(shortest, limits) ?? violation };
    },
  };
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
