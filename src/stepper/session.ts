/**
 * One person going through the lab: which part, which step, which kernel. It draws nothing, so that another
 * front end can stand on it.
 */
import type { Kernel, Output } from "../kernel/client";
import { NotebookError } from "../notebook/errors";
import { readNotebook, updateNotebook } from "../notebook/files";
import { type Cell, findCell, type Notebook } from "../notebook/format";
import { cellError, runnableCells } from "../notebook/run";
import type { Part } from "./parts";

/** What is read at once: some prose, and the code cell that it leads to. After the last code only prose. */
export interface Step {
  readonly prose: readonly Cell[];
  readonly code?: Cell;
  /** Counts from 0. */
  readonly index: number;
  /** Steps with code in this part. */
  readonly total: number;
}

export type StepResult =
  | { readonly status: "ok" }
  /** The cell failed; `place` is `notebooks/02-tcp.ipynb#cell:line:column`. */
  | { readonly status: "error"; readonly error: NotebookError }
  /** The kernel is gone and another was started: what cells defined is lost. */
  | { readonly status: "kernel lost"; readonly error: Error };

export type KernelStatus = "starting" | "ready" | "running" | "failed";

export interface SessionOptions {
  readonly root: string;
  startKernel(options: {
    onLateOutput(output: Output): void;
    signal: AbortSignal;
  }): Promise<Kernel>;
  /** Told of what cells print after they have ended. */
  onLateOutput(output: Output): void;
  /** Told when `kernelStatus` has changed. */
  onChange(): void;
}

export class Session {
  readonly #options: SessionOptions;
  #kernel: Promise<Kernel>;
  #status: KernelStatus = "starting";
  /** Whether a cell has run in the kernel: then another part needs another one. */
  #used = false;
  /** Aborted when the session is over: a kernel that is still starting is given up. */
  readonly #closing = new AbortController();
  #notebook: Notebook | undefined;
  #at = 0;

  /** Starts the kernel at once; everything but running a cell works while it starts. */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#kernel = this.#start();
  }

  get kernelStatus(): KernelStatus {
    return this.#status;
  }

  /** The notebook that is open. */
  get file(): string | undefined {
    return this.#notebook?.file;
  }

  /** Opens a part at its first step. @throws {NotebookError} it cannot be read */
  async open(part: Part): Promise<void> {
    this.#notebook = await readNotebook(this.#options.root, part.file);
    this.#at = 0;
    if (this.#used || this.#status === "failed") await this.restart();
  }

  /** A fresh kernel; does not wait until it is ready. */
  async restart(): Promise<void> {
    const old = this.#kernel;
    this.#used = false;
    this.#setStatus("starting");
    this.#kernel = old
      .then((kernel) => kernel.shutdown())
      .catch(() => {})
      .then(() => this.#start());
    this.#kernel.catch(() => {}); // told to whoever runs a cell
  }

  get steps(): Step[] {
    const notebook = this.#notebook;
    if (!notebook) return [];
    const runnable = runnableCells(notebook);
    const steps: Step[] = [];
    let prose: Cell[] = [];
    for (const cell of notebook.cells) {
      if (runnable.includes(cell)) {
        steps.push({ prose, code: cell, index: steps.length, total: runnable.length });
        prose = [];
      } else if (cell.type === "markdown") {
        prose.push(cell);
      }
    }
    if (prose.length > 0) steps.push({ prose, index: steps.length, total: runnable.length });
    return steps;
  }

  get step(): Step | undefined {
    return this.steps[this.#at];
  }

  /** Goes to the next step; false at the end. */
  forward(): boolean {
    if (this.#at + 1 >= this.steps.length) return false;
    this.#at++;
    return true;
  }

  /** Goes to the step before; false at the start. */
  back(): boolean {
    if (this.#at === 0) return false;
    this.#at--;
    return true;
  }

  /** Goes to the step of this index. */
  goTo(index: number): void {
    this.#at = Math.max(0, Math.min(index, this.steps.length - 1));
  }

  /**
   * Reads the notebook again, so that what another editor saved is seen; keeps the place.
   *
   * @throws {NotebookError} it cannot be read now; what was read before stays open
   */
  async reload(): Promise<void> {
    const before = this.#notebook;
    if (!before) return;
    const here = this.step;
    this.#notebook = await readNotebook(this.#options.root, before.file);
    const id = (here?.code ?? here?.prose[0])?.id;
    const found = this.steps.findIndex((step) =>
      [...step.prose, ...(step.code ? [step.code] : [])].some((cell) => cell.id === id),
    );
    this.#at = found >= 0 ? found : Math.min(this.#at, Math.max(0, this.steps.length - 1));
  }

  /** Runs the step's cell. Waits for the kernel if it is still starting. */
  async run(onOutput: (output: Output) => void): Promise<StepResult> {
    const file = this.#notebook?.file;
    const cell = this.step?.code;
    if (!file || !cell) return { status: "ok" };
    try {
      const kernel = await this.#kernel;
      this.#used = true;
      this.#setStatus("running");
      const result = await kernel.execute(cell.source, { cellId: cell.id, onOutput });
      this.#setStatus("ready");
      if (result.status === "ok") return { status: "ok" };
      const place = { file, cell: cell.id };
      const error = result.error
        ? cellError(result.error, place)
        : new NotebookError(place, `was not run (${result.status})`);
      return { status: "error", error };
    } catch (error) {
      if (!this.#closing.signal.aborted) await this.restart();
      return {
        status: "kernel lost",
        error: error instanceof Error ? error : new Error(String(error)),
      };
    }
  }

  /** Ends the running cell with an error. */
  async interrupt(): Promise<void> {
    if (this.#status === "running") await (await this.#kernel).interrupt();
  }

  /**
   * Saves an edited cell to the notebook.
   *
   * @param before the source that the edit began with
   * @throws {NotebookError} the notebook cannot be read or written now, or the cell has changed meanwhile
   */
  async saveEdit(cellId: string, before: string, after: string): Promise<void> {
    const { root } = this.#options;
    const file = this.#notebook?.file;
    if (!file) return;
    await updateNotebook(root, file, (notebook) => {
      const cell = findCell(notebook, cellId);
      if (!cell || cell.source !== before) {
        const what = cell ? "was changed by another program meanwhile" : "is no longer there";
        throw new NotebookError({ file, cell: cellId }, `${what}; the edit is not saved in it`);
      }
      cell.source = after;
    });
    await this.reload();
  }

  /** Ends the kernel. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the session is over"));
    await this.#kernel.then((kernel) => kernel.shutdown()).catch(() => {});
  }

  #start(): Promise<Kernel> {
    const { startKernel, onLateOutput } = this.#options;
    const kernel = startKernel({ onLateOutput, signal: this.#closing.signal });
    kernel.then(
      () => this.#setStatus("ready"),
      () => this.#setStatus("failed"),
    );
    return kernel;
  }

  #setStatus(status: KernelStatus): void {
    this.#status = status;
    this.#options.onChange();
  }
}
