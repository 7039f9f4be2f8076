// Kernels for tests, ended with the file that started them; and cells run with their outputs collected.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type ExecuteOptions,
  type ExecuteResult,
  type Kernel,
  type Output,
  type StartOptions,
  startKernel,
} from "../../../src/tools/kernel/client";
import { atEndOfFile } from "../../support/end-of-file";

export const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
/** Generous: other tests share the processor. */
export const KERNEL_TEST_TIMEOUT_MS = 60_000;

/** Leaves a server and a timer open. */
export const SERVER_CELL =
  'import net from "node:net"; const server = net.createServer().listen(0, "127.0.0.1"); setInterval(() => {}, 1000); await new Promise<void>((done) => server.once("listening", () => done()));';

export interface Ran extends ExecuteResult {
  outputs: Output[];
  stdout: string;
  stderr: string;
  /** The text/plain of the execute_result. */
  result: unknown;
}

/** Starts a kernel that ends with the test file. */
export async function kernelForFile(options: StartOptions = {}): Promise<Kernel> {
  const kernel = await startKernel(options.stock ? options : { timeoutMs: 40_000, ...options });
  atEndOfFile(() => kernel.shutdown());
  return kernel;
}

export async function run(
  kernel: Kernel,
  code: string,
  options: ExecuteOptions = {},
): Promise<Ran> {
  const outputs: Output[] = [];
  const executed = await kernel.execute(code, {
    ...options,
    onOutput: (output) => {
      outputs.push(output);
      options.onOutput?.(output);
    },
  });
  const text = (name: string) =>
    outputs
      .map((output) => (output.output_type === "stream" && output.name === name ? output.text : ""))
      .join("");
  const result = outputs.find((output) => output.output_type === "execute_result");
  return {
    ...executed,
    outputs,
    stdout: text("stdout"),
    stderr: text("stderr"),
    result: result && "data" in result ? result.data["text/plain"] : undefined,
  };
}

/** A folder below the repository, so that cells can import from it; removed with the file's tests. */
export function importableFolder(): { write(name: string, text: string): void; specifier: string } {
  const parent = path.join(REPOSITORY, ".lab");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, "test-"));
  atEndOfFile(() => rmSync(folder, { recursive: true, force: true }));
  return {
    write: (name, text) => writeFileSync(path.join(folder, name), text),
    specifier: `./.lab/${path.basename(folder)}`,
  };
}

/** Polls until `condition` holds. @throws Error naming `what` after the deadline. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(10);
  }
}

export { isAlive } from "../../../src/tools/kernel/alive";
