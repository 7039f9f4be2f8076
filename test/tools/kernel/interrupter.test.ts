// When a running loop is ended by force: never while it is about to end by itself.

import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { Interrupter } from "../../../src/tools/kernel/interrupter";
import { SharedState } from "../../../src/tools/kernel/threads";
import { until } from "./support";

/** Longer than a loop is given to end; shorter than that twice. */
const SLOW_MS = 900;

test("waits for a main thread that has ended its loop, and is slow to say so", async () => {
  const state = new SharedState(SharedState.allocate());
  const posted: string[] = [];
  const pending: boolean[] = [];
  const interrupter = new Interrupter(
    state,
    ({ type }) => posted.push(type),
    (is) => pending.push(is),
  );
  interrupter.interrupt();
  await until("loops are told to end", () => state.endLoops);
  state.countLoopEnd();
  await pause(SLOW_MS); // what a busy machine does
  interrupter.acknowledge(1);
  await until("the interrupt is over", () => pending.length === 2);
  expect(posted).toEqual(["interrupt"]);
  expect(state.endLoops).toBe(false);
});
