import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { patience } from "../../src/lab/patience";

test("is over after its time, though garbage is collected meanwhile", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const stop = new AbortController();
  let reason: unknown;
  // Nothing but its listener refers to it.
  patience(50, stop.signal).addEventListener("abort", ({ target }) => {
    if (target instanceof AbortSignal) reason = target.reason;
  });
  collect();
  await expect.poll(() => reason, { timeout: 10_000 }).toMatchObject({ name: "TimeoutError" });
});

test("is over at once when it is stopped, and then lets go of its stop", async () => {
  const stop = new AbortController();
  const keeps = setInterval(() => {}, 1_000);
  onTestFinished(() => clearInterval(keeps));
  const signal = patience(60_000, stop.signal);
  const over = once(signal, "abort");
  stop.abort(new Error("stopped"));
  await over;
  expect(signal.reason).toEqual(new Error("stopped"));
  expect(patience(60_000, stop.signal).aborted).toBe(true);
});

test("needs nobody who could stop it", async () => {
  const signal = patience(1);
  await pause(1);
  await expect.poll(() => signal.aborted, { timeout: 10_000 }).toBe(true);
});
