// Errors that no cell waits for: a throw in a timer or an event handler, a rejection nobody handles.
// They print, name the cell that started it, and never end the kernel.

import type { Output } from "./output";
import type { Sources } from "./sources";
import { reportError } from "./traceback";

/** Thrown on purpose: see below. */
const CLEAR_STACKS = Symbol("clear the stacks of async_hooks");

/**
 * Installs the handlers.
 * @returns to be called, outside any cell, after a loop was ended by force: the end skipped Node's own
 *   bookkeeping of async contexts, and Node empties it after an uncaught exception.
 */
export function reportLateErrors(output: Output, sources: Sources): () => never {
  const tell = (what: string, error: unknown) => {
    const run = output.run;
    const { traceback } = reportError(error, sources);
    const text = `${what}${run ? `, started by ${run.label}` : ""}: ${traceback.join("\n")}\n`;
    if (run) output.write(run, "stderr", Buffer.from(text));
    else process.stderr.write(text);
  };
  process.on("uncaughtException", (error: unknown) => {
    if (error !== CLEAR_STACKS) tell("Uncaught exception", error);
  });
  process.on("unhandledRejection", (reason) => tell("Unhandled promise rejection", reason));
  return () => {
    throw CLEAR_STACKS;
  };
}
