/** Runs a part's cells: one, or several up to the first that fails; each result is kept with its cell and with the progress. */
import { type Cell, cellTags } from "../notebook/format";
import type { CellRun, Lesson } from "./lesson";
import type { Tools } from "./model";

/** "moved": the cell is no longer in the notebook. "stopped": it was not begun. */
export type RunOutcome = "ok" | "error" | "lost" | "moved" | "stopped";

/**
 * Runs a cell as it is on disk now.
 * @param stopped true when it is not to begin any more
 */
export async function runCell(
  tools: Tools,
  lesson: Lesson,
  cellId: string,
  stopped: () => boolean,
): Promise<RunOutcome> {
  const { kernel, store, update } = tools;
  await tools.reload(lesson);
  const cell = cellOf(lesson, cellId);
  if (!cell) return "moved";
  if (stopped()) return "stopped";
  tools.claimKernel(lesson);
  let run: CellRun | undefined;
  const begin = (): CellRun => {
    if (!run) {
      run = lesson.begin(cell, kernel.generation);
      tools.report({ label: "running" });
    }
    return run;
  };
  tools.report({ label: "waiting for the kernel" });
  if (kernel.status === "ready") begin();
  lesson.last = cell.id;
  const result = await kernel.run(cell.source, cell.id, {
    onStart: begin,
    onOutput: (output) => update(() => begin().output.add(output)),
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
    void store.updatePart(lesson.file, (part) => ({
      ...part,
      ran: { ...part.ran, [cell.id]: finished.hash },
    }));
  }
  return outcome;
}

/**
 * Runs the cells one after the other, up to the first that fails. Returns that one's id.
 * @param stopped true when no further one is to begin
 */
export async function runCells(
  tools: Tools,
  lesson: Lesson,
  cells: readonly string[],
  stopped: () => boolean,
): Promise<string | undefined> {
  for (const [done, cellId] of cells.entries()) {
    tools.report({ label: "running", progress: { done, total: cells.length } });
    const outcome = await runCell(tools, lesson, cellId, stopped);
    if (outcome === "error" || outcome === "lost") return cellId;
    if (stopped()) return cells[done + 1];
  }
  return undefined;
}

/** Ends the running cell with an error; asked again, ends the kernel. */
export function interrupt({ kernel }: Tools): void {
  if (kernel.interrupting) kernel.restart();
  else kernel.interrupt();
}

function cellOf(lesson: Lesson, id: string): Cell | undefined {
  return lesson.notebook.cells.find((cell) => cell.id === id);
}

function lostText(reason: string): string {
  if (reason === "the kernel was restarted") return "Ended: the kernel was restarted.";
  return `${kernelEnded(reason)} A new one starts; a runs the cells above again.`;
}

/** `The kernel has died by SIGKILL.`, with what it last said. */
export function kernelEnded(reason: string): string {
  return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1).trimEnd()}.`;
}
