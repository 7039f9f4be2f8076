import { expect, test } from "vitest";
import {
  runOnThreads,
  type SelfContained,
  ThreadFailure,
  threadsFor,
} from "../../src/scan/threads";

/** Takes numbers from a shared counter, and counts how many threads took part. */
interface Counting {
  readonly words: Int32Array;
  readonly until: number;
}

const counting = (until: number): Counting => ({
  words: new Int32Array(new SharedArrayBuffer(12)),
  until,
});

const count: SelfContained<Counting> = (_net, { words, until }, over) => {
  Atomics.add(words, 1, 1);
  const take = (): void => {
    for (let i = 0; i < 100; i += 1) {
      if (Atomics.add(words, 0, 1) < until) continue;
      over();
      return;
    }
    setImmediate(take);
  };
  take();
  return () => {};
};

/** Waits for ever, until it is stopped. */
const wait: SelfContained<Counting> = (_net, { words }, over) => {
  const timer = setInterval(() => Atomics.add(words, 0, 1), 5);
  return () => {
    clearInterval(timer);
    over();
  };
};

test.each([0, 1, 3])("a function runs on %i threads beside this one", async (threads) => {
  const work = counting(10_000);
  await runOnThreads(count, work, threads);
  expect(work.words[1]).toBe(Math.max(1, threads));
  expect(work.words[0]).toBeGreaterThanOrEqual(10_000);
});

test.each([0, 2])("an aborted signal ends it, on %i threads", async (threads) => {
  const work = counting(0);
  const stop = new AbortController();
  const running = runOnThreads(wait, work, threads, stop.signal);
  await expect.poll(() => work.words[0]).toBeGreaterThan(2);
  stop.abort();
  await running; // and not for ever
});

test("nothing starts when the signal has been aborted before", async () => {
  const work = counting(10);
  await runOnThreads(count, work, 2, AbortSignal.abort());
  expect([...work.words]).toEqual([0, 0, 0]);
});

test.each([0, 2])("a failure is told, on %i threads, and ends the others", async (threads) => {
  const fail: SelfContained<Counting> = (_net, { words }, over) => {
    if (Atomics.add(words, 0, 1) === 0) setTimeout(() => over("EMFILE"), 10);
    return () => {};
  };
  const failing = runOnThreads(fail, counting(0), threads);
  await expect(failing).rejects.toThrow(new ThreadFailure("EMFILE"));
});

test("a bug in the function is a bug here, and no failure", async () => {
  const broken: SelfContained<Counting> = () => {
    throw new TypeError("a bug");
  };
  const error = await runOnThreads(broken, counting(0), 2).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "TypeError", message: "a bug" });
});

test.each([
  ["few probes stay on this thread", 5_000, 500, 8, 0],
  ["few sockets stay on this thread", 65_535, 30, 8, 0],
  ["one core stays on this thread", 65_535, 500, 1, 0],
  ["all ports use both cores", 65_535, 500, 2, 2],
  ["never more than eight", 1_000_000, 5_000, 64, 8],
])("%s", (_what, probes, sockets, cores, threads) => {
  expect(threadsFor(probes, sockets, cores)).toBe(threads);
});

test("helpers are handed over with the function, on this thread and on others", async () => {
  class Doubler {
    readonly by = 2;
    of(value: number): number {
      return value * this.by;
    }
  }
  const double = (value: number) => value * 2;
  for (const threads of [0, 2]) {
    const work = counting(0);
    const run: SelfContained<Counting, [typeof Doubler, typeof double]> = (
      _net,
      { words },
      done,
      DoublerClass,
      doubled,
    ) => {
      Atomics.store(words, 2, new DoublerClass().of(doubled(5)));
      done();
      return () => {};
    };
    await runOnThreads(run, work, threads, undefined, Doubler, double);
    expect(work.words[2]).toBe(20);
  }
});

test("an abort after the end stops nothing more", async () => {
  let stops = 0;
  const controller = new AbortController();
  const run: SelfContained<Counting> = (_net, _work, done) => {
    done();
    return () => {
      stops += 1;
    };
  };
  await runOnThreads(run, counting(0), 0, controller.signal);
  const before = stops;
  controller.abort();
  expect(stops).toBe(before);
});
