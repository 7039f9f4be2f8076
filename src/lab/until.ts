// Waiting for something that a cell cannot await directly, such as bytes arriving unread.

import { setTimeout as pause } from "node:timers/promises";

const LIMIT_MS = 5_000;
const LOOK_AGAIN_MS = 2;

/**
 * Resolves as soon as `condition()` holds, looking again every 2 ms; throws when it still does not
 * after `limitMs`, so that a cell can be wrong but never endless.
 */
export async function until(condition: () => boolean, limitMs = LIMIT_MS): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still not so after ${limitMs} ms`);
    await pause(LOOK_AGAIN_MS);
  }
}
