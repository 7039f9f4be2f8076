/** The lab without a terminal: every part from the top, and a line about each. */
import { print, printError } from "../../program/print";
import { prepareKernels, startKernel } from "../kernel/client";
import { type NotebookError, NotebookErrors } from "../notebook/errors";
import { nameWidth, runLine } from "../notebook/report";
import {
  BRIEF_MEASUREMENTS,
  type OwnedKernel,
  runAll,
  SYSTEM_PORTS,
  WORTH_PREPARING,
} from "../notebook/run-all";

/**
 * Runs the notebooks, side by side where that is quicker.
 *
 * @returns the exit status: 0 only if all ran clean
 */
export async function runHeadless(
  root: string,
  files: readonly string[],
  start: (options: { env: NodeJS.ProcessEnv }) => Promise<OwnedKernel> = startKernel,
): Promise<number> {
  const started = performance.now();
  const problems: NotebookError[] = [];
  const env = { ...process.env, ...SYSTEM_PORTS, ...BRIEF_MEASUREMENTS };
  if (files.length >= WORTH_PREPARING) await prepareKernels({ env });
  let cells = 0;
  for await (const run of runAll(root, files, { startKernel: () => start({ env }) })) {
    const verdict = run.failures.length > 0 ? "FAILED" : "ok";
    print(runLine(run, nameWidth(files), verdict));
    problems.push(...run.failures);
    cells += run.cells.length;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const parts = files.length === 1 ? "1 part" : `${files.length} parts`;
  print(`${parts}, ${cells} cells, ${seconds} s`);
  if (problems.length === 0) return 0;
  printError(`\n${new NotebookErrors(problems).message}`);
  return 1;
}
