/**
 * Extracts the programs before the tests, and in watch mode again on each saved notebook or source file; and
 * has the many kernels that tests start be quick to start.
 */
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { TestProject } from "vitest/node";
// Not from the client, which loads what talks to kernels.
import { prepareKernels } from "../../src/tools/kernel/kernel-process";
import { extractPrograms, PROGRAMS_FOLDER } from "../../src/tools/notebook/extract";
import { NOTEBOOKS_FOLDER } from "../../src/tools/notebook/files";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
/** An editor that saves in place empties the file first: let it finish. */
const SAVING_MS = 50;

export default async function setup(project: TestProject): Promise<void> {
  const { root } = project.config;
  await Promise.all([extract(root), prepareKernels(REPOSITORY)]);
  if (!project.config.watch) return;

  // One extraction at a time; whatever is saved during one is in the next.
  let current = Promise.resolve();
  let next: Promise<void> | undefined;
  const again = (): Promise<void> => {
    next ??= Promise.all([current, delay(SAVING_MS)]).then(() => {
      next = undefined;
      current = extract(root).catch((error: unknown) => console.error(error));
      return current;
    });
    return next;
  };
  // The first extraction may have made the folder, which the watcher then has not seen.
  project.vite.watcher.add(path.join(root, PROGRAMS_FOLDER));
  const watched = [path.join(root, NOTEBOOKS_FOLDER), path.join(root, "src")];
  project.vite.watcher.on("all", (_event, file) => {
    if (watched.some((folder) => path.resolve(root, file).startsWith(folder + path.sep))) {
      void again();
    }
  });
  // A changed dist/NAME.ts re-runs its tests by itself; they must not start the NAME.mjs of before.
  project.onTestsRerun(async () => {
    await next;
    await current;
  });
}

/** Programs that cannot be extracted become ones that fail with the cell's error, which their tests show. */
async function extract(root: string): Promise<void> {
  const { errors } = await extractPrograms(root, { brokenAsStubs: true });
  for (const { message } of errors) console.error(`\n${message}`);
}
