/**
 * `npm run mutate -- src/wire`: changes one thing in a room's source, runs the tests of the room, and lists
 * the changes that no test noticed. Nothing is written: a change is made while the file is loaded.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../src/program/failures";
import { print } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import { runMutants, type Verdict } from "./mutate/host";
import { type Mutant, mutantsOf } from "./mutate/mutants";
import { wholeNumber } from "./whole-number";

const DEFAULT_COUNT = 40;
const MAX_SEED = 0xffff_ffff;
/** Tests that take this much longer than without a change run in an endless loop. */
const SLOWER_MAX = 4;
const VERDICT_MIN_MS = 15_000;
/** They start kernels or scan every port: too slow to be repeated for each change. */
const SLOW_TESTS = ["test/wire/show.test.ts", "test/scan/soak.test.ts", "test/http/fuzz.test.ts"];
const HELP = `Usage: npm run mutate -- PATH... [--tests GLOBS] [--count N] [--seed N]
  PATH          a room (src/wire), a file of it, or one line of a file (src/wire/fold.ts:34)
  --tests GLOBS the tests to run, separated by commas (default: those of the room; they must not change while this runs)
  --count N     changes to try in each PATH, drawn by chance (default: ${DEFAULT_COUNT}; 0 for all)
  --seed N      0 to ${MAX_SEED}; the same seed draws the same changes (default: 1)`;

const root = process.cwd();

/** The mutants of a room, a file or a line. @throws Error when there is no such file */
function mutantsAt(place: string): Mutant[] {
  const [, name = place, line] = /^(.*?)(?::(\d+))?$/.exec(place) ?? [];
  const files = name.endsWith(".ts")
    ? [name]
    : readdirSync(path.join(root, name), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .sort()
        .map((file) => path.posix.join(name, file));
  const all = files.flatMap((file) => mutantsOf(root, file));
  return line === undefined ? all : all.filter((mutant) => mutant.line === Number(line));
}

/** `count` of `all` in their order; 0 means all. The generator is a linear congruential one. */
function drawn(all: readonly Mutant[], count: number, seed: number): Mutant[] {
  if (count === 0 || count >= all.length) return [...all];
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  const order = all.map((mutant, index) => ({ index, mutant, by: next() }));
  const chosen = order.sort((a, b) => a.by - b.by).slice(0, count);
  return chosen.sort((a, b) => a.index - b.index).map(({ mutant }) => mutant);
}

/** Calls `judged` with each verdict; a change that makes the tests run for ever is one that failed. */
async function judge(
  args: readonly string[],
  count: number,
  judged: (verdict: Verdict) => void,
): Promise<void> {
  let patience = VERDICT_MIN_MS;
  for (let next = -1; next < count; ) {
    const child = fork("scripts/run.mjs", ["mutate", ...args, `--from=${next}`], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      detached: true, // so that its workers can be ended with it
    });
    const kill = () => void (child.pid !== undefined && process.kill(-child.pid, "SIGKILL"));
    process.once("exit", kill);
    const began = performance.now();
    let timer = next < 0 ? undefined : setTimeout(kill, 2 * patience);
    child.on("message", (verdict: Verdict) => {
      clearTimeout(timer);
      if (verdict.index === -1) patience += SLOWER_MAX * (performance.now() - began);
      timer = setTimeout(kill, patience);
      next = verdict.index + 1;
      judged(verdict);
    });
    await once(child, "exit");
    clearTimeout(timer);
    process.off("exit", kill);
    if (next === -1) throw new Error("the tests do not run");
    if (next >= count) return;
    judged({ index: next, failed: "no verdict in time, or the process ended" });
    next += 1;
  }
}

const shape = {
  help: HELP,
  positionals: "any",
  values: ["tests", "count", "seed", "from"], // "from" is given to the process that runs the tests
} as const;
await runCommand(shape, async ({ positionals, values }) => {
  if (positionals.length === 0) throw new UsageError("Name a room, a file or a line to change");
  const count = wholeNumber(values, "count", DEFAULT_COUNT, 100_000);
  const seed = wholeNumber(values, "seed", 1, MAX_SEED);
  const mutants = positionals.flatMap((place) => drawn(mutantsAt(place), count, seed));
  const rooms = new Set(positionals.map((place) => place.split("/")[1]));
  const tests =
    values.get("tests")?.split(",") ?? [...rooms].map((room) => `test/${room}/**/*.test.ts`);
  const from = values.get("from");
  if (from !== undefined) {
    await runMutants(root, tests, SLOW_TESTS, mutants, Number(from));
    return undefined;
  }
  let survived = 0;
  await judge(process.argv.slice(2), mutants.length, ({ index, failed }) => {
    const mutant = mutants[index];
    if (mutant === undefined) {
      if (failed !== undefined) throw new Error(`without any change this test fails: ${failed}`);
      return;
    }
    const { file, line, change } = mutant;
    if (failed === undefined) survived += 1;
    print(
      `${failed === undefined ? "SURVIVED" : "killed  "} ${file}:${line}  ${change}${failed === undefined ? "" : `  # ${failed}`}`,
    );
  });
  const killed = mutants.length - survived;
  print(`${killed} of ${mutants.length} changes were noticed`);
  return 0;
});
