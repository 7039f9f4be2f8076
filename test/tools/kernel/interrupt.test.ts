import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { type Kernel, startKernel } from "../../../src/tools/kernel/client";
import { KERNEL_TEST_TIMEOUT_MS, kernelForFile, run } from "./support";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await kernelForFile();
}, KERNEL_TEST_TIMEOUT_MS);

const ENDLESS = {
  "an endless loop": "console.log('on'); while (true) {}",
  "an endless loop after an await": "await null; console.log('on'); for (;;);",
  "a loop that starves the event loop": "console.log('on'); for (;;) await null;",
  "a loop that awaits":
    "console.log('on'); while (true) await new Promise((r) => setTimeout(r, 10));",
  "a promise that never settles": "console.log('on'); await new Promise(() => {});",
  "a chain of promises without a loop":
    "function spin(): void { void Promise.resolve().then(spin); } console.log('on'); spin(); await new Promise(() => {});",
  "an endless loop in a timer":
    "setTimeout(() => { console.log('on'); while (true) {} }, 5); await new Promise(() => {});",
  "an endless loop in a method that calls back":
    "console.log('on'); new Array(10).fill(0).forEach(() => { while (true) {} });",
} as const;

/** Runs a cell, interrupts it once it has printed, and returns how it ended. */
async function interrupted(code: string, interrupt: () => unknown, target = kernel) {
  let printed = () => {};
  const running = new Promise<void>((resolve) => {
    printed = resolve;
  });
  const done = run(target, code, { onOutput: () => printed() });
  await Promise.race([running, done]);
  await interrupt();
  return done;
}

type Endless = keyof typeof ENDLESS;
const ALL = Object.keys(ENDLESS) as Endless[];
/** A signal becomes the same request: what may keep it from doing so is a main thread that is busy. */
const BUSY_AND_IDLE: Endless[] = ["an endless loop", "a promise that never settles"];

describe.each([
  ["an interrupt request", ALL, () => kernel.interrupt()],
  ["SIGINT to the process", BUSY_AND_IDLE, () => process.kill(kernel.pid, "SIGINT")],
])("%s", { timeout: KERNEL_TEST_TIMEOUT_MS }, (_how, endless, interrupt) => {
  test.each(endless)("ends %s, and the next cell runs", async (what) => {
    const code = ENDLESS[what];
    const { status, error, outputs } = await interrupted(code, interrupt);
    expect(status).toBe("error");
    expect(error?.ename).toBe("KernelInterrupted");
    expect(error?.evalue).toContain("may go on");
    expect(outputs.at(-1)?.output_type).toBe("error");
    expect((await run(kernel, "console.log(6 * 7)")).stdout).toBe("42\n");
  });

  test("lets a program that handles SIGINT end by itself", async () => {
    const code = `
      const stopped = new Promise<void>((resolve) => { process.once("SIGINT", () => resolve()); });
      console.log("on");
      await stopped;
      console.log("stopped");`;
    expect(await interrupted(code, interrupt)).toMatchObject({
      status: "ok",
      stdout: "on\nstopped\n",
    });
  });

  test("ends a program that handles SIGINT and does not end", async () => {
    const code = `
      process.once("SIGINT", () => console.log("ignored"));
      console.log("on");
      await new Promise(() => {});`;
    const { error, stdout } = await interrupted(code, interrupt);
    expect(error?.ename).toBe("KernelInterrupted");
    expect(stdout).toBe("on\nignored\n");
  });
});

describe("tslab's own kernel", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("cannot end an endless loop after an await, even by SIGINT", async () => {
    const stock = await startKernel({ stock: true });
    try {
      const done = interrupted(
        ENDLESS["an endless loop after an await"],
        () => stock.interrupt(),
        stock,
      ).catch((error) => error);
      // Longer than ours takes; nothing tells that something will never happen.
      expect(await Promise.race([done, sleep(1_500, "still running")])).toBe("still running");
    } finally {
      await stock.shutdown();
    }
  });
});

describe("an interrupt", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("while nothing runs changes nothing", async () => {
    await kernel.interrupt();
    expect((await run(kernel, "1 + 1")).result).toBe("2");
  });

  test("leaves what cells declared", async () => {
    await run(kernel, "const kept = 'kept';");
    await interrupted("console.log('on'); for (;;);", () => kernel.interrupt());
    expect((await run(kernel, "kept")).result).toBe("'kept'");
  });

  test("ends a loop that fills the output faster than anyone reads it", async () => {
    const { error } = await interrupted("for (;;) console.log('x'.repeat(1000));", () =>
      kernel.interrupt(),
    );
    expect(error?.ename).toBe("KernelInterrupted");
  });

  test("is what an aborted signal sends", async () => {
    const abort = new AbortController();
    const done = run(kernel, "console.log('on'); await new Promise(() => {});", {
      signal: abort.signal,
      onOutput: () => abort.abort(),
    });
    expect((await done).error?.ename).toBe("KernelInterrupted");
  });
});
