/** What becomes of a run: its outputs are stored in the notebook, or compared with those stored there. */
import { NotebookError } from "./errors";
import { updateNotebook } from "./files";
import type { Output } from "./output";
import { type CellRun, type NotebookRun, runnableCells } from "./run";
import { compareOutputs, sameOutputs } from "./verify";

/**
 * Stores the outputs of a clean run: all of them, so that what the cells of a part say agrees (the ports of
 * a connection, for example). When every output says the same as the stored one (see sanitize.ts), all stay as
 * they are, byte for byte. Execution counts become 1 to n.
 *
 * @returns whether the file was written
 * @throws {NotebookError} the notebook's code was edited while it ran; nothing is written then
 */
export async function storeOutputs(root: string, run: NotebookRun): Promise<boolean> {
  return updateNotebook(root, run.file, (notebook) => {
    const cells = runnableCells(notebook);
    const edited = cells.find((cell, at) => {
      const ran = run.cells[at]?.cell;
      return ran?.id !== cell.id || ran.source !== cell.source;
    });
    if (edited || cells.length !== run.cells.length) {
      const place = edited ? { file: run.file, cell: edited.id } : { file: run.file };
      throw new NotebookError(place, "was edited while it ran; nothing is stored, run it again");
    }
    for (const cell of notebook.cells) {
      if (cell.type === "code" && !cells.includes(cell)) {
        cell.outputs = [];
        cell.executionCount = null;
      }
    }
    const fresh = (at: number) => run.cells[at]?.outputs ?? [];
    const unchanged = cells.every((cell, at) => sameOutputs(cell, fresh(at)));
    for (const [at, cell] of cells.entries()) {
      cell.executionCount = at + 1;
      const outputs = unchanged ? cell.outputs : fresh(at);
      cell.outputs = outputs.map((output) => withCount(output, at + 1));
    }
  });
}

/** nbformat: the execution count of a result is its cell's. */
function withCount(output: Output, execution_count: number): Output {
  return output.output_type === "execute_result" ? { ...output, execution_count } : output;
}

/** A cell whose fresh outputs are not those that are stored. */
export interface Difference {
  readonly run: CellRun;
  readonly lines: readonly string[];
}

/** Compares a run's outputs with the stored ones, under the sanitizers. Writes nothing. */
export function findDifferences(run: NotebookRun): Difference[] {
  return run.cells.flatMap((cellRun) => {
    const lines = compareOutputs(cellRun.cell, cellRun.outputs);
    return lines.length > 0 ? [{ run: cellRun, lines }] : [];
  });
}

/** A drawing that has changed is different in hundreds of lines; more than this tells nobody more. */
const MAX_DIFFERENCE_LINES = 40;

/** A difference for people: headed by notebook and cell, `-` what is stored, `+` what came. */
export function differenceError(file: string, { run, lines }: Difference): NotebookError {
  const more = lines.length - MAX_DIFFERENCE_LINES;
  const shown =
    more > 0 ? [...lines.slice(0, MAX_DIFFERENCE_LINES), `... ${more} more lines`] : lines;
  const diff = shown.map((line) => `    ${line}`).join("\n");
  const place = { file, cell: run.cell.id };
  return new NotebookError(place, `the output differs (- stored, + now)\n${diff}`);
}

/** All that is wrong with a run when its outputs should be the stored ones. */
export function checkRun(run: NotebookRun): NotebookError[] {
  const { file, failures } = run;
  const failed = new Set(failures.map(({ place }) => place.cell));
  // A cell that failed has said so; its outputs need no second mention.
  const differences = findDifferences(run).filter(({ run: { cell } }) => !failed.has(cell.id));
  const isNew = ({ run: { cell } }: Difference): boolean =>
    cell.executionCount === null && cell.outputs.length === 0;
  const fresh = differences.filter(isNew);
  const changed = differences.filter((difference) => !isNew(difference));
  const unstored = fresh.slice(0, 1).map(({ run: { cell } }) => {
    const more = fresh.length > 1 ? ` (nor of ${fresh.length - 1} more cells)` : "";
    const reason = `no output is stored yet${more}; \`npm run notebooks\` stores it`;
    return new NotebookError({ file, cell: cell.id }, reason);
  });
  return [
    ...failures,
    ...changed.map((difference) => differenceError(file, difference)),
    ...unstored,
  ];
}
