/** Waits for the end of a learner's program, up to a limit. */
import { setTimeout as pause } from "node:timers/promises";
import type { RunningProgram } from "./judge";

/** A limit passes in steps: where the machine has no time for this process, it may have none for the program either. */
const STEPS = 20;

/** Its end, or undefined when it has not ended after `limitMs`, during which this process had its turns. */
export async function endWithin(running: RunningProgram, limitMs: number, signal: AbortSignal) {
  const over = new AbortController();
  const either = AbortSignal.any([over.signal, signal]);
  const late = (async () => {
    for (let i = 0; i < STEPS; i += 1) await pause(limitMs / STEPS, undefined, { signal: either });
  })();
  try {
    return await Promise.race([running.ended(), late]);
  } finally {
    over.abort();
    late.catch(() => {});
  }
}
