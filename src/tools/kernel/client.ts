// Starts kernels, which are then spoken to over ZeroMQ.

import { Kernel, REPOSITORY, type StartOptions } from "./kernel";
import { prepareKernels as prepare } from "./kernel-process";

export type { LateOutputHook } from "./calls";
export {
  type DeathHook,
  type ExecuteOptions,
  Kernel,
  type KernelState,
  START_TIMEOUT_MS,
  type StartOptions,
} from "./kernel";
export { KernelDied } from "./kernel-process";
export type { OpenResource } from "./open-resource";
export type { ExecuteResult, Output } from "./results";

const STOCK_START_TIMEOUT_MS = 20_000;
const STOCK_START_ATTEMPTS = 3;

/**
 * Has kernels with this environment start in a third of the time from now on. Resolves when that is so,
 * after some seconds the first time; never rejects, since kernels start without it too.
 * @param options.signal gives up
 */
export function prepareKernels(options: Pick<StartOptions, "env" | "signal"> = {}): Promise<void> {
  return prepare(REPOSITORY, options);
}

/**
 * Starts a kernel and resolves when it is ready: it has answered, and its output is sure to arrive.
 * @throws KernelDied when it ends instead, with what it said; Error when it is not ready in time.
 */
export async function startKernel(options: StartOptions = {}): Promise<Kernel> {
  options.signal?.throwIfAborted();
  if (options.stock) return startStock(options);
  const kernel = new Kernel(options);
  await kernel.start();
  return kernel;
}

/** tslab's own kernel needs ports chosen for it, and never starts when one was taken in between. */
async function startStock(options: StartOptions): Promise<Kernel> {
  for (let attempt = 1; ; attempt++) {
    try {
      const kernel = new Kernel({ timeoutMs: STOCK_START_TIMEOUT_MS, ...options });
      await kernel.start();
      return kernel;
    } catch (error) {
      if (attempt === STOCK_START_ATTEMPTS || options.signal?.aborted) throw error;
    }
  }
}
