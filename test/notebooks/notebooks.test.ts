/** The notebooks themselves are a test: every cell runs clean in the real kernel and says what is stored. */
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startKernel } from "../../src/tools/kernel/client";
import { extractPrograms } from "../../src/tools/notebook/extract";
import { listNotebooks } from "../../src/tools/notebook/files";
import {
  BRIEF_MEASUREMENTS,
  type FinishedRun,
  runAll,
  SYSTEM_PORTS,
} from "../../src/tools/notebook/run-all";
import { checkRun } from "../../src/tools/notebook/store";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** All parts together, on a slow machine. */
const ALL_PARTS_DEADLINE_MS = 300_000;

/** The last parts take longest, and come first. */
const files = (await listNotebooks(ROOT)).reverse();

describe("every cell runs clean in the kernel, gives its stored output and leaves nothing open:", () => {
  const env = { ...process.env, ...SYSTEM_PORTS, ...BRIEF_MEASUREMENTS };
  const runs = runAll(ROOT, files, { sideBySide: 3, startKernel: () => startKernel({ env }) });
  afterAll(async () => {
    await runs.return(undefined);
  });

  // The runs come in this order, three under way at a time: other tests use the processor too.
  for (const file of files) {
    it(file, { timeout: ALL_PARTS_DEADLINE_MS }, async () => {
      const next = await runs.next();
      const run = next.value as FinishedRun;
      expect(run.file).toBe(file);
      const problems = checkRun(run);
      if (problems.length > 0) throw listed(problems.map(({ message }) => message));
    });
  }
});

it("every program of the notebooks can be extracted", async () => {
  const { programs } = await extractPrograms(ROOT).catch((error: unknown) => {
    throw listed([error instanceof Error ? error.message : String(error)]);
  });
  expect(programs.length).toBeGreaterThan(0);
});

/** An error that shows as its text alone: where this file threw it tells nobody anything. */
function listed(messages: readonly string[]): Error {
  const error = new Error(`\n${messages.join("\n")}`);
  error.stack = "";
  return error;
}
