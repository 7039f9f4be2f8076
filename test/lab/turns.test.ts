import { expect, test } from "vitest";
import { oneAtATime, takeTurns } from "../../src/lab/turns";

/** Far more than fit into the time after which others get their turn. */
const STEPS_MAX = 3_000_000;

test("a long computation lets the rest of the process have its turn", async () => {
  const turn = takeTurns();
  let isOther = false;
  setImmediate(() => {
    isOther = true;
  });
  let steps = 0;
  for (; !isOther && steps < STEPS_MAX; steps++) await turn();
  expect(isOther).toBe(true);
  expect(steps).toBeGreaterThan(1);
});

test("a computation whose client is gone ends at its next turn", async () => {
  const abort = new AbortController();
  const turn = takeTurns(abort.signal);
  abort.abort(new RangeError("gone"));
  const compute = async () => {
    for (let steps = 0; steps < STEPS_MAX; steps++) await turn();
  };
  await expect(compute()).rejects.toThrow("gone");
});

test("tasks run one after the other, in their order, also after one that failed", async () => {
  const run = oneAtATime();
  const log: string[] = [];
  const task = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise<void>((resolve) => setImmediate(resolve));
    log.push(`${name} ends`);
    if (name === "b") throw new RangeError(name);
    return name;
  };
  const results = await Promise.allSettled(["a", "b", "c"].map((name) => run(task(name))));
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
