import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Kernel, Output } from "../../../src/tools/kernel/client";
import { KERNEL_TEST_TIMEOUT_MS, kernelForFile, run, until } from "./support";

let kernel: Kernel;
const late: string[] = [];

function note(output: Output, cellId = ""): void {
  if (output.output_type === "execute_result") return;
  const what =
    output.output_type === "stream" ? `${output.name}: ${output.text}` : output.output_type;
  late.push(`${cellId} ${what}`);
}

/** Options of a cell whose output counts as its own also before the client has heard that it has ended. */
const noted = (cellId: string) => ({ cellId, onOutput: (output: Output) => note(output, cellId) });

beforeAll(async () => {
  kernel = await kernelForFile({ onLateOutput: (output, { cellId }) => note(output, cellId) });
}, KERNEL_TEST_TIMEOUT_MS);

describe("what a cell prints", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("arrives however it is written, whole, also in pieces of characters and bytes", async () => {
    const { stdout, stderr } = await run(
      kernel,
      `process.stdout.write("string, ");
       process.stdout.write("68657820", "hex");
       const bytes = Buffer.from("naïve 😀");
       for (const byte of bytes) process.stdout.write(new Uint8Array([byte]));
       await new Promise<void>((resolve) => process.stdout.write("\\n", () => resolve()));
       console.table([{ a: 1 }]);
       console.error("err");`,
    );
    expect(stdout).toContain("string, hex naïve 😀\n");
    expect(stdout).toContain("│ 0       │ 1 │");
    expect(stderr).toBe("err\n");
  });

  test("is seen before a loop that never yields", async () => {
    let seen = "";
    const ran = run(kernel, "console.log('a'); console.log('b'); for (;;);", {
      onOutput: (output) => {
        if ("text" in output) seen += output.text;
      },
    });
    await until("both lines are seen", () => seen === "a\nb\n");
    await kernel.interrupt();
    expect((await ran).status).toBe("error");
  });

  test("comes in few messages when it comes in a burst", async () => {
    const { outputs } = await run(kernel, "for (let i = 0; i < 50_000; i++) console.log(i);");
    // How many depends on how busy the machine is; a message for each line would be 50,000.
    expect(outputs.length).toBeLessThan(5_000);
  });

  test("has no colours, whatever the kernel was started from", async () => {
    expect((await run(kernel, "console.log({ a: 1 }, process.stdout.isTTY);")).stdout).toBe(
      "{ a: 1 } false\n",
    );
  });

  test("is held back, not kept in the kernel's memory, while the reader is slow", async () => {
    const before = rssMiB(kernel.pid);
    let peak = before;
    const code =
      'const line = "x".repeat(1023); for (let i = 0; i < 300_000; i++) console.log(line);';
    let chars = 0;
    let paused = false;
    const { status } = await kernel.execute(code, {
      onOutput: (output) => {
        if (output.output_type !== "stream") return;
        chars += output.text.length;
        peak = Math.max(peak, rssMiB(kernel.pid));
        if (paused || chars < 10_000_000) return;
        paused = true;
        // Reads nothing for a while: all of this process waits.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      },
    });
    // Of 293 MiB that are printed. What is held is bounded; how much garbage lies beside it depends on Node.
    expect(peak - before).toBeLessThan(230);
    expect(status).toBe("ok");
    expect(paused).toBe(true);
    expect(chars).toBe(300_000 * 1024);
  });
});

describe("what is printed after its cell has ended", { timeout: KERNEL_TEST_TIMEOUT_MS }, () => {
  test("belongs to the cell that started it, also while another runs", async () => {
    late.length = 0;
    await run(
      kernel,
      `import net from "node:net";
       import { setTimeout as sleep } from "node:timers/promises";
       const server = net.createServer((socket) => { console.log("connection"); socket.end(); });
       await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
       void (async () => { await sleep(20); console.log("slept"); })();
       setTimeout(() => console.error("timer"), 20);`,
      noted("starter"),
    );
    const { stdout, stderr } = await run(
      kernel,
      `const client = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1");
       await new Promise((done) => client.resume().once("close", done));
       await sleep(60);
       console.log("own");
       server.close();`,
      { cellId: "later" },
    );
    expect({ stdout, stderr }).toEqual({ stdout: "own\n", stderr: "" });
    await until("all late lines are there", () => late.length >= 3);
    expect(late.sort()).toEqual([
      "starter stderr: timer\n",
      "starter stdout: connection\n",
      "starter stdout: slept\n",
    ]);
  });

  test("may also be shown", async () => {
    late.length = 0;
    const code =
      'import { display } from "tslab"; setTimeout(() => display.html("<i>late</i>"), 20);';
    await run(kernel, code, noted("shower"));
    await until("the display is there", () => late.length > 0);
    expect(late).toEqual(["shower display_data"]);
  });
});

function rssMiB(pid: number): number {
  if (process.platform !== "linux") return 0;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
