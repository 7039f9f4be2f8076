/** Runs a notebook from the top in a kernel, and checks that it leaves nothing open. */
import { setTimeout as delay } from "node:timers/promises";
import { type LiveOutput, OutputCollector } from "./coalesce";
import { NotebookError } from "./errors";
import { type Cell, cellTags, type Notebook } from "./format";
import type { Output } from "./output";

/** A cell that runs longer is interrupted, and its notebook fails. */
export const CELL_DEADLINE_MS = 60_000;
/** How long an interrupted cell may take to end before its kernel is given up. */
const INTERRUPT_GRACE_MS = 5_000;
/** How long what the last cell closed may take to be gone. */
const CLOSING_GRACE_MS = 1_000;
const CLOSING_POLL_MS = 25;
/** More than this in one cell is a flood, not an output to keep in a notebook. */
export const MAX_CELL_OUTPUT_CHARS = 1_000_000;
/** The tag that says that a cell's error is what it shows (as in nbclient). */
const RAISES_EXCEPTION_TAG = "raises-exception";

/** What is needed of a kernel; src/tools/kernel/client's Kernel is one. */
export interface NotebookKernel {
  execute(
    code: string,
    options: { onOutput(output: LiveOutput): void; cellId: string; stopOnError?: boolean },
  ): Promise<{ status: "ok" | "error" | "aborted"; error?: CellFailure }>;
  interrupt(): Promise<void>;
  onLateOutput: ((output: LiveOutput, from: { cellId?: string }) => void) | undefined;
  openResources(): Promise<readonly { kind: string; detail: string; cell?: string }[]>;
}

export interface CellFailure {
  ename: string;
  evalue: string;
  traceback: readonly string[];
}

export interface CellRun {
  readonly cell: Cell;
  readonly outputs: Output[];
  readonly milliseconds: number;
}

export interface NotebookRun {
  readonly file: string;
  /** The cells that ran, in order; the last one may have failed. */
  readonly cells: readonly CellRun[];
  /** Empty when all ran clean. */
  readonly failures: readonly NotebookError[];
  readonly milliseconds: number;
}

export interface RunOptions {
  readonly cellDeadlineMs?: number;
  /** Called when a cell has ended. */
  onCell?(run: CellRun): void;
}

/** The code cells that a run executes: all but empty ones. */
export function runnableCells(notebook: Notebook): Cell[] {
  return notebook.cells.filter(({ type, source }) => type === "code" && source.trim() !== "");
}

/**
 * Runs the notebook's cells in order, up to the first that fails. When all ran, whatever is still open
 * (a listening server, a socket, a timer, a child process) is a failure of the cell that opened it.
 * The notebook itself is not changed.
 */
export async function runNotebook(
  notebook: Notebook,
  kernel: NotebookKernel,
  { cellDeadlineMs = CELL_DEADLINE_MS, onCell }: RunOptions = {},
): Promise<NotebookRun> {
  const started = performance.now();
  const collector = new OutputCollector();
  const cells: CellRun[] = [];
  const failures: NotebookError[] = [];
  const outputsOf = new Map<string, Output[]>();
  // What a server or a timer prints after its cell has ended belongs to that cell, as in Jupyter. It may
  // come before this function has seen the end of the cell.
  kernel.onLateOutput = (output, { cellId = "" }) => {
    const outputs = outputsOf.get(cellId);
    if (outputs) collector.add(outputs, output);
  };
  for (const cell of runnableCells(notebook)) {
    const place = { file: notebook.file, cell: cell.id };
    const cellStarted = performance.now();
    const outputs: Output[] = [];
    outputsOf.set(cell.id, outputs);
    try {
      await runCell(cell, kernel, collector, outputs, cellDeadlineMs);
    } catch (error) {
      failures.push(asFailure(error, place));
    }
    const run = { cell, outputs, milliseconds: performance.now() - cellStarted };
    cells.push(run);
    onCell?.(run);
    if (failures.length > 0) break;
  }
  if (failures.length === 0) failures.push(...(await findLeaks(notebook, kernel)));
  kernel.onLateOutput = undefined;
  for (const { cell, outputs } of cells) {
    collector.finish(outputs);
    const late = outputs.map(lateError).find((text) => text !== undefined);
    if (late) failures.push(new NotebookError({ file: notebook.file, cell: cell.id }, late));
  }
  return { file: notebook.file, cells, failures, milliseconds: performance.now() - started };
}

/** A cell that threw; the rest are said as plain errors. */
class CellError extends Error {
  readonly failure: CellFailure;
  constructor(failure: CellFailure) {
    super(`${failure.ename}: ${failure.evalue}`);
    this.failure = failure;
  }
}

async function runCell(
  cell: Cell,
  kernel: NotebookKernel,
  collector: OutputCollector,
  outputs: Output[],
  deadlineMs: number,
): Promise<void> {
  let stopped: string | undefined;
  let tooLate: (error: Error) => void = () => {};
  const givenUp = new Promise<never>((_resolve, reject) => {
    tooLate = reject;
  });
  let grace: NodeJS.Timeout | undefined;
  const stop = (reason: string): void => {
    if (stopped !== undefined) return;
    stopped = reason;
    grace = setTimeout(
      () => tooLate(new Error(`${reason}, and did not end when it was interrupted`)),
      INTERRUPT_GRACE_MS,
    );
    kernel.interrupt().catch(tooLate);
  };
  const seconds = deadlineMs / 1000;
  const deadline = setTimeout(() => stop(`ran longer than ${seconds} s`), deadlineMs);
  let size = 0;
  try {
    const execution = kernel.execute(cell.source, {
      cellId: cell.id,
      onOutput(output) {
        const total = size + sizeOf(output);
        if (total > MAX_CELL_OUTPUT_CHARS) {
          return stop(`wrote more than ${MAX_CELL_OUTPUT_CHARS} characters of output`);
        }
        // An update takes the place of what was shown: a slow machine sees many of them.
        if (output.output_type !== "update_display_data") size = total;
        collector.add(outputs, output);
      },
    });
    const { status, error } = await Promise.race([execution, givenUp]);
    if (stopped !== undefined) throw new Error(stopped);
    if (status === "ok" || cellTags(cell).includes(RAISES_EXCEPTION_TAG)) return;
    throw error ? new CellError(error) : new Error(`was not run (${status})`);
  } finally {
    clearTimeout(deadline);
    clearTimeout(grace);
  }
}

/** What the kernel says of an error that no cell waited for; the cell had ended well. */
const LATE_ERROR = /^(?:Uncaught exception|Unhandled promise rejection)\b.*/ms;

function lateError(output: Output): string | undefined {
  if (output.output_type !== "stream" || output.name !== "stderr") return undefined;
  return LATE_ERROR.exec(output.text)?.[0].trimEnd();
}

function sizeOf(output: LiveOutput): number {
  return output.output_type === "stream" ? output.text.length : JSON.stringify(output).length;
}

function asFailure(error: unknown, place: { file: string; cell: string }): NotebookError {
  if (error instanceof CellError) return cellError(error.failure, place);
  return new NotebookError(place, error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

/** A cell's error at the line that the kernel's report names, with the report below. */
export function cellError(
  { ename, evalue, traceback }: CellFailure,
  place: { file: string; cell: string },
): NotebookError {
  const lines = traceback.join("\n");
  // "at cell tcp-server:12:3" in a traceback; "12:3 Cannot find name" in front of a compiler's message.
  const thrown = new RegExp(`\\bcell ${place.cell}:(\\d+):(\\d+)`).exec(lines);
  const at = ename === "CompileError" ? /^(\d+):(\d+) /.exec(evalue) : thrown;
  const where = at ? { ...place, line: Number(at[1]), column: Number(at[2]) } : place;
  const detail = traceback.length > 1 ? `\n${indent(lines)}` : "";
  return new NotebookError(where, `${ename}: ${evalue}${detail}`);
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}

async function findLeaks(notebook: Notebook, kernel: NotebookKernel): Promise<NotebookError[]> {
  const { file } = notebook;
  try {
    const until = performance.now() + CLOSING_GRACE_MS;
    let open = await kernel.openResources();
    while (open.length > 0 && performance.now() < until) {
      await delay(CLOSING_POLL_MS);
      open = await kernel.openResources();
    }
    return open.map(({ kind, detail, cell }) => {
      const place = cell === undefined ? { file } : { file, cell };
      return new NotebookError(place, `left open after the last cell: ${kind} ${detail}`.trimEnd());
    });
  } catch (error) {
    const last = runnableCells(notebook).at(-1);
    return [asFailure(error, { file, cell: last?.id ?? "" })];
  }
}
