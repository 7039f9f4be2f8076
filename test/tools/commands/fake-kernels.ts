/** Kernels that cost nothing: a cell is the word for what becomes of it. */
import type { CellFailure } from "../../../src/tools/notebook/run";
import type { OwnedKernel } from "../../../src/tools/notebook/run-all";

class FakeKernel implements OwnedKernel {
  onLateOutput = undefined;
  isShutDown = false;
  #leaks: { kind: string; detail: string; cell: string }[] = [];

  constructor(
    readonly env: NodeJS.ProcessEnv,
    readonly error: CellFailure,
  ) {}

  execute: OwnedKernel["execute"] = async (code, { cellId }) => {
    const word = code.trim();
    if (word === "die") throw new Error("the kernel has died");
    if (word === "leak") this.#leaks.push({ kind: "a server", detail: "", cell: cellId });
    if (word !== "fail") return { status: "ok" };
    return { status: "error", error: this.error };
  };

  async interrupt(): Promise<void> {}

  async openResources(): ReturnType<OwnedKernel["openResources"]> {
    return this.#leaks;
  }

  async shutdown(): Promise<void> {
    this.isShutDown = true;
  }
}

const IT_FAILS = { ename: "Error", evalue: "it fails", traceback: ["Error: it fails"] };

/**
 * Starts them, and knows all that were started.
 * @param error what the word `fail` throws
 */
export function fakeKernels(error: CellFailure = IT_FAILS): {
  kernels: readonly FakeKernel[];
  start(options?: { env: NodeJS.ProcessEnv }): Promise<OwnedKernel>;
} {
  const kernels: FakeKernel[] = [];
  return {
    kernels,
    start: async ({ env } = { env: {} }) => {
      const kernel = new FakeKernel(env, error);
      kernels.push(kernel);
      return kernel;
    },
  };
}
