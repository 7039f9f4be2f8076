/** Waits for the end of a learner's program, but not for ever. */
import { setTimeout as pause } from "node:timers/promises";
import type { Running } from "./judge";

/** Its end, or undefined when it has not ended after `limitMs`. */
export async function endWithin(running: Running, limitMs: number, signal: AbortSignal) {
  const over = new AbortController();
  const late = pause(limitMs, undefined, { signal: AbortSignal.any([over.signal, signal]) });
  try {
    return await Promise.race([running.ended(), late]);
  } finally {
    over.abort();
    late.catch(() => {});
  }
}
