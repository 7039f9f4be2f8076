/**
 * `npm run fuzz`: feeds the HTTP parser with generated and damaged requests, cut at random, and stops
 * at the first that throws, is read otherwise when cut otherwise, or is not read the same when an
 * accepted request is written again. `npm run fuzz -- dns` does the like to DNS messages and zone files.
 */

import { parseArgs } from "node:util";
import { print, printError, printProgress } from "../src/program/print";
import { fuzzDns } from "./fuzz/dns";
import { FuzzFailure, fuzz } from "./fuzz/run";
import { wholeNumber } from "./whole-number";

const DEFAULT_RUNS = 1_000_000;
const MAX_SEED = 0xffff_ffff;

const FUZZERS: Readonly<Record<string, typeof fuzz>> = { http: fuzz, dns: fuzzDns };

const USAGE = `Usage: npm run fuzz -- [http|dns] [--seed N] [--runs N] [--first N]
  --seed N   0 to ${MAX_SEED}; the same seed gives the same inputs (default: a new one)
  --runs N   inputs to try (default: ${DEFAULT_RUNS})
  --first N  number of the first input, to repeat one that failed (default: 0)`;

function main(): number {
  let target = "http";
  let options: { seed: number; runs: number; first: number };
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: "string" },
        runs: { type: "string" },
        first: { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.help) {
      print(USAGE);
      return 0;
    }
    target = positionals[0] ?? target;
    if (positionals.length > 1 || !Object.hasOwn(FUZZERS, target)) {
      throw new RangeError(
        `there is ${Object.keys(FUZZERS).join(" and ")}, and no ${positionals.join(" ")}`,
      );
    }
    options = {
      seed: wholeNumber("seed", values.seed, Date.now() % MAX_SEED, MAX_SEED),
      runs: wholeNumber("runs", values.runs, DEFAULT_RUNS, Number.MAX_SAFE_INTEGER),
      first: wholeNumber("first", values.first, 0, Number.MAX_SAFE_INTEGER),
    };
  } catch (error) {
    printError(`fuzz: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }

  const { seed, runs, first } = options;
  print(`${target}, seed ${seed}, ${runs} runs`);
  const started = performance.now();
  try {
    const summary = FUZZERS[target](seed, runs, first, (done) => {
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
}

process.stdout.on("error", () => process.exit()); // A reader that left: `| head`.
process.exitCode = main();
