/** The kernel of a session: starts behind the first screen, is started again when it dies, runs one cell at a time. */
import type { Kernel, Output } from "../kernel/client";
import type { CellFailure } from "../notebook/run";

export type KernelStatus = "starting" | "ready" | "running" | "failed" | "closed";

/** What is known of the kernel. */
export interface KernelState {
  readonly status: KernelStatus;
  /** Counts kernels: what ran in an earlier one is gone. */
  readonly generation: number;
  /** The running cell has been asked to end. */
  readonly interrupting: boolean;
}

export type CellResult =
  | { readonly status: "ok" }
  | { readonly status: "error"; readonly failure: CellFailure | undefined }
  /** The kernel is gone, and another one starts: what cells defined is lost. */
  | { readonly status: "lost"; readonly reason: string };

export interface KernelHostOptions {
  startKernel(options: {
    onLateOutput(output: Output, cell: { cellId?: string }): void;
    onDeath(error: Error): void;
    signal: AbortSignal;
  }): Promise<Kernel>;
  /** Told of what a cell prints after it has ended. */
  onLateOutput(output: Output, cell: string | undefined): void;
  /** Told when a kernel ended by itself while no cell ran. */
  onDeath(reason: string): void;
  /** Told why a kernel could not be started. */
  onFailure(reason: string): void;
  /** Told when `status` has changed. */
  onChange(): void;
}

/** How long a kernel that is restarted may take to end; a busy one never would. */
const RESTART_GRACE_MS = 500;

export class KernelHost implements KernelState {
  readonly #options: KernelHostOptions;
  /** Aborted when the session is over: a kernel that is still starting is given up. */
  readonly #closing = new AbortController();
  #kernel: Promise<Kernel>;
  #status: KernelStatus = "starting";
  #generation = 0;
  #interrupting = false;

  /** Starts the kernel at once. */
  constructor(options: KernelHostOptions) {
    this.#options = options;
    this.#kernel = this.#start();
  }

  get status(): KernelStatus {
    return this.#status;
  }

  get generation(): number {
    return this.#generation;
  }

  get interrupting(): boolean {
    return this.#interrupting;
  }

  /** Runs a cell; waits for the kernel if it is still starting. Never rejects. */
  async run(
    source: string,
    cellId: string,
    { onStart, onOutput }: { onStart(): void; onOutput(output: Output): void },
  ): Promise<CellResult> {
    if (this.#status === "failed") this.restart();
    const kernel = this.#kernel;
    try {
      const ready = await kernel;
      if (kernel !== this.#kernel) return { status: "lost", reason: "the kernel was restarted" };
      this.#setStatus("running");
      onStart();
      const result = await ready.execute(source, { cellId, onOutput });
      if (kernel === this.#kernel) this.#setStatus("ready");
      if (result.status === "ok") return { status: "ok" };
      return { status: "error", failure: result.error };
    } catch (error) {
      const restarted = kernel !== this.#kernel;
      if (!restarted && !this.#closing.signal.aborted) this.restart();
      return { status: "lost", reason: restarted ? "the kernel was restarted" : reasonOf(error) };
    } finally {
      this.#interrupting = false;
    }
  }

  /** Ends the running cell with an error. */
  interrupt(): void {
    if (this.#status !== "running") return;
    this.#interrupting = true;
    const kernel = this.#kernel;
    kernel.then((ready) => ready.interrupt()).catch(() => {}); // its death is told to run()
  }

  /** A fresh kernel; a running cell ends as lost. Does not wait until the kernel is ready. */
  restart(): void {
    const old = this.#kernel;
    this.#setStatus("starting");
    this.#kernel = old
      .then((kernel) => kernel.shutdown(RESTART_GRACE_MS))
      .catch(() => {})
      .then(() => this.#start());
    this.#kernel.catch(() => {}); // told to whoever runs a cell
  }

  /** Ends the kernel. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the session is over"));
    this.#setStatus("closed");
    await this.#kernel.then((kernel) => kernel.shutdown()).catch(() => {});
  }

  #start(): Promise<Kernel> {
    this.#generation++;
    const generation = this.#generation;
    const { startKernel, onLateOutput, onDeath } = this.#options;
    const kernel = startKernel({
      signal: this.#closing.signal,
      onLateOutput: (output, { cellId }) => onLateOutput(output, cellId),
      onDeath: (error) => {
        if (generation !== this.#generation || this.#status !== "ready") return;
        onDeath(reasonOf(error));
        this.restart();
      },
    });
    kernel.then(
      () => generation === this.#generation && this.#setStatus("ready"),
      (error: unknown) => {
        if (generation !== this.#generation || this.#closing.signal.aborted) return;
        this.#setStatus("failed");
        this.#options.onFailure(reasonOf(error));
      },
    );
    return kernel;
  }

  #setStatus(status: KernelStatus): void {
    if (this.#status === "closed") return;
    this.#status = status;
    this.#options.onChange();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
