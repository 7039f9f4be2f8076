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
 * A function that stands alone: it uses its arguments and what every script has. It calls `over` once,
 * with what it failed of if it did, and returns how to stop it early.
 */
export type StandsAlone<W> = (
  nodeNet: typeof net,
  work: W,
  over: (failure?: string) => void,
) => () => void;

// What compilers write into a function, and keep outside its text: esbuild (in tsx) its __name, the
// lab's kernel the guards by which an endless loop can be interrupted.
const OUTSIDE = "const __name = (f) => f, __kernelFlags = [0], __kernelInterrupted = () => {};";

// No stack is captured for the thousands of errors that a scan expects: nobody would read them.
const textOf = (alone: StandsAlone<never>): string => `
  ${OUTSIDE}
  const { parentPort, workerData } = require("node:worker_threads");
  Error.stackTraceLimit = 0;
  (${alone})(require("node:net"), workerData, (failure) => parentPort.postMessage(failure));`;

/** Space for short-lived objects, so that little of it is copied. */
const YOUNG_GENERATION_MB = 32;

/** The function said that it cannot go on, and why. */
export class ThreadFailure extends Error {
  override readonly name = "ThreadFailure";
}

/** How many threads a scan is worth: none but this one, 0, if it is over before they have started. */
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
 * Resolves when the function is over on each of `threads` threads; with 0 it runs on this one.
 * Aborting the signal ends it early, and that is no error. Rejects with a ThreadFailure that has
 * the first failure as its message, after all threads are gone.
 */
export async function runOnThreads<W>(
  alone: StandsAlone<W>,
  work: W,
  threads: number,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) return;
  const ends = threads === 0 ? [runHere(alone, work)] : start(alone, work, threads);
  const stopAll = () => {
    for (const { stop } of ends) stop();
  };
  signal?.addEventListener("abort", stopAll, { once: true });
  try {
    await Promise.all(ends.map(({ over }) => over));
  } finally {
    signal?.removeEventListener("abort", stopAll);
    stopAll();
    await Promise.allSettled(ends.map(({ gone }) => gone));
  }
}

interface Running {
  readonly over: Promise<void>;
  readonly gone: Promise<unknown>;
  stop(): void;
}

function runHere<W>(alone: StandsAlone<W>, work: W): Running {
  let stop: () => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    stop = alone(net, work, (failure) =>
      failure ? reject(new ThreadFailure(failure)) : resolve(),
    );
  });
  return { over, gone: over.catch(() => {}), stop: () => stop() };
}

function start<W>(alone: StandsAlone<W>, work: W, threads: number): Running[] {
  const text = textOf(alone);
  return Array.from({ length: threads }, () => {
    const worker = new Worker(text, {
      eval: true,
      workerData: work,
      execArgv: [], // this process's own may load a compiler
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    const over = new Promise<void>((resolve, reject) => {
      worker.once("error", reject);
      worker.once("message", (failure: string | undefined) =>
        failure ? reject(new ThreadFailure(failure)) : resolve(),
      );
      worker.once("exit", () => resolve()); // it was stopped
    });
    return { over, gone, stop: () => void worker.terminate() };
  });
}
