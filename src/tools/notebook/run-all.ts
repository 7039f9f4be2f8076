/** Runs many notebooks, each in a fresh kernel, a few side by side. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { NotebookError } from "./errors";
import { readNotebook } from "./files";
import type { Notebook } from "./format";
import { type NotebookKernel, type NotebookRun, type RunOptions, runNotebook } from "./run";

/** A kernel holds about 200 MiB. While one waits (cells often do), two others keep 2 cores busy. */
export const KERNELS_SIDE_BY_SIDE = 3;

/** From so many kernels on, preparing them takes less time than it saves. */
export const WORTH_PREPARING = 4;

/** With it, cells take ports from the system, so that runs side by side cannot collide. */
export const SYSTEM_PORTS: NodeJS.ProcessEnv = { SOCKET_LAB_PORTS: "system" };

/** With it, cells that measure do so for a moment only: their figures are neither shown nor compared. */
export const BRIEF_MEASUREMENTS: NodeJS.ProcessEnv = { SOCKET_LAB_MEASURE: "briefly" };

export interface OwnedKernel extends NotebookKernel {
  shutdown(): Promise<unknown>;
}

export interface RunAllOptions extends RunOptions {
  readonly sideBySide?: number;
  startKernel(): Promise<OwnedKernel>;
}

/** A run, and the notebook that was run; without one when it could not be read. */
export interface FinishedRun extends NotebookRun {
  readonly notebook?: Notebook;
}

/**
 * Runs the notebooks and yields them in the order given, each when it and those before it have ended.
 * Side by side, the longest starts first. A notebook that cannot be read, or whose kernel dies, fails
 * alone.
 */
export async function* runAll(
  root: string,
  files: readonly string[],
  options: RunAllOptions,
): AsyncGenerator<FinishedRun> {
  const waiting: ((run: FinishedRun) => void)[] = [];
  const runs = files.map(() => new Promise<FinishedRun>((resolve) => waiting.push(resolve)));
  const sideBySide = options.sideBySide ?? KERNELS_SIDE_BY_SIDE;
  const order = sideBySide > 1 ? await longestFirst(root, files) : [...files.keys()];
  // Each lane takes the next notebook when it is free; runOne never rejects.
  const lane = async (): Promise<void> => {
    for (let at = order.shift(); at !== undefined; at = order.shift()) {
      waiting[at]?.(await runOne(root, files[at] ?? "", options));
    }
  };
  const lanes = Array.from({ length: sideBySide }, lane);
  try {
    for (const run of runs) yield await run;
  } finally {
    order.length = 0;
    await Promise.all(lanes); // no kernel is left behind
  }
}

/**
 * Positions of the files in order, but for the longest, which goes first: it would otherwise run on
 * alone when all others are done. Size tells length.
 */
async function longestFirst(root: string, files: readonly string[]): Promise<number[]> {
  const size = async (file: string) =>
    (await stat(path.resolve(root, file)).catch(() => undefined))?.size ?? 0;
  const sizes = await Promise.all(files.map(size));
  const longest = sizes.indexOf(Math.max(...sizes));
  return [...files.keys()].sort((a, b) => Number(b === longest) - Number(a === longest));
}

async function runOne(root: string, file: string, options: RunAllOptions): Promise<FinishedRun> {
  const started = performance.now();
  let kernel: OwnedKernel | undefined;
  let notebook: Notebook | undefined;
  try {
    notebook = await readNotebook(root, file);
    kernel = await options.startKernel();
    const run = await runNotebook(notebook, kernel, options);
    return { ...run, notebook, milliseconds: performance.now() - started };
  } catch (error) {
    const failure =
      error instanceof NotebookError
        ? error
        : new NotebookError({ file }, error instanceof Error ? error.message : String(error));
    const milliseconds = performance.now() - started;
    return { file, cells: [], failures: [failure], milliseconds, ...(notebook && { notebook }) };
  } finally {
    await kernel?.shutdown().catch(() => {}); // it may have died
  }
}
