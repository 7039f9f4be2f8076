/** Long computations in one process: others get their turn in between, and memory is needed by one at a time. */

/** What may pass before the rest of the process gets a turn. */
const TURN_MAX_MS = 10;

/**
 * Makes a function to call often in a long computation. It resolves at once, or, when 10 ms have passed, after
 * whatever else the event loop has to do: `for (const piece of pieces) await turn();`
 * @throws the reason of `signal`, once it is aborted: then there is no one left to compute for
 */
export function takeTurns(signal?: AbortSignal): () => Promise<void> {
  let beganMs = performance.now();
  return async () => {
    if (performance.now() - beganMs < TURN_MAX_MS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    beganMs = performance.now();
  };
}

/** Makes a function that runs tasks one after the other, in the order in which they came. */
export function oneAtATime(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined); // the caller has the failure; the next task starts all the same
    return result;
  };
}
