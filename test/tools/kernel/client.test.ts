import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Kernel, KernelDied, startKernel } from "../../../src/tools/kernel/client";
import {
  isAlive,
  KERNEL_TEST_TIMEOUT_MS,
  kernelForFile,
  REPOSITORY,
  run,
  SERVER_CELL,
  until,
} from "./support";

describe("a kernel", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  let kernel: Kernel;

  beforeAll(async () => {
    kernel = await kernelForFile({ env: { LAB_TEST: "yes" } });
  }, KERNEL_TEST_TIMEOUT_MS);

  test("is ready when startKernel resolves: the first cell's output arrives", async () => {
    expect(kernel.state).toBe("idle");
    expect((await run(kernel, "console.log('first')")).stdout).toBe("first\n");
  });

  test("completes and inspects, with offsets in JavaScript's own units", async () => {
    await run(kernel, "/** How wide. */\nconst width: number = 5;");
    const code = "'😀'; wid";
    const { matches, start, end } = await kernel.complete(code, code.length);
    expect(matches).toContain("width");
    expect([start, end]).toEqual([6, 9]);
    expect(await kernel.inspect("'😀'; width", 8)).toContain("const width: number");
    expect(await kernel.inspect("   ", 1)).toBeUndefined();
  });

  test("tells code that is complete from code that goes on and code that is wrong", async () => {
    expect(await kernel.isComplete("f(1);")).toMatchObject({ status: "complete" });
    expect(await kernel.isComplete("function f() {")).toMatchObject({
      status: "incomplete",
      indent: "  ",
    });
    expect(await kernel.isComplete("f(1));")).toMatchObject({ status: "invalid" });
  });

  test("runs calls that are made at once one after the other", async () => {
    const all = await Promise.all(
      [1, 2, 3].map((n) => run(kernel, `await null; console.log(${n});`)),
    );
    expect(all.map(({ stdout }) => stdout)).toEqual(["1\n", "2\n", "3\n"]);
    const counts = all.map(({ executionCount }) => executionCount);
    expect(counts).toEqual([1, 2, 3].map((n) => (counts[0] ?? 0) - 1 + n));
  });

  test("sees environment variables that it was started with", async () => {
    expect((await run(kernel, "process.env.LAB_TEST")).result).toBe("'yes'");
  });

  test("gives a caller whose onOutput throws its own error, and goes on", async () => {
    const call = kernel.execute("console.log(1); console.log(2);", {
      onOutput: () => {
        throw new Error("the caller's own");
      },
    });
    await expect(call).rejects.toThrow("the caller's own");
    expect((await run(kernel, "1 + 1")).result).toBe("2");
  });

  test("restarts with nothing of before", async () => {
    await run(kernel, "const before = 1;");
    const { pid } = kernel;
    await kernel.restart();
    expect(kernel.pid).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
    expect((await run(kernel, "before")).status).toBe("error");
  });
});

describe("a kernel that dies", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  const deaths: KernelDied[] = [];
  let kernel: Kernel;

  beforeAll(async () => {
    kernel = await kernelForFile({ onDeath: (death) => deaths.push(death) });
  }, KERNEL_TEST_TIMEOUT_MS);

  test("rejects every pending call at once, tells why, and can be started again", async () => {
    const pending = [
      run(kernel, "console.log('on'); await new Promise(() => {})"),
      run(kernel, "1"),
      kernel.complete("pro", 3),
    ].map((call) => call.catch((error) => error));
    process.kill(kernel.pid, "SIGKILL");
    for (const error of await Promise.all(pending)) {
      expect(error).toBeInstanceOf(KernelDied);
      expect(error).toMatchObject({ signal: "SIGKILL", exitCode: null });
    }
    expect(kernel.state).toBe("dead");
    expect(deaths).toHaveLength(1);
    await expect(run(kernel, "1")).rejects.toBeInstanceOf(KernelDied);
    await kernel.restart();
    expect((await run(kernel, "1 + 1")).result).toBe("2");
  });

  test("takes its last words with it into the error", async () => {
    const death = await run(
      kernel,
      "import { writeSync } from 'node:fs'; writeSync(2, 'last words'); process.abort();",
    ).catch((e) => e);
    expect(death).toBeInstanceOf(KernelDied);
    expect(death.message).toContain("last words");
  });

  test("while it starts makes startKernel reject", async () => {
    const started = startKernel({ env: { NODE_OPTIONS: "--not-an-option" } });
    await expect(started).rejects.toMatchObject({ name: "KernelDied", exitCode: 9 });
  });
});

describe("a kernel that is ended", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  const { TMPDIR } = process.env;
  let temporary: string;

  beforeAll(() => {
    temporary = mkdtempSync(path.join(os.tmpdir(), "socket-lab-test-"));
    process.env.TMPDIR = temporary;
  });
  afterAll(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(temporary, { recursive: true, force: true });
  });

  test("leaves no process and no file, though a server listens and a timer runs", async () => {
    const kernel = await startKernel();
    await run(kernel, SERVER_CELL);
    const { stdout } = await run(
      kernel,
      "import { spawn } from 'node:child_process'; console.log(spawn('sleep', ['1000']).pid);",
    );
    const { pid } = kernel;
    const started = performance.now();
    // By itself, where tslab's own stays behind: see the repairs.
    expect(await kernel.shutdown(2_000)).toEqual({ killed: false });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(isAlive(pid)).toBe(false);
    await until("its child has ended", () => !isAlive(Number(stdout)));
    expect(readdirSync(temporary)).toEqual([]);
    await expect(run(kernel, "1")).rejects.toBeInstanceOf(KernelDied);
  });

  test.runIf(process.platform === "linux")(
    "listens on no port, but in a folder that only its owner can enter",
    async () => {
      const kernel = await startKernel();
      const [folder = ""] = readdirSync(temporary);
      expect(statSync(path.join(temporary, folder)).mode & 0o077).toBe(0);
      // Sockets of TCP that belong to the kernel's process.
      const own = readdirSync(`/proc/${kernel.pid}/fd`).flatMap((fd) => {
        try {
          return (
            readlinkSync(`/proc/${kernel.pid}/fd/${fd}`).match(/^socket:\[(\d+)\]$/)?.[1] ?? []
          );
        } catch {
          return []; // closed meanwhile
        }
      });
      const tcp = readFileSync(`/proc/${kernel.pid}/net/tcp`, "utf8").split("\n");
      expect(tcp.filter((line) => own.includes(line.trim().split(/\s+/)[9] ?? ""))).toEqual([]);
      await kernel.shutdown();
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  test("ends while a cell never yields", async () => {
    const kernel = await startKernel();
    const pending = run(kernel, "console.log('on'); for (;;);").catch((error) => error);
    await kernel.shutdown();
    expect(await pending).toBeInstanceOf(KernelDied);
    expect(isAlive(kernel.pid)).toBe(false);
  });

  test("is not started when its signal is aborted, and leaves nothing when it is aborted on the way", async () => {
    await expect(startKernel({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    const abort = new AbortController();
    const starting = startKernel({ signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(starting).rejects.toThrow(/abort/i);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("is told when it is not ready in time", async () => {
    await expect(startKernel({ timeoutMs: 20 })).rejects.toThrow("not ready within 20 ms");
  });
});

describe("a front end that is killed", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("takes its kernels with it, whether they are idle, serve or never yield", async () => {
    const cells = ["1", SERVER_CELL, "console.log('on'); for (;;);"];
    const frontEnd = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        "--input-type=module",
        "-e",
        `import { startKernel } from ${JSON.stringify(path.join(REPOSITORY, "src/tools/kernel/client.ts"))};
         const kernels = await Promise.all(${JSON.stringify(cells)}.map(async (cell) => {
           const kernel = await startKernel();
           const running = kernel.execute(cell, { onOutput: () => printed() }).catch(() => {});
           let printed = () => {};
           await Promise.race([running, new Promise((resolve) => { printed = resolve; })]);
           return kernel.pid;
         }));
         console.log(kernels.join());
         setInterval(() => {}, 1000);`,
      ],
      { cwd: REPOSITORY, stdio: ["ignore", "pipe", "inherit"] },
    );
    try {
      const [line] = await once(frontEnd.stdout, "data");
      const pids = String(line).split(",").map(Number);
      expect(pids.map(isAlive)).toEqual([true, true, true]);
      frontEnd.kill("SIGKILL");
      await until("the kernels have ended", () => !pids.some(isAlive));
    } finally {
      frontEnd.kill("SIGKILL");
    }
  });
});
