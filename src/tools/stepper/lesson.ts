/** A part as steps: some prose, and the code cell that it leads to; and what became of each cell. */
import type { Cell, Notebook } from "../notebook/format";
import { type Part, partOf } from "../notebook/parts";
import { runnableCells } from "../notebook/run";
import { sourceHash } from "../notebook/source-hash";
import { todosIn } from "../practice/copies/solution-marks";
import { CellOutput } from "./cell-output";

/** What is read at once. After the last code there may be only prose. */
export interface Step {
  readonly prose: readonly Cell[];
  readonly code: Cell | undefined;
  /** Counts from 0. */
  readonly index: number;
}

/** What a cell did in this session. */
export interface CellRun {
  readonly output: CellOutput;
  /** The source that ran. */
  readonly hash: string;
  /** The kernel that it ran in; see KernelHost.generation. */
  generation: number;
  /** performance.now() of the start. */
  readonly started: number;
  milliseconds: number | undefined;
  status: "running" | "ok" | "error";
  /** Why there is no result. */
  lost?: string;
}

export class Lesson {
  #notebook: Notebook;
  #steps: readonly Step[];
  #at = 0;
  #reached = 0;
  readonly #runs = new Map<string, CellRun>();
  /** The cell that ran last, until the person goes elsewhere. */
  last: string | undefined;

  constructor(notebook: Notebook) {
    this.#notebook = notebook;
    this.#steps = stepsOf(notebook);
  }

  get notebook(): Notebook {
    return this.#notebook;
  }

  get file(): string {
    return this.#notebook.file;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Steps with code. */
  get total(): number {
    return this.#steps.filter(({ code }) => code).length;
  }

  get at(): number {
    return this.#at;
  }

  /** The furthest step that was shown; those after it are not yet, as they may give an answer away. */
  get reached(): number {
    return this.#reached;
  }

  get step(): Step | undefined {
    return this.#steps[this.#at];
  }

  /** Goes where the person wants to: what ran before is no longer meant by "again". */
  moveTo(index: number): void {
    this.goTo(index);
    this.last = undefined;
  }

  goTo(index: number): void {
    this.#at = Math.max(0, Math.min(index, this.#steps.length - 1));
    this.#reached = Math.max(this.#reached, this.#at);
  }

  /** Shows a cell that was left at, and all before `reached`. A cell that has gone is not looked for. */
  restore(at: string | undefined, reached: string | undefined): void {
    const furthest = reached === undefined ? -1 : this.indexOf(reached);
    if (furthest >= 0) this.goTo(furthest);
    const index = at === undefined ? -1 : this.indexOf(at);
    if (index >= 0) this.goTo(index);
  }

  /** The step that a cell is in, or -1. */
  indexOf(cellId: string): number {
    return this.#steps.findIndex(
      ({ prose, code }) => code?.id === cellId || prose.some(({ id }) => id === cellId),
    );
  }

  /** The name that a step is remembered by. */
  idOf(index: number): string | undefined {
    const step = this.#steps[index];
    return step?.code?.id ?? step?.prose[0]?.id;
  }

  /** Takes a notebook that was read again, and keeps the place. Returns the ids of cells with another source. */
  replace(notebook: Notebook): string[] {
    const at = this.idOf(this.#at);
    const reached = this.idOf(this.#reached);
    const sources = new Map(this.#notebook.cells.map(({ id, source }) => [id, source]));
    const changed = notebook.cells.filter(({ id, source }) => sources.get(id) !== source);
    const ids = new Set(notebook.cells.map(({ id }) => id));
    const gone = this.#notebook.cells.filter(({ id }) => !ids.has(id));
    this.#notebook = notebook;
    this.#steps = stepsOf(notebook);
    const found = at === undefined ? -1 : this.indexOf(at);
    const furthest = reached === undefined ? -1 : this.indexOf(reached);
    this.#at = 0;
    this.#reached = 0;
    this.goTo(furthest >= 0 ? furthest : found);
    this.goTo(found);
    return [...changed, ...gone].map(({ id }) => id);
  }

  run(cellId: string): CellRun | undefined {
    return this.#runs.get(cellId);
  }

  /** Begins a run: what the cell did before is forgotten. */
  begin(cell: Cell, generation: number): CellRun {
    const run: CellRun = {
      output: new CellOutput(),
      hash: sourceHash(cell.source),
      generation,
      started: performance.now(),
      milliseconds: undefined,
      status: "running",
    };
    this.#runs.set(cell.id, run);
    return run;
  }

  /** Whether the cell as it is now ran clean in this kernel. */
  ranIn(cell: Cell, generation: number): boolean {
    const run = this.#runs.get(cell.id);
    return (
      run?.status === "ok" && run.generation === generation && run.hash === sourceHash(cell.source)
    );
  }

  /** The step whose output keys are about: this one's, or the one that ran before it. */
  outputStep(): Step | undefined {
    const upToHere = this.#steps.slice(0, this.#at + 1);
    return upToHere.reverse().find(({ code }) => code && this.#runs.has(code.id));
  }

  get part(): Part {
    return partOf(this.#notebook);
  }

  /** True where nothing more comes: at prose after the last cell, or at the last cell when it has just run clean. */
  get isAtEnd(): boolean {
    if (this.#at < this.#steps.length - 1) return false;
    const code = this.step?.code;
    if (!code) return true;
    const run = this.#runs.get(code.id);
    return this.last === code.id && run?.status === "ok" && run.hash === sourceHash(code.source);
  }

  /** The cells in which something is left to write. */
  todos(): string[] {
    return this.#steps.flatMap(({ code }) =>
      code && todosIn(code.source).length > 0 ? [code.id] : [],
    );
  }

  /** Forgets that the cell failed. */
  forgetError(cellId: string): void {
    if (this.#runs.get(cellId)?.status === "error") this.#runs.delete(cellId);
  }

  /** The cells that become programs. */
  programs(): { id: string; program: string }[] {
    return this.part.cells.flatMap(({ id, program }) =>
      program === undefined ? [] : [{ id, program }],
    );
  }

  /** The code cells before a step that this kernel has not run. */
  missingBefore(index: number, generation: number): Step[] {
    const before = this.#steps.slice(0, index);
    return before.filter(({ code }) => code && !this.ranIn(code, generation));
  }
}

function stepsOf(notebook: Notebook): Step[] {
  const runnable = new Set(runnableCells(notebook));
  const steps: Step[] = [];
  let prose: Cell[] = [];
  for (const cell of notebook.cells) {
    if (runnable.has(cell)) {
      steps.push({ prose, code: cell, index: steps.length });
      prose = [];
    } else if (cell.type === "markdown") prose.push(cell);
  }
  if (prose.length > 0 || steps.length === 0)
    steps.push({ prose, code: undefined, index: steps.length });
  return steps;
}
