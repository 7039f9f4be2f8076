// The main thread's side of a kernel: answers the requests that need the compiler, and runs cells.

import { inspect, types } from "node:util";
import { Cells, isName, type RunResult } from "./cells";
import { CompileError } from "./compile-error";
import type { Compiler } from "./compiler";
import type { Output, Run } from "./output";
import type { Content } from "./protocol";
import type { Resources } from "./resources";
import type { Sources } from "./sources";
import { characterOffset, utf16Offset } from "./text-offset";
import type { SharedState, ToEngine } from "./threads";
import { type ErrorReport, reportError } from "./traceback";
import type { DisplayData } from "./tslab";

/** How long a program's own SIGINT handler may take to end the cell by itself. */
const SIGINT_GRACE_MS = 1_000;

/** Ends the cell that was interrupted. */
export class KernelInterrupted extends Error {
  override readonly name = "KernelInterrupted";
  constructor() {
    super(
      "the cell was interrupted. What it started (a loop that awaits, a server, a timer) may go on until it is closed or the kernel is restarted.",
    );
  }
}

type Request = Extract<ToEngine, { type: "request" }>;

export class Engine {
  private readonly cells: Cells;
  private executionCount = 0;
  private serial = 0;
  private lastInterrupt = 0;
  /** The kernel's own listener; it is told of a SIGINT before the programs in cells are. */
  readonly onSigint = () => this.signal();
  /** Ends the running cell with an outcome; undefined when none runs. */
  private settle: ((outcome: () => RunResult) => void) | undefined;

  constructor(
    root: string,
    private readonly compiler: Compiler,
    private readonly sources: Sources,
    private readonly output: Output,
    private readonly state: SharedState,
    private readonly onInterrupted: (interrupt: number) => void,
    private readonly resources: Resources,
  ) {
    const show = ({ data, metadata, transient }: DisplayData, update: boolean) => {
      const run = output.run;
      const msgType = update ? "update_display_data" : "display_data";
      if (run) output.publish(run, msgType, { data, metadata, transient: transient ?? {} });
    };
    this.cells = new Cells(root, compiler, sources, show, {
      flags: state.words,
      interrupted: () => {
        state.countLoopEnd();
        throw new KernelInterrupted();
      },
    });
  }

  handle(message: Request): void {
    if (message.msgType === "execute_request") {
      this.execute(message);
      return;
    }
    if (message.msgType === "open_resources_request") {
      void this.resources
        .list()
        .then((resources) => this.output.reply(message.request, { status: "ok", resources }));
      return;
    }
    let content: Content;
    try {
      content = this.answer(message);
    } catch (error) {
      content = { status: "error", ...reportError(error, this.sources) };
    }
    this.output.reply(message.request, content);
  }

  /** An interrupt request. It may come again until it is acknowledged; it counts once. */
  interrupt(interrupt: number): void {
    this.state.endLoops = false;
    this.onInterrupted(interrupt);
    if (interrupt <= this.lastInterrupt) return;
    this.lastInterrupt = interrupt;
    // Ours, which ends the cell, is among the listeners.
    process.emit("SIGINT", "SIGINT");
  }

  /** The process received SIGINT, and so did the programs in the cell: they may end it themselves. */
  signal(): void {
    this.endCell(this.userSigintListeners() > 0 ? SIGINT_GRACE_MS : 0);
  }

  private endCell(graceMs: number): void {
    const settle = this.settle;
    const end = () => {
      if (!settle || this.settle !== settle) return;
      settle(() => {
        throw new KernelInterrupted();
      });
    };
    if (graceMs > 0) setTimeoutUntracked(end, graceMs).unref();
    else end();
  }

  private userSigintListeners(): number {
    return process.listeners("SIGINT").filter((listener) => listener !== this.onSigint).length;
  }

  /**
   * Runs a cell. No promise or stack frame of this thread waits for it: an endless loop is ended by
   * throwing away the whole stack, and then `interrupt` settles the cell.
   */
  private execute({ request, content, metadata }: Request): void {
    const code = String(content.code ?? "");
    const silent = content.silent === true;
    if (!silent && content.store_history !== false) this.executionCount += 1;
    const count = this.executionCount;
    const cellId = metadata.cellId;
    const named = typeof cellId === "string" && isName(cellId);
    const cell = named ? cellId : `In [${count}]`;
    const label = named ? `cell ${cellId}` : cell;
    const run: Run = { request, label, cell, silent };
    const interruptsBefore = this.state.interrupts;

    this.output.publish(run, "execute_input", { code, execution_count: count });
    this.settle = (outcome) => {
      this.settle = undefined;
      this.output.enter(run, () => this.finish(run, count, outcome, content.user_expressions));
    };
    const settle = this.settle;
    const settleOnce = (outcome: () => RunResult) => {
      if (this.settle === settle) settle(outcome);
    };
    const beforeRun = () => {
      if (this.state.interrupts !== interruptsBefore) throw new KernelInterrupted();
    };
    this.output.enter(run, () => {
      this.cells.run({ label, serial: ++this.serial, code }, beforeRun).then(
        (result) => settleOnce(() => result),
        (error: unknown) =>
          settleOnce(() => {
            throw error;
          }),
      );
    });
  }

  private finish(run: Run, count: number, outcome: () => RunResult, expressions: unknown): void {
    let report: ErrorReport | undefined;
    try {
      const result = outcome();
      if (result && result.value !== undefined) {
        this.hintAtAwait(run, result.value);
        this.output.publish(run, "execute_result", {
          execution_count: count,
          data: { "text/plain": inspect(result.value) },
          metadata: {},
        });
      }
    } catch (error) {
      report = this.report(error, run.label);
      this.output.publish(run, "error", { ...report });
    }
    this.resources.afterCell(run.cell);
    if (this.serial === 1) this.compiler.tslab.keepCode();
    if (report) {
      this.output.reply(run.request, { status: "error", execution_count: count, ...report });
      return;
    }
    void this.evaluate(expressions).then((user_expressions) =>
      this.output.reply(run.request, {
        status: "ok",
        execution_count: count,
        user_expressions,
        payload: [],
      }),
    );
  }

  private hintAtAwait(run: Run, value: unknown): void {
    if (!types.isPromise(value) || !inspect(value).startsWith("Promise { <pending>")) return;
    this.output.write(run, "stderr", Buffer.from("This is a promise: write await before it.\n"));
  }

  private report(error: unknown, label: string): ErrorReport {
    if (!(error instanceof CompileError)) return reportError(error, this.sources);
    const { name, message, listing } = error;
    return { ename: name, evalue: message, traceback: [`${name} in ${label}`, ...listing] };
  }

  private async evaluate(expressions: unknown): Promise<Content> {
    const results: Content = {};
    for (const [name, expression] of Object.entries(expressions ?? {})) {
      try {
        const value = await this.cells.evaluate(String(expression), `user expression ${name}`);
        results[name] = { status: "ok", data: { "text/plain": inspect(value) }, metadata: {} };
      } catch (error) {
        results[name] = { status: "error", ...this.report(error, `user expression ${name}`) };
      }
    }
    return results;
  }

  private answer({ msgType, content }: Request): Content {
    const code = String(content.code ?? "");
    const offset = utf16Offset(code, Number(content.cursor_pos ?? code.length));
    switch (msgType) {
      case "complete_request": {
        const { candidates, start, end } = this.compiler.complete(code, offset);
        return {
          status: "ok",
          matches: candidates,
          cursor_start: characterOffset(code, start),
          cursor_end: characterOffset(code, end),
          metadata: {},
        };
      }
      case "inspect_request": {
        const info = this.compiler.inspect(code, offset);
        const text = info ? this.compiler.tslab.printQuickInfo(info) : "";
        return {
          status: "ok",
          found: !!info,
          data: info ? { "text/plain": text } : {},
          metadata: {},
        };
      }
      case "is_complete_request":
        return this.isComplete(code);
      default:
        throw new Error(`unexpected request ${msgType}`);
    }
  }

  private isComplete(code: string): Content {
    const { completed, indent } = this.compiler.tslab.isCompleteCode(code);
    const status = completed ? this.compiler.syntax(code) : "incomplete";
    return status === "incomplete" ? { status, indent: indent ?? "" } : { status };
  }
}

/** The kernel's own timers are not the learner's. */
const setTimeoutUntracked = setTimeout;
