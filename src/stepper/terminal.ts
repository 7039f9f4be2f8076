/** Steps through the lab in a terminal: draws a session, and turns keys into its steps. */
import { emitKeypressEvents, type Key } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import type { Output } from "../kernel/client";
import { type Styles, styles, wantsColour } from "./ansi";
import { editText } from "./editor";
import { OutputView } from "./output-view";
import type { Part } from "./parts";
import { Screen } from "./screen";
import { Session, type SessionOptions, type StepResult } from "./session";
import { HELP, type Mode, partsText, statusText, stepText } from "./texts";

export interface StepperOptions {
  readonly root: string;
  readonly parts: readonly Part[];
  /** Opened at once; otherwise the person chooses. */
  readonly part?: Part;
  readonly startKernel: SessionOptions["startKernel"];
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** Exit statuses as shells have them: 128 and the signal's number. */
const INTERRUPTED_EXIT_STATUS = 130;
const SIGNAL_EXIT_STATUS = { SIGHUP: 129, SIGTERM: 143 } as const;

/** Steps through the lab until the person leaves; resolves with the exit status. */
export function runStepper(options: StepperOptions): Promise<number> {
  return new Stepper(options).run();
}

class Stepper {
  readonly #options: StepperOptions;
  readonly #style: Styles;
  readonly #screen: Screen;
  readonly #session: Session;
  #mode: Mode = "choosing";
  /** Ctrl+C was the last key. */
  #interrupted = false;
  /** Digits of a part's number, typed so far. */
  #typed = "";
  /** The step that ran last, counted from 0. */
  #lastRun: number | undefined;
  #leave: (status: number) => void = () => {};

  constructor(options: StepperOptions) {
    this.#options = options;
    this.#style = styles(wantsColour(options.env));
    this.#screen = new Screen(options.stdout, this.#style.inverse);
    // The first prompt comes before the kernel, which loads and starts behind it.
    if (!options.part) this.#screen.print(partsText(options.parts, this.#style));
    this.#session = new Session({
      root: options.root,
      startKernel: options.startKernel,
      onLateOutput: (output) => this.#showOutputs((show) => show(output)),
      onChange: () => this.#drawStatus(),
    });
  }

  async run(): Promise<number> {
    const { stdin, stdout, part } = this.#options;
    const status = new Promise<number>((resolve) => {
      this.#leave = resolve;
    });
    const undo: (() => void)[] = [];
    const on = (
      emitter: NodeJS.EventEmitter,
      event: string,
      handler: Parameters<NodeJS.EventEmitter["on"]>[1],
    ): void => {
      emitter.on(event, handler);
      undo.push(() => emitter.off(event, handler));
    };
    const restore = (): void => {
      if (!stdin.destroyed) stdin.setRawMode(false);
    };
    emitKeypressEvents(stdin);
    on(stdin, "keypress", (text: string | undefined, key: Key) => this.#key(text ?? "", key));
    for (const event of ["end", "error"]) on(stdin, event, () => this.#leave(0));
    on(stdout, "resize", () => this.#screen.redraw());
    on(stdout, "error", () => this.#leave(0));
    on(process, "exit", restore);
    on(process, "SIGINT", () => this.#controlC());
    on(process, "SIGCONT", () => this.#takeTerminal());
    for (const [signal, code] of Object.entries(SIGNAL_EXIT_STATUS)) {
      on(process, signal, () => this.#leave(code));
    }
    this.#takeTerminal();
    if (part) this.#do(() => this.#open(part));
    try {
      return await status;
    } finally {
      this.#mode = "away";
      this.#screen.status = "";
      this.#screen.freshLine();
      restore();
      stdin.pause();
      await this.#session.close();
      for (const off of undo) off();
    }
  }

  #takeTerminal(): void {
    const { stdin } = this.#options;
    stdin.setRawMode(true);
    stdin.resume();
    this.#drawStatus();
  }

  #key(text: string, key: Key): void {
    if (this.#mode === "away") return;
    if (key.ctrl && key.name === "c") {
      this.#controlC();
      return;
    }
    this.#interrupted = false;
    const enter = key.name === "return" || key.name === "enter";
    if (text === "q" || (key.ctrl && key.name === "d")) this.#leave(0);
    else if (key.ctrl && key.name === "z") this.#suspend();
    else if (this.#mode === "running" || this.#mode === "busy") this.#drawStatus();
    else if (key.ctrl || key.meta) this.#drawStatus();
    else if (text === "?") this.#print(`\n${HELP}\n`);
    else if (this.#mode === "choosing") this.#choose(text, key, enter);
    else if (enter) this.#do(() => this.#runStep());
    else if (text === "n" || key.name === "right")
      this.#do(() => this.#go(() => this.#session.forward()));
    else if (text === "b" || key.name === "left")
      this.#do(() => this.#go(() => this.#session.back()));
    else if (text === "r") this.#do(() => this.#runAgain());
    else if (text === "e") this.#do(() => this.#edit());
    else if (text === "p") this.#showParts();
    else this.#drawStatus();
  }

  #controlC(): void {
    if (this.#mode === "away") return;
    if (this.#interrupted) {
      this.#leave(INTERRUPTED_EXIT_STATUS);
      return;
    }
    this.#interrupted = true;
    if (this.#mode === "running") {
      this.#screen.status = "interrupting · Ctrl+C again leaves";
      this.#session.interrupt().catch((error: unknown) => this.#say(error));
    } else {
      this.#screen.status = "Ctrl+C again or q leaves · any other key stays";
    }
  }

  /** As Ctrl+Z does elsewhere: the shell takes the terminal, until `fg`. */
  #suspend(): void {
    this.#screen.status = "";
    this.#options.stdin.setRawMode(false);
    process.kill(0, "SIGTSTP");
  }

  /** Does what a key asks for; `work` says which mode follows. What goes wrong is shown. */
  #do(work: () => Promise<Mode>): void {
    this.#mode = "busy";
    this.#drawStatus();
    work()
      .catch((error: unknown): Mode => {
        this.#say(error);
        return this.#session.step ? "stepping" : "choosing";
      })
      .then((mode) => {
        this.#mode = mode;
        this.#interrupted = false;
        this.#drawStatus();
      });
  }

  #showParts(): Mode {
    this.#typed = "";
    this.#mode = "choosing";
    this.#print(partsText(this.#options.parts, this.#style));
    return this.#mode;
  }

  #choose(text: string, key: Key, enter: boolean): void {
    const { parts } = this.#options;
    if (key.name === "backspace") this.#typed = this.#typed.slice(0, -1);
    else if (/^\d$/.test(text)) this.#typed += text;
    const fitting = parts.filter(({ number }) => number.startsWith(this.#typed));
    if (fitting.length === 0) this.#typed = "";
    const named = parts.find(({ number }) => number === this.#typed);
    const part = named && (enter || fitting.length === 1) ? named : undefined;
    const next = enter && this.#typed === "" ? this.#nextPart : undefined;
    const chosen = part ?? next;
    if (chosen) this.#do(() => this.#open(chosen));
    else this.#drawStatus();
  }

  /** The part after the one that is open, or the first. */
  get #nextPart(): Part | undefined {
    const { parts } = this.#options;
    return parts[parts.findIndex(({ file }) => file === this.#session.file) + 1] ?? parts[0];
  }

  async #open(part: Part): Promise<Mode> {
    this.#typed = "";
    this.#lastRun = undefined;
    await this.#session.open(part);
    return this.#showStep();
  }

  async #go(move: () => boolean): Promise<Mode> {
    return move() ? this.#showStep() : "stepping";
  }

  async #showStep(): Promise<Mode> {
    this.#mode = "busy";
    const { step } = this.#session;
    this.#print(
      step
        ? await stepText(step, this.#screen.columns, this.#style)
        : "\nThis part has no cells.\n",
    );
    return step ? "stepping" : "choosing";
  }

  async #runStep(): Promise<Mode> {
    const shown = this.#session.step?.code;
    if (!shown) return this.#session.forward() ? this.#showStep() : this.#showParts();
    // What another editor has saved is what runs.
    await this.#session.reload();
    const { step } = this.#session;
    if (step?.code && step.code.source !== shown.source) {
      this.#print(this.#style.dim("(the notebook was edited)\n"));
      this.#print(await stepText({ ...step, prose: [] }, this.#screen.columns, this.#style));
    }
    this.#lastRun = step?.index;
    this.#mode = "running";
    this.#drawStatus();
    return this.#afterRun(await this.#showOutputs((show) => this.#session.run(show)));
  }

  async #afterRun(result: StepResult): Promise<Mode> {
    const { red, yellow, green } = this.#style;
    switch (result.status) {
      case "error":
        this.#print(`${red(result.error.message)}\n`);
        return "stepping";
      case "kernel lost":
        this.#print(`${red(`The kernel ended: ${result.error.message}`)}\n`);
        this.#print(
          yellow("A new one starts. Run the cells again from the top: theirs is gone.\n"),
        );
        return "stepping";
      case "ok":
        if (this.#session.forward()) return this.#showStep();
        this.#print(`\n${green("This part is done.")}\n`);
        return this.#showParts();
    }
  }

  async #runAgain(): Promise<Mode> {
    const last = this.#lastRun;
    if (last !== undefined) this.#session.goTo(last);
    return this.#runStep();
  }

  async #edit(): Promise<Mode> {
    const cell = this.#session.step?.code;
    if (!cell) return "stepping";
    const { env, stdin } = this.#options;
    this.#mode = "away"; // keys are the editor's
    this.#drawStatus();
    stdin.setRawMode(false);
    stdin.pause();
    try {
      const edit = await editText(cell.source, `${cell.id}.ts`, env);
      if (edit.text !== cell.source) {
        await this.#session.saveEdit(cell.id, cell.source, edit.text).catch((error: unknown) => {
          throw new Error(`${messageOf(error)}\nYour text is in ${edit.file}`);
        });
      }
      await edit.discard();
    } finally {
      this.#mode = "busy";
      this.#takeTerminal();
    }
    return this.#showStep();
  }

  /** Shows outputs as they come, each cell's bounded. */
  #showOutputs<T>(work: (show: (output: Output) => void) => T): T {
    const colour = wantsColour(this.#options.env);
    const { stdout } = this.#options;
    const size = () => ({ columns: stdout.columns ?? 0, rows: stdout.rows ?? 0 });
    const view = new OutputView((text) => this.#print(text), this.#style, colour, size);
    const done = (): void => {
      this.#screen.freshLine();
      view.finish();
    };
    const result = work((output) => view.show(output));
    if (result instanceof Promise) result.then(done, done);
    else done();
    return result;
  }

  #print(text: string): void {
    this.#screen.print(text);
  }

  #say(error: unknown): void {
    this.#screen.freshLine();
    this.#print(`${this.#style.red(messageOf(error))}\n`);
  }

  #drawStatus(): void {
    this.#screen.status = statusText({
      mode: this.#mode,
      kernel: this.#session.kernelStatus,
      step: this.#session.step,
      typed: this.#typed,
      nextPart: this.#nextPart,
      env: this.#options.env,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
