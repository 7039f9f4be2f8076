/** Runs the tests of a room once for each mutant, in one vitest, and tells the parent process the verdicts. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { createVitest } from "vitest/node";
import type { Mutant } from "./mutants";

/** `failed` names the first test that failed. */
export interface Verdict {
  readonly index: number;
  readonly failed?: string;
}

/** `index` -1 is the program as it is. */
export async function runMutants(
  root: string,
  tests: readonly string[],
  slow: readonly string[],
  mutants: readonly Mutant[],
  from: number,
): Promise<void> {
  let current: Mutant | undefined;
  const plugin = {
    name: "mutant",
    enforce: "pre" as const,
    load(id: string) {
      if (current === undefined || id !== path.join(root, current.file)) return undefined;
      const code = readFileSync(id, "utf8");
      return code.slice(0, current.start) + current.text + code.slice(current.end);
    },
  };
  const vitest = await createVitest(
    "test",
    {
      root,
      watch: false,
      reporters: [{}],
      bail: 1,
      maxWorkers: 1,
      pool: "threads",
      include: [...tests],
      exclude: [...slow],
    },
    { plugins: [plugin] },
  );
  process.once("disconnect", () => process.exit(1)); // the parent has ended: nothing runs on
  const specifications = await vitest.globTestSpecifications();
  for (let index = from; index < mutants.length; index++) {
    current = mutants[index];
    if (current !== undefined) vitest.invalidateFile(path.join(root, current.file));
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    const failed = testModules
      .filter((module) => !module.ok())
      .map((module) => [...module.children.allTests("failed")][0]?.fullName ?? module.moduleId)[0];
    const verdict: Verdict = {
      index,
      failed: failed ?? (unhandledErrors.length > 0 ? "an error outside tests" : undefined),
    };
    process.send?.(verdict);
    if (current !== undefined) vitest.invalidateFile(path.join(root, current.file));
  }
  await vitest.close();
}
