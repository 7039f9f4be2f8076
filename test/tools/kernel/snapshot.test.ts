// Kernels that start from a snapshot: no cell can tell, and without one, or with a bad one, they start too.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { prepareKernels, startKernel } from "../../../src/tools/kernel/client";
import { kernelDirectory } from "../../../src/tools/kernel/kernel-build.mjs";
import { findSnapshot, snapshotFile } from "../../../src/tools/kernel/snapshot";
import { KERNEL_TEST_TIMEOUT_MS, kernelForFile, REPOSITORY, run } from "./support";

const KERNELSPEC = path.join(REPOSITORY, ".jupyter/kernels/socket-lab/kernel.json");
const OPTIONS = (JSON.parse(readFileSync(KERNELSPEC, "utf8")).argv as string[]).filter((arg) =>
  arg.startsWith("--"),
);

/** Threads cannot load node:net in a process that Node 22 or 24 started from a snapshot. */
const SUPPORTED = !["22", "24"].includes(process.versions.node.split(".")[0] as string);

describe("a kernel from a snapshot", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  if (SUPPORTED)
    test("shows cells the process that it would be without, also its threads and processes", async () => {
      expect(findSnapshot(REPOSITORY, OPTIONS, process.env)).toBeDefined();
      const kernel = await kernelForFile();
      const started = readFileSync(`/proc/${kernel.pid}/cmdline`, "utf8");
      expect(started).toContain("--snapshot-blob");

      const self = await run(
        kernel,
        "console.log(JSON.stringify([process.execArgv, process.argv.length, Error.stackTraceLimit, process.cwd()]));",
      );
      expect(JSON.parse(self.stdout)).toEqual([OPTIONS, 3, 10, REPOSITORY]);

      const inThread =
        'require("node:http"); require("node:crypto"); require("node:child_process");';
      const children = await run(
        kernel,
        `import { fork } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
const thread = new Worker(${JSON.stringify(inThread)}, { eval: true });
console.log("thread", (await once(thread, "exit"))[0]);
const child = fork("-", { execArgv: [...process.execArgv, "-e", "process.send(6 * 7)"] });
console.log("process", (await once(child, "message"))[0]);`,
      );
      expect(children).toMatchObject({ status: "ok", stdout: "thread 0\nprocess 42\n" });
    });
  else
    test("is not made where Node cannot use it, and not tried again", async () => {
      await prepareKernels();
      expect(statSync(snapshotFile(REPOSITORY, OPTIONS, process.env)).size).toBe(0);
      expect(findSnapshot(REPOSITORY, OPTIONS, process.env)).toBeUndefined();
    });

  test("starts without it when it turns out to be unusable, which is then gone", async () => {
    // Other options of Node than any other test's: a snapshot of its own.
    const env = { NODE_OPTIONS: "--no-deprecation --title=unusable" };
    const file = snapshotFile(REPOSITORY, OPTIONS, env);
    writeFileSync(file, "not a snapshot");
    const deaths: Error[] = [];
    const kernel = await startKernel({ env, onDeath: (death) => deaths.push(death) });
    onTestFinished(() => void kernel.shutdown());
    expect((await run(kernel, "6 * 7")).result).toBe("42");
    expect(deaths).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  test("is given up on request, and nothing is left of it", async () => {
    const env = { NODE_OPTIONS: "--no-deprecation --title=given-up" };
    const giveUp = new AbortController();
    const prepared = prepareKernels({ env, signal: giveUp.signal });
    setImmediate(() => giveUp.abort());
    await prepared;
    const name = path.basename(snapshotFile(REPOSITORY, OPTIONS, env));
    const left = readdirSync(kernelDirectory(REPOSITORY)).filter((file) => file.startsWith(name));
    expect(left).toEqual([]);
  });
});
