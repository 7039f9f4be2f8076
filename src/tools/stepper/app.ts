/**
 * The front door: events in, one state, one draw. Keys, the kernel, work that ends and changes on the disk are
 * events; each changes the state by what views answer, and then the screen is drawn.
 */
import type { ReadStream, WriteStream } from "node:tty";
import { safeText } from "../../program/safe-text";
import type { Kernel } from "../kernel/client";
import { listParts, type Part, partOf } from "../notebook/parts";
import { backgroundFromAnswer, backgroundFromEnv } from "../terminal/background";
import type { Key } from "../terminal/keys";
import { colourDepth, type Look, stylesFor } from "../terminal/palette";
import { Terminal } from "../terminal/terminal";
import { Children } from "./children";
import { ContentsView } from "./contents-view";
import { Copies, copyToPractise, isCopy } from "./copies";
import { INTERRUPTED_STATUS, LOST_TERMINAL_STATUS, watchEndings } from "./endings";
import { KernelHost, type KernelHostOptions } from "./kernel-host";
import type { Lesson } from "./lesson";
import { Lessons } from "./lessons";
import type { Action, Actions, Activity, Decision, Model, Tools, View, Work } from "./model";
import { notify } from "./model";
import { PlainPrinter } from "./plain-printer";
import { ProgressStore } from "./progress";
import { kernelEnded } from "./run-cells";
import { type Notice, plainPage, screenRows } from "./screen";
import { SPINNER_FRAME_MS } from "./state-text";
import { type NotebookWatch, watchLabAndCopies } from "./watch-notebooks";

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

const MAX_WAITING_KEYS = 32;
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
  readonly #lessons: Lessons;
  readonly #children = new Children();
  readonly #copies = new Copies();
  readonly #contents = new ContentsView();
  #kernel: KernelHost | undefined;
  #watch: NotebookWatch | undefined;
  // The state.
  #look: Look;
  #styles: Model["styles"];
  #parts: readonly Part[] = [];
  #edited: Model["edited"] = new Map();
  #views: readonly View[] = [this.#contents];
  #notice: Notice | undefined;
  #activity: Activity | undefined;
  /** Whose cells the kernel has run. */
  #owner: Lesson | undefined;
  /** Ctrl+C was the last key. */
  #interrupted = false;
  #leaving = false;
  /** By notebook, what was last said of it when it could not be read. */
  readonly #unreadable = new Map<string, string>();
  /** Keys pressed during something short. */
  readonly #waiting: Key[] = [];
  #end: (status: number) => void = () => {};

  constructor(options: AppOptions) {
    const { env, stdout, root } = options;
    this.#options = options;
    this.#terminal = new Terminal(options);
    this.#store = new ProgressStore(root);
    this.#lessons = new Lessons(root, this.#store);
    this.#look = {
      depth: colourDepth(env, stdout.getColorDepth?.(env) ?? 1),
      background: backgroundFromEnv(env),
    };
    this.#styles = stylesFor(this.#look, this.#terminal.canPaint);
    if (!this.#terminal.canPaint)
      this.#printer = new PlainPrinter((text) => this.#terminal.print(text));
  }

  async run(): Promise<number> {
    const { root, file, env } = this.#options;
    const [parts, progress] = await Promise.all([
      listParts(root),
      this.#store.load(),
      this.#copies.load(root),
    ]);
    this.#parts = parts;
    const known = backgroundFromEnv(env);
    this.#restyle(known ?? progress.background);
    for (const problem of [this.#copies.problem, this.#store.problem]) {
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
    this.#watch = watchLabAndCopies(root, (names) => void this.#changedOnDisk(names));
    this.#openTerminal(known === undefined && this.#look.depth === 256);
    // The first screen comes before the kernel, which loads and starts behind it.
    this.#kernel = this.#startKernel();
    this.#draw();
    const part = [...parts, ...this.#copies.parts].find((one) => one.file === file);
    if (part) this.#on(() => [{ type: "open", part }]);
    void this.#findEdits();
    try {
      return await ended;
    } finally {
      this.#leaving = true;
      this.#watch.close();
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
      parts: this.#parts,
      copies: this.#copies,
      progress: this.#store.current,
      edited: this.#edited,
      kernel: this.#kernel ?? NO_KERNEL,
      activity: this.#activity,
    };
  }

  /** Every event comes through here: it changes the state, what it asks for is done, the screen is drawn. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most events ask for nothing
  #on(event: (model: Model) => Actions | void): void {
    if (this.#leaving) return;
    for (const action of event(this.#model) ?? []) this.#do(action);
    const lesson = this.#views.find((view) => view.lesson)?.lesson;
    if (lesson) this.#lessons.keepPlace(lesson);
    this.#draw();
  }

  #draw(): void {
    const view = this.#views.at(-1);
    if (!view || this.#leaving) return;
    const shown = (): [Model, View, Notice | undefined] => [this.#model, view, this.#notice];
    const busy = this.#activity !== undefined;
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
        this.#work(this.#open(action.part));
        break;
      case "practise":
        this.#work(this.#practise(action.part));
        break;
      case "refresh":
        void this.#refreshCopies();
        break;
      case "restart":
        this.#kernel?.restart();
        break;
      case "leave":
        this.#leave(action.status);
        break;
      case "work":
        this.#work(action);
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

  /** Does one piece of work at a time; a further one that is asked for meanwhile is not begun. */
  #work({ label, work, stop }: Work): void {
    if (this.#activity) return;
    const tools = this.#tools();
    this.#activity = {
      label,
      started: performance.now(),
      ...(stop && { stop: () => stop(tools) }),
    };
    const ticks = setInterval(() => this.#draw(), SPINNER_FRAME_MS).unref();
    const finish = (then: Decision): void => {
      clearInterval(ticks);
      this.#on(() => {
        this.#activity = undefined;
        this.#interrupted = false;
        return then(this.#model);
      });
      this.#pressWaiting();
    };
    work(tools).then(
      (decision) => finish(decision ?? (() => [])),
      (error: unknown) =>
        finish(() => [notify(error instanceof Error ? error.message : String(error), "error")]),
    );
  }

  #pressWaiting(): void {
    while (!this.#leaving && !this.#activity) {
      const key = this.#waiting.shift();
      if (!key) return;
      this.#on(() => this.#key(key));
    }
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
      report: (progress) =>
        this.#on(() => {
          if (this.#activity) this.#activity = { ...this.#activity, ...progress };
        }),
      reload: (lesson) => this.#reload(lesson),
      claimKernel: (lesson) => {
        // Each part has a kernel of its own: names of one mean nothing in another.
        if (this.#owner && this.#owner !== lesson) this.#kernel?.restart();
        this.#owner = lesson;
      },
      lend: (work) => this.#terminal.lend(() => work((child) => own(child, false))),
      own,
    };
  }

  #open(part: Part): Work {
    return {
      type: "work",
      label: "opening",
      work: async ({ reload }) => {
        const visited = this.#store.part(part.file).at !== undefined;
        const { view, fresh } = await this.#lessons.open(part);
        if (!fresh) await reload(view.lesson);
        return (model) => {
          this.#views = [this.#contents, view];
          view.reveal(model);
          if (!fresh || view.lesson.at === 0) return [];
          if (!visited)
            return [
              notify(
                `This is your own copy, at its first TODO: e opens the cell in your editor, t checks.`,
              ),
            ];
          return [
            notify("This is where you left. The kernel is fresh: a runs the cells above again."),
          ];
        };
      },
    };
  }

  #practise(part: Part): Work {
    return {
      type: "work",
      label: "opening your copy",
      work: async ({ root }) => {
        if (!this.#copies.copyOf(part)) {
          await copyToPractise(root, part);
          await this.#refreshCopies();
        }
        const copy = this.#copies.copyOf(part);
        return () => (copy ? [{ type: "open", part: copy }] : []);
      },
    };
  }

  #showContents(): void {
    const lesson = this.#views.at(-1)?.lesson;
    const here = this.#parts.findIndex((part) => part.file === lesson?.file);
    // At the end of a part the next one is at hand.
    const atEnd = lesson && !isCopy(lesson.file) && lesson.at === lesson.steps.length - 1;
    const next = atEnd ? this.#parts[here + 1] : undefined;
    this.#contents.choose(next?.file ?? lesson?.file, this.#model);
    this.#views = [this.#contents];
    void this.#refreshCopies();
    void this.#findEdits();
  }

  async #refreshCopies(): Promise<void> {
    this.#watch?.lookForFolders();
    await this.#copies.load(this.#options.root);
    this.#on(() => {});
  }

  async #findEdits(): Promise<void> {
    const { editedCells } = await import("./edited");
    const all = [...this.#parts, ...this.#copies.parts];
    const edited = await editedCells(this.#options.root, all, this.#store.current);
    this.#on(() => {
      this.#edited = edited;
    });
  }

  async #reload(lesson: Lesson): Promise<string[]> {
    const before = lesson.notebook;
    const changed = await this.#lessons.reload(lesson);
    if (lesson.notebook !== before) {
      const fresh = partOf(lesson.notebook);
      this.#parts = this.#parts.map((part) => (part.file === fresh.file ? fresh : part));
      this.#copies.replace(fresh);
      void this.#findEdits();
    }
    return changed;
  }

  /** A notebook was saved by another program, or by us. */
  async #changedOnDisk(names: ReadonlySet<string>): Promise<void> {
    if (this.#leaving) return;
    this.#parts = await listParts(this.#options.root).catch(() => this.#parts);
    await this.#refreshCopies();
    for (const { lesson } of this.#lessons.views) {
      const { file } = lesson;
      if (!names.has(file)) continue;
      try {
        const changed = await this.#reload(lesson);
        this.#unreadable.delete(file);
        if (changed.length === 0 || this.#terminal.lent) continue;
        const cells = changed.length === 1 ? `the cell ${changed[0]}` : `${changed.length} cells`;
        const text = `${file} was changed on disk: ${cells}. This is what is there now.`;
        this.#on(() => [notify(text)]);
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        if (this.#unreadable.get(file) === what) continue; // one save can be several events
        this.#unreadable.set(file, what);
        this.#on(() => [notify(`${what}. What was read before is still shown.`, "error")]);
      }
    }
    await this.#findEdits();
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
      this.#waiting.length = 0;
      return this.#controlC();
    }
    // What opens or is saved is there in a moment: keys are for what comes then.
    if (this.#activity && !this.#activity.stop && name !== "q") {
      if (!key.pasted && this.#waiting.length < MAX_WAITING_KEYS) this.#waiting.push(key);
      return [];
    }
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
    if (this.#activity?.stop) {
      this.#activity.stop();
      return [];
    }
    if (this.#interrupted) return [{ type: "leave", status: INTERRUPTED_STATUS }];
    this.#interrupted = true;
    return [notify("Nothing is running. Ctrl+C again leaves, as q does; any other key stays.")];
  }
}
