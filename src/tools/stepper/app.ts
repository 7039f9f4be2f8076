/** The front door: what fills the terminal, which kernel runs behind it, and how it all ends. */

import type { ChildProcess } from "node:child_process";
import type { ReadStream, WriteStream } from "node:tty";
import { safeText } from "../../program/safe-text";
import type { Kernel } from "../kernel/client";
import { readNotebook } from "../notebook/files";
import { listParts, type Part, partOf } from "../notebook/parts";
import { backgroundFromAnswer, backgroundFromEnv } from "../terminal/background";
import type { Key } from "../terminal/keys";
import { wrapWords } from "../terminal/layout";
import { colourDepth, type Look, type Styles, stylesFor } from "../terminal/palette";
import { Terminal } from "../terminal/terminal";
import { Children } from "./children";
import { ContentsView } from "./contents-view";
import type { Activity, AppContext } from "./context";
import type { Deck } from "./deck";
import { INTERRUPTED_STATUS, LOST_TERMINAL_STATUS, watchEndings } from "./endings";
import { KernelHost, type KernelHostOptions } from "./kernel-host";
import { ListView } from "./list-view";
import type { PartView } from "./part-view";
import { PlainPrinter } from "./plain-printer";
import { ProgressStore } from "./progress";
import { PromptView } from "./prompt-view";
import { kernelEnded } from "./runner";
import { isCopy, Shelf } from "./shelf";
import { SPINNER_FRAME_MS, stateText } from "./state-text";
import { barLine, type Hint, type Size, type View } from "./view";
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

const MAX_NOTICE_ROWS = 5;
const MAX_WAITING_KEYS = 32;

/** Steps through the lab until the person leaves; resolves with the exit status. */
export function runApp(options: AppOptions): Promise<number> {
  return new App(options).run();
}

class App implements AppContext {
  readonly #options: AppOptions;
  readonly #terminal: Terminal;
  readonly #printer: PlainPrinter | undefined;
  readonly store: ProgressStore;
  kernel!: KernelHost;
  parts: readonly Part[] = [];
  readonly shelf = new Shelf();
  #watch: NotebookWatch | undefined;
  styles: Styles;
  activity: Activity | undefined;
  #look: Look;
  #views: View[] = [];
  #contents!: ContentsView;
  readonly #open = new Map<string, PartView>();
  #edited = new Map<string, ReadonlySet<string>>();
  #owner: Deck | undefined;
  #notice: { text: string; kind: "info" | "error" } | undefined;
  #leaving = false;
  /** Ctrl+C was the last key. */
  #interrupted = false;
  #spin: NodeJS.Timeout | undefined;
  /** Keys pressed while something short was under way. */
  readonly #waiting: Key[] = [];
  readonly #children = new Children();
  #done: (status: number) => void = () => {};

  constructor(options: AppOptions) {
    const { env, stdout, root } = options;
    this.#options = options;
    this.#terminal = new Terminal(options);
    this.store = new ProgressStore(root);
    this.#look = {
      depth: colourDepth(env, stdout.getColorDepth?.(env) ?? 1),
      background: backgroundFromEnv(env),
    };
    this.styles = stylesFor(this.#look, this.#terminal.canPaint);
    if (!this.#terminal.canPaint)
      this.#printer = new PlainPrinter((text) => this.#terminal.print(text));
  }

  get root(): string {
    return this.#options.root;
  }

  get env(): NodeJS.ProcessEnv {
    return this.#options.env;
  }

  async run(): Promise<number> {
    const { root, file, env } = this.#options;
    const [parts, progress] = await Promise.all([
      listParts(root),
      this.store.load(),
      this.shelf.load(root),
    ]);
    this.parts = parts;
    const known = backgroundFromEnv(env);
    this.#restyle({ ...this.#look, background: known ?? progress.background });
    for (const problem of [this.shelf.problem, this.store.problem]) {
      if (problem !== undefined) this.notify(problem, "error");
    }
    this.#contents = new ContentsView(this);
    this.#contents.choose(file ?? progress.last);
    this.#views = [this.#contents];

    const ended = new Promise<number>((resolve) => {
      this.#done = resolve;
    });
    const unwatchEndings = watchEndings({
      // While another program has the terminal, Ctrl+C is its own.
      onInterrupt: () => this.#terminal.lent || this.#controlC(),
      onSignal: (status) => this.leave(status),
      onCrash: () => {
        this.#terminal.close();
        this.#children.end();
      },
    });
    this.#watch = watchLabAndCopies(root, (names) => void this.#changedOnDisk(names));
    this.#terminal.open(
      {
        onKey: (key) => this.#key(key),
        onAnswer: (answer) => this.#answer(answer),
        onResize: () => {
          for (const view of this.#views) view.resized?.();
          this.redraw();
        },
        onLost: () => this.leave(LOST_TERMINAL_STATUS),
      },
      { ask: known === undefined && this.#look.depth === 256 },
    );
    // The first screen comes before the kernel, which loads and starts behind it.
    this.kernel = new KernelHost({
      startKernel: this.#options.startKernel,
      onLateOutput: (output, cell) => {
        const run = cell === undefined ? undefined : this.#owner?.run(cell);
        run?.output.add(output, true);
        this.redraw();
      },
      onDeath: (reason) =>
        this.notify(
          `${kernelEnded(reason)} A new one starts; what cells defined is gone.`,
          "error",
        ),
      onFailure: (reason) =>
        this.notify(`The kernel could not be started: ${reason}. R tries again.`, "error"),
      onChange: () => this.redraw(),
    });
    this.redraw();
    const part = [...this.parts, ...this.shelf.copies].find((one) => one.file === file);
    if (part) void this.open(part);
    void this.#lookForEdits();
    try {
      return await ended;
    } finally {
      this.#leaving = true;
      clearInterval(this.#spin);
      this.#watch.close();
      this.#terminal.close();
      this.#children.end();
      await Promise.all([this.kernel.close(), this.store.settle()]);
      unwatchEndings();
    }
  }

  leave(status: number): void {
    this.#leaving = true; // keys typed behind q are for whoever has the terminal next
    this.#done(status);
  }

  own(child: ChildProcess, group: boolean): void {
    this.#children.own(child, group);
  }

  lend<T>(work: (onStart: (child: ChildProcess) => void) => Promise<T>): Promise<T> {
    return this.#terminal.lend(() => work((child) => this.own(child, false)));
  }

  async during<T>(
    activity: Omit<Activity, "started">,
    work: (activity: Activity) => Promise<T>,
  ): Promise<T | undefined> {
    if (this.activity) return undefined;
    const started: Activity = { ...activity, started: performance.now() };
    this.activity = started;
    this.#spin ??= setInterval(() => this.redraw(), SPINNER_FRAME_MS);
    this.redraw();
    try {
      return await work(started);
    } catch (error) {
      this.notify(error instanceof Error ? error.message : String(error), "error");
      return undefined;
    } finally {
      clearInterval(this.#spin);
      this.#spin = undefined;
      this.activity = undefined;
      this.#interrupted = false;
      // When whoever began this has gone on: nothing is shown of the state between.
      setImmediate(() => {
        this.redraw();
        this.#pressWaiting();
      });
    }
  }

  #pressWaiting(): void {
    while (!this.#leaving && !this.activity) {
      const key = this.#waiting.shift();
      if (!key) return;
      this.#key(key);
    }
  }

  notify(text: string, kind: "info" | "error" = "info"): void {
    this.#notice = { text: safeText(text), kind };
    this.redraw();
  }

  push(view: View): void {
    this.#views.push(view);
    this.redraw();
  }

  pop(): void {
    if (this.#views.length > 1) this.#views.pop();
    this.redraw();
  }

  async open(part: Part): Promise<void> {
    await this.during({ label: "opening" }, async () => {
      let view = this.#open.get(part.file);
      if (!view) {
        const notebook = await readNotebook(this.root, part.file);
        // Loaded with the first part, not with the first screen.
        const [{ PartView }, { Deck }] = await Promise.all([
          import("./part-view"),
          import("./deck"),
        ]);
        view = new PartView(this, new Deck(notebook));
        const { at, reached } = this.store.part(part.file);
        view.deck.restore(at, reached);
        this.#open.set(part.file, view);
        if (view.deck.at > 0) {
          this.notify(`This is where you left. The kernel is fresh: a runs the cells above again.`);
        }
      } else await view.runner.reload();
      this.#views = [this.#contents, view];
      view.remember();
      view.reveal();
    });
  }

  async practise(part: Part): Promise<void> {
    const copy = await this.during({ label: "opening your copy" }, async () => {
      const there = this.shelf.copyOf(part);
      if (there) return there;
      const [{ findJudge }, { makeCopy, practiceOf }] = await Promise.all([
        import("../practice/judges/all"),
        import("../practice/copies/copies"),
      ]);
      const judge = findJudge(part.number);
      if (!judge) throw new Error(`There is nothing to practise in Part ${part.number}.`);
      await makeCopy(this.root, await practiceOf(this.root, judge));
      await this.shelfChanged();
      return this.shelf.copyOf(part);
    });
    if (copy) await this.open(copy);
  }

  async shelfChanged(): Promise<void> {
    this.#watch?.lookForFolders();
    await this.shelf.load(this.root);
    this.redraw();
  }

  showContents(): void {
    const view = this.#views.at(-1);
    const file = [...this.#open].find(([, one]) => one === view)?.[0];
    const here = this.parts.findIndex((part) => part.file === file);
    const deck = file === undefined ? undefined : this.#open.get(file)?.deck;
    // At the end of a part the next one is at hand.
    const atEnd = deck && !isCopy(deck.file) && deck.at === deck.steps.length - 1;
    const next = atEnd ? this.parts[here + 1] : undefined;
    this.#contents.choose(next?.file ?? file);
    this.#views = [this.#contents];
    void this.shelfChanged();
    void this.#lookForEdits();
    this.redraw();
  }

  editedIn(file: string): ReadonlySet<string> {
    return this.#edited.get(file) ?? new Set();
  }

  claimKernel(deck: Deck): void {
    // Each part has a kernel of its own: names of one mean nothing in another.
    if (this.#owner && this.#owner !== deck) this.kernel.restart();
    this.#owner = deck;
  }

  partChanged(deck: Deck): void {
    const fresh = partOf(deck.notebook);
    const replaced = (part: Part): Part => (part.file === fresh.file ? fresh : part);
    this.parts = this.parts.map(replaced);
    this.shelf.copies = this.shelf.copies.map(replaced);
    void this.#lookForEdits();
  }

  async #lookForEdits(): Promise<void> {
    const { editedCells } = await import("./edited");
    const all = [...this.parts, ...this.shelf.copies];
    this.#edited = await editedCells(this.root, all, this.store.current);
    this.redraw();
  }

  /** A notebook was saved by another program, or by us. */
  async #changedOnDisk(names: ReadonlySet<string>): Promise<void> {
    if (this.#leaving) return;
    this.parts = await listParts(this.root).catch(() => this.parts);
    await this.shelfChanged();
    for (const [file, view] of this.#open) {
      if (!names.has(file)) continue;
      try {
        const changed = await view.runner.reload();
        if (changed.length === 0 || this.#terminal.lent) continue;
        const cells = changed.length === 1 ? `the cell ${changed[0]}` : `${changed.length} cells`;
        this.notify(`${file} was changed on disk: ${cells}. This is what is there now.`);
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        this.notify(`${what}. What was read before is still shown.`, "error");
      }
    }
    await this.#lookForEdits();
  }

  #answer(answer: string): void {
    const background = backgroundFromAnswer(answer);
    if (background === undefined || background === this.#look.background) return;
    this.#restyle({ ...this.#look, background });
    void this.store.update((progress) => ({ ...progress, background }));
    this.redraw();
  }

  #restyle(look: Look): void {
    this.#look = look;
    this.styles = stylesFor(look, this.#terminal.canPaint);
  }

  #key(key: Key): void {
    const view = this.#views.at(-1);
    if (!view || this.#leaving) return;
    if (key.name === "ctrl+c") {
      this.#waiting.length = 0;
      this.#controlC();
      return;
    }
    // What opens or is saved is there in a moment: keys are for what comes then.
    if (this.activity && !this.activity.stop && key.name !== "q") {
      if (!key.pasted && this.#waiting.length < MAX_WAITING_KEYS) this.#waiting.push(key);
      return;
    }
    this.#interrupted = false;
    this.#notice = undefined;
    const typing = isTyping(view);
    // Pasted text is text: it presses no keys.
    if (key.pasted && (!typing || key.text === "")) return;
    if (key.name === "ctrl+z") this.#terminal.suspend();
    else if (key.name === "ctrl+d" && !typing) this.leave(0);
    else if (key.name === "ctrl+l") this.#terminal.repaint();
    else if (typing) view.key(key);
    else if (key.name === "q") this.leave(0);
    else if (key.name === "?" && !this.#views.some((one) => one === this.#help))
      void this.#showHelp();
    else if (key.name === "t" && view === this.#contents) void this.#testChosen();
    else view.key(key);
    this.redraw();
  }

  #help: View | undefined;

  async #showHelp(): Promise<void> {
    const [{ TextView }, { helpLines }] = await Promise.all([
      import("./text-view"),
      import("./help"),
    ]);
    this.#help = new TextView(this, {
      title: "Keys",
      lines: (columns) => helpLines(columns, this.styles),
    });
    this.push(this.#help);
  }

  async #testChosen(): Promise<void> {
    const { part } = this.#contents;
    if (part) await (await import("./part-tests")).showTests(this, part);
  }

  #controlC(): void {
    if (this.#leaving) return;
    const { activity } = this;
    if (activity?.stop) {
      activity.stop();
      this.redraw();
    } else if (this.#interrupted) this.leave(INTERRUPTED_STATUS);
    else {
      this.#interrupted = true;
      this.notify("Nothing is running. Ctrl+C again leaves, as q does; any other key stays.");
    }
  }

  size(): Size {
    const { columns, rows } = this.#terminal;
    return { columns, rows: Math.max(1, rows - 1) };
  }

  #noticeRows(columns: number): string[] {
    if (!this.#notice) return [];
    const { text, kind } = this.#notice;
    const paint = kind === "error" ? this.styles.error : this.styles.accent;
    const lines = text.split("\n").flatMap((line) => wrapWords(line, Math.max(1, columns - 4)));
    return lines.slice(0, MAX_NOTICE_ROWS).map((line) => ` ${paint("▌")} ${paint(line)}`);
  }

  redraw(): void {
    const view = this.#views.at(-1);
    if (!view || this.#leaving) return;
    if (this.#printer) {
      this.#printer.show(() => {
        const { columns } = this.#terminal;
        const notice = this.#notice?.text ?? "";
        return { lines: view.text(columns), notice, bar: this.#bar(view, columns) };
      }, this.activity !== undefined);
    } else this.#terminal.paint(() => this.#rows(view));
  }

  #rows(view: View): string[] {
    const { columns, rows } = this.#terminal;
    const size = this.size();
    const notice = this.#noticeRows(columns).slice(0, size.rows);
    const room = size.rows - notice.length;
    const all = view.rows(size).slice(0, size.rows);
    const shown = view.endCounts ? all.slice(Math.max(0, all.length - room)) : all.slice(0, room);
    const blank = Array<string>(Math.max(0, room - shown.length)).fill("");
    return [...shown, ...blank, ...notice, this.#bar(view, columns)].slice(-rows);
  }

  #bar(view: View, columns: number): string {
    return barLine({
      styles: this.styles,
      columns,
      state: stateText(this.activity, this.kernel),
      busy: this.activity !== undefined,
      hints: view.hints(),
      always: isTyping(view) ? [] : view === this.#help ? ALWAYS.slice(1) : ALWAYS,
      place: view.place?.() ?? "",
    });
  }
}

const ALWAYS: readonly Hint[] = [
  ["?", "help"],
  ["q", "leave"],
];

/** Whether characters are text to the view, not keys. */
function isTyping(view: View): boolean {
  return view instanceof PromptView || view instanceof ListView;
}
