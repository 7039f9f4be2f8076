/**
 * `npm run fuzz`: feeds the HTTP parser with generated and damaged requests, cut at random, and stops
 * at the first that throws, is read otherwise when cut otherwise, or is not read the same when an
 * accepted request is written again. `npm run fuzz -- dns` does the like to DNS messages and zone files.
 */

import { UsageError } from "../src/program/failures";
import { print, printError, printProgress } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import { fuzzDns } from "./fuzz/dns";
import { fuzz } from "./fuzz/run";
import { FuzzFailure } from "./fuzz/trials";
import { wholeNumber } from "./whole-number";

const DEFAULT_RUNS = 1_000_000;
const MAX_SEED = 0xffff_ffff;

const FUZZERS: Readonly<Record<string, typeof fuzz>> = { http: fuzz, dns: fuzzDns };

const HELP = `Usage: npm run fuzz -- [http|dns] [--seed N] [--runs N] [--first N]
  --seed N   0 to ${MAX_SEED}; the same seed gives the same inputs (default: a new one)
  --runs N   inputs to try (default: ${DEFAULT_RUNS})
  --first N  number of the first input, to repeat one that failed (default: 0)`;

const shape = { help: HELP, positionals: "any", values: ["seed", "runs", "first"] } as const;
await runCommand(shape, async ({ positionals, values }) => {
  const [target = "http", ...more] = positionals;
  const fuzzer = Object.hasOwn(FUZZERS, target) ? FUZZERS[target] : undefined;
  if (more.length > 0 || fuzzer === undefined) {
    const there = Object.keys(FUZZERS).join(" and ");
    throw new UsageError(`There is ${there} to fuzz, not "${positionals.join(" ")}"`);
  }
  const seed = wholeNumber(values, "seed", Date.now() % MAX_SEED, MAX_SEED);
  const runs = wholeNumber(values, "runs", DEFAULT_RUNS, Number.MAX_SAFE_INTEGER);
  const first = wholeNumber(values, "first", 0, Number.MAX_SAFE_INTEGER);
  print(`${target}, seed ${seed}, ${runs} runs`);
  const started = performance.now();
  try {
    const summary = fuzzer(seed, runs, first, (done) => {
      printProgress(`${done} runs`);
    });
    const seconds = (performance.now() - started) / 1000;
    const errors = Array.from(summary.errors).sort((a, b) => b[1] - a[1]);
    printProgress();
    print(`all of them hold, in ${seconds.toFixed(1)} s`);
    print(`${summary.accepted} inputs were accepted; the inputs ended in`);
    for (const [code, count] of errors) print(`  ${code.padEnd(24)} ${count}`);
    return 0;
  } catch (error) {
    if (!(error instanceof FuzzFailure)) throw error;
    printError(
      `\n${error.message}\nRepeat it: npm run fuzz -- ${target} --seed ${seed} --first ${error.run} --runs 1`,
    );
    return 1;
  }
});
