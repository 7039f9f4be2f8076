/** Kernels that cost nothing: a cell is the word for what becomes of it. */
import type { OwnedKernel } from "../../../src/tools/notebook/run-all";

class FakeKernel implements OwnedKernel {
  onLateOutput = undefined;
  isShutDown = false;
  #leaks: { kind: string; detail: string; cell: string }[] = [];

  constructor(readonly env: NodeJS.ProcessEnv) {}

  execute: OwnedKernel["execute"] = async (code, { cellId }) => {
    const word = code.trim();
    if (word === "die") throw new Error("the kernel has died");
    if (word === "leak") this.#leaks.push({ kind: "a server", detail: "", cell: cellId });
    if (word !== "fail") return { status: "ok" };
    const error = { ename: "Error", evalue: "it fails", traceback: ["Error: it fails"] };
    return { status: "error", error };
  };

  async interrupt(): Promise<void> {}

  async openResources(): ReturnType<OwnedKernel["openResources"]> {
    return this.#leaks;
  }

  async shutdown(): Promise<void> {
    this.isShutDown = true;
  }
}

/** Starts them, and knows all that were started. */
export function fakeKernels(): {
  kernels: readonly FakeKernel[];
  start(options?: { env: NodeJS.ProcessEnv }): Promise<OwnedKernel>;
} {
  const kernels: FakeKernel[] = [];
  return {
    kernels,
    start: async ({ env } = { env: {} }) => {
      const kernel = new FakeKernel(env);
      kernels.push(kernel);
      return kernel;
    },
  };
}
