/**
 * The front door: events in, one state, one draw. Keys, the kernel, work that ends and changes on the disk are
 * events; each changes the state by what views answer, and then the screen is drawn.
 */
import type { ReadStream, WriteStream } from "node:tty";
import { safeText } from "../../program/safe-text";
import type { Kernel } from "../kernel/client";
import { backgroundFromAnswer, backgroundFromEnv } from "../terminal/background";
import type { Key } from "../terminal/keys";
import { colourDepth, type Look, stylesFor } from "../terminal/palette";
import { Terminal } from "../terminal/terminal";
import { Children } from "./children";
import { ContentsView } from "./contents-view";
import { isCopy } from "./copies";
import { INTERRUPTED_STATUS, LOST_TERMINAL_STATUS, watchEndings } from "./endings";
import { KernelHost, type KernelHostOptions } from "./kernel-host";
import { LabFiles } from "./lab-files";
import type { Lesson } from "./lesson";
import type { Action, Actions, Model, Tools, View } from "./model";
import { notify } from "./model";
import { openCopy, openPart } from "./open-part";
import { PlainPrinter } from "./plain-printer";
import { ProgressStore } from "./progress";
import { kernelEnded } from "./run-cells";
import { type Notice, plainPage, screenRows } from "./screen";
import { Worker } from "./worker";

export interface AppOptions {
  readonly root: string;
  /** The part to open at once: its notebook. */
  readonly file?: string;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly startKernel: (
    options: Parameters<KernelHostOptions["startKernel"]>[0],
  ) => Promise<Kernel>;
}

const NO_KERNEL = { status: "starting", generation: 0, interrupting: false } as const;

/** Steps through the lab until the person leaves; resolves with the exit status. */
export function runApp(options: AppOptions): Promise<number> {
  return new App(options).run();
}

class App {
  readonly #options: AppOptions;
  readonly #terminal: Terminal;
  readonly #printer: PlainPrinter | undefined;
  readonly #store: ProgressStore;
  readonly #files: LabFiles;
  readonly #children = new Children();
  readonly #worker = new Worker({
    onTick: () => this.#draw(),
    onEnd: (decision) => {
      this.#interrupted = false;
      this.#on(decision);
    },
    onKey: (key) => this.#on(() => this.#key(key)),
  });
  readonly #contents = new ContentsView();
  #kernel: KernelHost | undefined;
  // The state.
  #look: Look;
  #styles: Model["styles"];
  #views: readonly View[] = [this.#contents];
  #notice: Notice | undefined;
  /** Whose cells the kernel has run. */
  #owner: Lesson | undefined;
  /** Ctrl+C was the last key. */
  #interrupted = false;
  #leaving = false;
  #end: (status: number) => void = () => {};

  constructor(options: AppOptions) {
    const { env, stdout, root } = options;
    this.#options = options;
    this.#terminal = new Terminal(options);
    this.#store = new ProgressStore(root);
    this.#files = new LabFiles(root, this.#store, {
      onChange: () => this.#on(() => {}),
      // While another program has the terminal, its own news are enough.
      onNews: (text, kind) => this.#on(() => (this.#terminal.lent ? [] : [notify(text, kind)])),
    });
    this.#look = {
      depth: colourDepth(env, stdout.getColorDepth?.(env) ?? 1),
      background: backgroundFromEnv(env),
    };
    this.#styles = stylesFor(this.#look, this.#terminal.canPaint);
    if (!this.#terminal.canPaint)
      this.#printer = new PlainPrinter((text) => this.#terminal.print(text));
  }

  async run(): Promise<number> {
    const { file, env } = this.#options;
    const [progress] = await Promise.all([this.#store.load(), this.#files.load()]);
    const known = backgroundFromEnv(env);
    this.#restyle(known ?? progress.background);
    for (const problem of [this.#files.copies.problem, this.#store.problem]) {
      if (problem !== undefined) this.#notify(problem, "error");
    }
    this.#contents.choose(file ?? progress.last, this.#model);
    const ended = new Promise<number>((resolve) => {
      this.#end = resolve;
    });
    const unwatchEndings = watchEndings({
      // While another program has the terminal, Ctrl+C is its own.
      onInterrupt: () => this.#terminal.lent || this.#on(() => this.#controlC()),
      onSignal: (status) => this.#leave(status),
      onCrash: () => {
        this.#terminal.close();
        this.#children.end();
      },
    });
    this.#openTerminal(known === undefined && this.#look.depth === 256);
    // The first screen comes before the kernel, which loads and starts behind it.
    this.#kernel = this.#startKernel();
    this.#draw();
    const part = this.#files.partOf(file);
    if (part) this.#on(() => [{ type: "open", part }]);
    this.#files.watch();
    try {
      return await ended;
    } finally {
      this.#leaving = true;
      this.#files.close();
      this.#terminal.close();
      this.#children.end();
      await Promise.all([this.#kernel.close(), this.#store.settle()]);
      unwatchEndings();
    }
  }

  #openTerminal(ask: boolean): void {
    this.#terminal.open(
      {
        onKey: (key) => this.#on(() => this.#key(key)),
        onAnswer: (answer) => this.#on(() => this.#answer(answer)),
        onResize: () =>
          this.#on((model) => {
            for (const view of this.#views) view.resized?.(model);
          }),
        onLost: () => this.#leave(LOST_TERMINAL_STATUS),
      },
      { ask },
    );
  }

  #startKernel(): KernelHost {
    return new KernelHost({
      startKernel: this.#options.startKernel,
      onLateOutput: (output, cell) =>
        this.#on(() => {
          if (cell !== undefined) this.#owner?.run(cell)?.output.add(output, true);
        }),
      onDeath: (reason) =>
        this.#on(() => [
          notify(`${kernelEnded(reason)} A new one starts; what cells defined is gone.`, "error"),
        ]),
      onFailure: (reason) =>
        this.#on(() => [
          notify(`The kernel could not be started: ${reason}. R tries again.`, "error"),
        ]),
      onChange: () => this.#on(() => {}),
    });
  }

  get #model(): Model {
    const { columns, rows } = this.#terminal;
    return {
      env: this.#options.env,
      styles: this.#styles,
      size: { columns, rows: Math.max(1, rows - 1) },
      parts: this.#files.parts,
      copies: this.#files.copies,
      progress: this.#store.current,
      edited: this.#files.edited,
      kernel: this.#kernel ?? NO_KERNEL,
      activity: this.#worker.activity,
    };
  }

  /** Every event comes through here: it changes the state, what it asks for is done, the screen is drawn. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most events ask for nothing
  #on(event: (model: Model) => Actions | void): void {
    if (this.#leaving) return;
    for (const action of event(this.#model) ?? []) this.#do(action);
    const lesson = this.#views.find((view) => view.lesson)?.lesson;
    if (lesson) this.#files.lessons.keepPlace(lesson);
    this.#draw();
  }

  #draw(): void {
    const view = this.#views.at(-1);
    if (!view || this.#leaving) return;
    const shown = (): [Model, View, Notice | undefined] => [this.#model, view, this.#notice];
    const busy = this.#worker.activity !== undefined;
    if (this.#printer) this.#printer.show(() => plainPage(...shown()), busy);
    else this.#terminal.paint(() => screenRows(...shown()));
  }

  #do(action: Action): void {
    switch (action.type) {
      case "notify":
        this.#notify(action.text, action.kind ?? "info");
        break;
      case "show":
        this.#views = [...this.#views, action.view];
        break;
      case "back":
        if (this.#views.length > 1) this.#views = this.#views.slice(0, -1);
        break;
      case "contents":
        this.#showContents();
        break;
      case "open":
        this.#worker.start(
          openPart(this.#files, action.part, (view) => {
            this.#views = [this.#contents, view];
          }),
          this.#tools(),
        );
        break;
      case "practise":
        this.#worker.start(openCopy(this.#files, action.part), this.#tools());
        break;
      case "refresh":
        void this.#files.refreshCopies();
        break;
      case "restart":
        this.#kernel?.restart();
        break;
      case "leave":
        this.#leave(action.status);
        break;
      case "work":
        this.#worker.start(action, this.#tools());
        break;
    }
  }

  #notify(text: string, kind: Notice["kind"]): void {
    this.#notice = { text: safeText(text), kind };
  }

  #leave(status: number): void {
    this.#leaving = true; // keys typed behind q are for the program that has the terminal next
    this.#end(status);
  }

  #tools(): Tools {
    const { root, env } = this.#options;
    if (!this.#kernel) throw new Error("work began before the kernel");
    const own: Tools["own"] = (child, group) => this.#children.own(child, group);
    return {
      root,
      env,
      kernel: this.#kernel,
      store: this.#store,
      update: (change) => this.#on(change),
      report: (progress) => this.#on(() => this.#worker.report(progress)),
      reload: (lesson) => this.#files.reload(lesson),
      claimKernel: (lesson) => {
        // Each part has a kernel of its own: names of one mean nothing in another.
        if (this.#owner && this.#owner !== lesson) this.#kernel?.restart();
        this.#owner = lesson;
      },
      lend: (work) => this.#terminal.lend(() => work((child) => own(child, false))),
      own,
    };
  }

  #showContents(): void {
    const lesson = this.#views.at(-1)?.lesson;
    const here = this.#files.parts.findIndex((part) => part.file === lesson?.file);
    // At the end of a part the next one is at hand.
    const atEnd = lesson && !isCopy(lesson.file) && lesson.at === lesson.steps.length - 1;
    const next = atEnd ? this.#files.parts[here + 1] : undefined;
    this.#contents.choose(next?.file ?? lesson?.file, this.#model);
    this.#views = [this.#contents];
    void this.#files.refreshCopies();
    void this.#files.findEdits();
  }

  #answer(answer: string): void {
    const background = backgroundFromAnswer(answer);
    if (background === undefined || background === this.#look.background) return;
    this.#restyle(background);
    void this.#store.update((progress) => ({ ...progress, background }));
  }

  #restyle(background: Look["background"]): void {
    this.#look = { ...this.#look, background };
    this.#styles = stylesFor(this.#look, this.#terminal.canPaint);
  }

  #key(key: Key): Actions {
    const view = this.#views.at(-1);
    if (!view) return [];
    const { name } = key;
    if (name === "ctrl+c") {
      this.#worker.forgetKeys();
      return this.#controlC();
    }
    // What opens or is saved is there in a moment: keys are for what comes then.
    if (name !== "q" && this.#worker.keeps(key)) return [];
    this.#interrupted = false;
    this.#notice = undefined;
    const { typing } = view;
    // Pasted text is text: it presses no keys.
    if (key.pasted && (!typing || key.text === "")) return [];
    if (name === "ctrl+z") this.#terminal.suspend();
    else if (name === "ctrl+l") this.#terminal.repaint();
    else if (typing) return view.key(key, this.#model);
    else if (name === "q" || name === "ctrl+d") return [{ type: "leave", status: 0 }];
    else if (name === "?" && !this.#views.some(({ isHelp }) => isHelp)) this.#showHelp();
    else return view.key(key, this.#model);
    return [];
  }

  /** The help is loaded when it is asked for, also while a cell runs. */
  #showHelp(): void {
    void import("./help").then(({ helpView }) =>
      this.#on(() => [{ type: "show", view: helpView() }]),
    );
  }

  #controlC(): Actions {
    const { activity } = this.#worker;
    if (activity?.stop) {
      activity.stop();
      return [];
    }
    if (this.#interrupted) return [{ type: "leave", status: INTERRUPTED_STATUS }];
    this.#interrupted = true;
    return [notify("Nothing is running. Ctrl+C again leaves, as q does; any other key stays.")];
  }
}
