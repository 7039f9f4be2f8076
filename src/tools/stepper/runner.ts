/** Runs a part's cells: one, one again, or all above; each result is kept with its cell and with the progress. */
import { readNotebook } from "../notebook/files";
import { type Cell, cellTags } from "../notebook/format";
import type { Activity, AppContext } from "./context";
import type { CellRun, Deck } from "./deck";

/** "moved": the cell is no longer in the notebook. */
export type RunOutcome = "ok" | "error" | "lost" | "moved";

export class Runner {
  readonly #app: AppContext;
  readonly #deck: Deck;
  /** The cell that ran last. */
  last: string | undefined;

  constructor(app: AppContext, deck: Deck) {
    this.#app = app;
    this.#deck = deck;
  }

  /** Runs a cell as it is on disk now. */
  async run(cellId: string, activity: Activity): Promise<RunOutcome> {
    await this.reload();
    const cell = this.#cell(cellId);
    if (!cell) return "moved";
    const { kernel, store } = this.#app;
    this.#app.claimKernel(this.#deck);
    activity.label = kernel.status === "ready" ? "running" : "waiting for the kernel";
    this.last = cell.id;
    let run: CellRun | undefined;
    const begin = (): CellRun => {
      if (!run) {
        run = this.#deck.begin(cell, kernel.generation);
        activity.label = "running";
      }
      return run;
    };
    if (kernel.status === "ready") begin();
    const result = await kernel.run(cell.source, cell.id, {
      onStart: begin,
      onOutput: (output) => {
        begin().output.add(output);
        this.#app.redraw();
      },
    });
    const finished = begin();
    finished.milliseconds = performance.now() - finished.started;
    // nbclient's tag: the error is what the cell shows.
    const expected = result.status === "error" && cellTags(cell).includes("raises-exception");
    const outcome = expected ? "ok" : result.status;
    finished.status = outcome === "ok" ? "ok" : "error";
    if (result.status === "lost") finished.lost = lostText(result.reason);
    else if (result.status === "error" && !finished.output.failure) {
      finished.output.failure = result.failure;
      if (!result.failure) finished.lost = "The cell was not run.";
    }
    if (outcome === "ok") {
      void store.updatePart(this.#deck.file, (part) => ({
        ...part,
        ran: { ...part.ran, [cell.id]: finished.hash },
      }));
    }
    return outcome;
  }

  /** Runs the cells one after the other, up to the first that fails. Returns that one's id. */
  async runAll(cells: readonly string[], activity: Activity): Promise<string | undefined> {
    let stopped = false;
    const { stop } = activity;
    activity.stop = () => {
      stopped = true;
      stop?.();
    };
    for (const [done, cellId] of cells.entries()) {
      activity.progress = { done, total: cells.length };
      const outcome = await this.run(cellId, activity);
      if (outcome === "error" || outcome === "lost") return cellId;
      if (stopped) return cells[done + 1];
    }
    return undefined;
  }

  /**
   * Reads the notebook anew, so that what another editor saved is seen.
   *
   * @throws {NotebookError} it cannot be read now; what was read before stays
   */
  async reload(): Promise<string[]> {
    const deck = this.#deck;
    const notebook = await readNotebook(this.#app.root, deck.file);
    if (notebook.text === deck.notebook.text) return [];
    const changed = deck.replace(notebook);
    this.#app.partChanged(deck);
    return changed;
  }

  #cell(id: string): Cell | undefined {
    return this.#deck.notebook.cells.find((cell) => cell.id === id);
  }
}

function lostText(reason: string): string {
  if (reason === "the kernel was restarted") return "Ended: the kernel was restarted.";
  return `${kernelEnded(reason)} A new one starts; a runs the cells above again.`;
}

/** `The kernel has died by SIGKILL.`, with what it last said. */
export function kernelEnded(reason: string): string {
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1).trimEnd()}.`;
}
