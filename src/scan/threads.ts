/**
 * Runs one function on several threads. A thread gets the function's text and nothing around it: no
 * imports, no variables. That is how one file without dependencies, and a cell of a notebook, can
 * have threads, neither of which is a file that a thread could be started from.
 */
import net from "node:net";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { PROBES_PER_THREAD_MIN, SOCKETS_PER_THREAD_MIN, THREADS_MAX } from "./limits";

/**
 * A function that uses only its arguments and what every script has. The helpers are functions or classes
 * of the same kind. It calls `done` once, with the reason if it failed, and returns how to stop it early.
 */
export type SelfContained<W, H extends unknown[] = []> = (
  nodeNet: typeof net,
  work: W,
  done: (failure?: string) => void,
  ...helpers: H
) => () => void;

// Compilers write references into a function to what they keep outside its text: esbuild (in tsx) its __name, the
// lab's kernel the guards by which an endless loop can be interrupted.
const OUTSIDE = "const __name = (f) => f, __kernelFlags = [0], __kernelInterrupted = () => {};";

// No stack is captured for the thousands of errors that a scan expects: it would never be read.
const textOf = (run: unknown, helpers: readonly unknown[]): string => `
  ${OUTSIDE}
  const { parentPort, workerData } = require("node:worker_threads");
  Error.stackTraceLimit = 0;
  const done = (failure) => parentPort.postMessage(failure);
  (${run})(require("node:net"), workerData, done, ${helpers.map((one) => `(${one})`).join(", ")});`;

/** Space for short-lived objects, so that little of it is copied. */
const YOUNG_GENERATION_MB = 32;

/** The function said that it cannot go on, and why. */
export class ThreadFailure extends Error {
  override readonly name = "ThreadFailure";
}

/** The number of threads that a scan is worth: 0, this thread alone, if it would end before others have started. */
export function threadsFor(
  probes: number,
  sockets: number,
  cores = availableParallelism(),
): number {
  const threads = Math.min(
    cores,
    THREADS_MAX,
    Math.floor(probes / PROBES_PER_THREAD_MIN),
    Math.floor(sockets / SOCKETS_PER_THREAD_MIN),
  );
  return threads > 1 ? threads : 0;
}

/**
 * Resolves when the function is done on each of `threads` threads; with 0 it runs on this one.
 * Aborting the signal ends it early, and that is no error. Rejects with a ThreadFailure that has
 * the first failure as its message, after all threads have ended.
 */
export async function runOnThreads<W, H extends unknown[]>(
  run: SelfContained<W, H>,
  work: W,
  threads: number,
  signal?: AbortSignal,
  ...helpers: H
): Promise<void> {
  if (signal?.aborted) return;
  const ends =
    threads === 0 ? [runHere(run, work, helpers)] : start(textOf(run, helpers), work, threads);
  const stopAll = () => {
    for (const { stop } of ends) stop();
  };
  signal?.addEventListener("abort", stopAll, { once: true });
  try {
    await Promise.all(ends.map(({ done }) => done));
  } finally {
    signal?.removeEventListener("abort", stopAll);
    stopAll();
    await Promise.allSettled(ends.map(({ exited }) => exited));
  }
}

interface Running {
  readonly done: Promise<void>;
  readonly exited: Promise<unknown>;
  stop(): void;
}

function runHere<W, H extends unknown[]>(run: SelfContained<W, H>, work: W, helpers: H): Running {
  let stop: () => void = () => {};
  const done = new Promise<void>((resolve, reject) => {
    const end = (failure?: string) => (failure ? reject(new ThreadFailure(failure)) : resolve());
    stop = run(net, work, end, ...helpers);
  });
  return { done, exited: done.catch(() => {}), stop: () => stop() };
}

function start(text: string, work: unknown, threads: number): Running[] {
  return Array.from({ length: threads }, () => {
    const worker = new Worker(text, {
      eval: true,
      workerData: work,
      execArgv: [], // this process's own may load a compiler
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    const done = new Promise<void>((resolve, reject) => {
      worker.once("error", reject);
      worker.once("message", (failure: string | undefined) =>
        failure ? reject(new ThreadFailure(failure)) : resolve(),
      );
      worker.once("exit", () => resolve()); // it was stopped
    });
    return { done, exited, stop: () => void worker.terminate() };
  });
}
