/** A part, stepped through: reading, running, going about. */

import { type Part, partOf } from "../notebook/parts";
import type { Key } from "../terminal/keys";
import { browserContent, openInBrowser } from "./browser";
import type { Activity, AppContext } from "./context";
import { showCheck } from "./copy-check";
import type { CellRun, Deck, Step } from "./deck";
import { DeckLayout, type DeckPage } from "./deck-lines";
import { editCell, undoEdit } from "./edit-cell";
import { editorCommand } from "./editor";
import { ListView } from "./list-view";
import { outline } from "./outline";
import { PartSearch } from "./part-search";
import { showTests } from "./part-tests";
import { extractCell, showProgram } from "./programs";
import { Runner } from "./runner";
import { isCopy } from "./shelf";
import { type Hint, Scroller, type Size, type View } from "./view";

/** Lines of what was shown before that stay on the screen when a page is turned. */
const OVERLAP_ROWS = 2;

export class PartView implements View {
  readonly #app: AppContext;
  readonly deck: Deck;
  readonly endCounts = true;
  readonly #runner: Runner;
  readonly #layout = new DeckLayout();
  readonly #scroller = new Scroller();
  readonly #open = new Set<string>();
  readonly #stacks = new Set<string>();
  readonly #search: PartSearch;
  /** Where the steps stood on the page that was laid out last. */
  #steps: DeckPage["steps"] = [];
  /** The running cell's end is kept in sight, until the person scrolls. */
  #follow = false;

  constructor(app: AppContext, deck: Deck) {
    this.#app = app;
    this.deck = deck;
    this.#runner = new Runner(app, deck);
    this.#search = new PartSearch(app, this, {
      lines: () => this.#layOut(deck.steps.length - 1),
      goTo: (line, page) => this.#goToLine(line, page),
      top: () => this.#scroller.top,
    });
  }

  get runner(): Runner {
    return this.#runner;
  }

  /** The page up to the step that was reached. What grows above the window does not move what is in it. */
  #page(): DeckPage {
    const page = this.#layOut();
    const before = this.#steps;
    const { top } = this.#scroller;
    const at = before.filter((step) => step.top <= top).length - 1;
    const [old, now] = [before[at], page.steps[at]];
    if (old && now) this.#scroller.top = top + now.top - old.top;
    this.#steps = page.steps;
    return page;
  }

  #layOut(through?: number): DeckPage {
    const { deck } = this;
    const { kernel, styles, store } = this.#app;
    const { columns } = this.#app.size();
    return this.#layout.page(
      deck,
      {
        columns,
        styles,
        generation: kernel.generation,
        now: performance.now(),
        open: this.#open,
        stacks: this.#stacks,
        edited: this.#app.editedIn(deck.file),
        ran: store.part(deck.file).ran,
      },
      through,
    );
  }

  rows({ columns, rows }: Size): readonly string[] {
    const page = this.#page();
    if (this.#follow) this.#followRun(page, rows);
    this.#scroller.clamp(page.lines.length, rows);
    const shown = page.lines.slice(this.#scroller.top, this.#scroller.top + rows);
    return this.#search.mark(shown, columns);
  }

  text(): readonly string[] {
    return this.#page().lines;
  }

  /** Puts the step in sight: as much as fits of what came since `from`, and the end of the page below it. */
  reveal(from = this.deck.at): void {
    const { rows } = this.#app.size();
    const { lines, steps } = this.#page();
    const first = steps[from];
    const here = steps[this.deck.at];
    if (!first || !here) return;
    this.#follow = false;
    const last = this.deck.at === this.deck.reached ? lines.length : here.end;
    // Of a cell that has run, the output counts; its code was read before.
    const tops = from === this.deck.at ? [first.top] : [first.codeTop, first.codeEnd - 1];
    const top = tops.find((line) => last - line <= rows);
    this.#scroller.top = top === undefined ? (tops.at(-1) ?? 0) : Math.max(0, last - rows);
    this.#scroller.clamp(lines.length, rows);
  }

  /** Lines stand elsewhere now: the step stays in sight. */
  resized(): void {
    if (!this.#follow) this.reveal();
  }

  #followRun({ steps }: DeckPage, rows: number): void {
    const here = steps[this.deck.at];
    if (here && here.end > this.#scroller.top + rows) this.#scroller.top = here.end - rows;
  }

  /** Whether the step's end has been seen: until then Enter reads on. */
  #isRead(): boolean {
    const { rows } = this.#app.size();
    const here = this.#page().steps[this.deck.at];
    const { top } = this.#scroller;
    return !here || (here.codeEnd <= top + rows && here.codeEnd > top);
  }

  place(): string {
    const { deck } = this;
    const code = deck.step?.code;
    return code ? `${deck.at + 1}/${deck.total}` : "end";
  }

  hints(): readonly Hint[] {
    const { deck } = this;
    const { activity } = this.#app;
    if (activity) {
      const stop: Hint[] = activity.stop
        ? [["Ctrl+C", this.#app.kernel.interrupting ? "restart the kernel" : "interrupt"]]
        : [];
      return [...stop, ["↑↓", "scroll"]];
    }
    const { code } = deck.step ?? {};
    const output = this.#outputStep();
    const run = output?.code && deck.run(output.code.id);
    const enter = !this.#isRead() ? "read on" : code ? "run" : "contents";
    const hints: Hint[] = [["Enter", enter]];
    if (run?.output.failure && !this.#stacks.has(output?.code?.id ?? ""))
      hints.push(["s", "stack"]);
    if (this.#folds(output))
      hints.push(["f", this.#open.has(output?.code?.id ?? "") ? "fold" : "unfold"]);
    if (run && browserContent(run.output)) hints.push(["o", "browser"]);
    const missing = deck.missingBefore(deck.at, this.#app.kernel.generation);
    if (code && missing.length > 0) hints.push(["a", "run above"]);
    hints.push(["n", "next"], ["b", "back"]);
    if (code) hints.push(["e", "edit"]);
    hints.push(["r", "again"], ["g", "jump"], ["/", "search"], ["c", "contents"]);
    if (code) hints.push(["u", "undo"], ["p", "program"]);
    hints.push(["t", isCopy(deck.file) ? "check" : "tests"], ["R", "restart"]);
    return hints;
  }

  key({ name }: Key): void {
    const { rows } = this.#app.size();
    const { lines } = this.#page();
    if (this.#scroller.key(name, lines.length, rows)) {
      this.#follow = false;
      this.#app.redraw();
      return;
    }
    if (this.#app.activity) return;
    switch (name) {
      case "enter":
        this.#enter();
        break;
      case "n":
      case "right":
        this.#move(this.deck.at + 1);
        break;
      case "b":
      case "left":
        this.#move(this.deck.at - 1);
        break;
      case "r":
        this.#again();
        break;
      case "a":
        this.#runAbove();
        break;
      case "g":
        this.#jump();
        break;
      case "e":
        void this.#edit();
        break;
      case "u":
        void this.#undo();
        break;
      case "f":
        this.#toggle(this.#open);
        break;
      case "s":
        this.#toggle(this.#stacks);
        break;
      case "o":
        void this.#browse();
        break;
      case "p":
        void this.#program();
        break;
      case "t":
        void this.#judge();
        break;
      case "/":
        this.#search.open();
        break;
      case "R":
        this.#app.kernel.restart();
        this.#app.notify(
          "The kernel starts anew. What cells defined is gone; a runs those above again.",
        );
        break;
      case "c":
      case "esc":
        this.#app.showContents();
        break;
    }
    this.#app.redraw();
  }

  get part(): Part {
    return partOf(this.deck.notebook);
  }

  #enter(): void {
    const { rows } = this.#app.size();
    if (!this.#isRead()) {
      const here = this.#page().steps[this.deck.at];
      if (here && here.codeEnd <= this.#scroller.top) this.reveal();
      else
        this.#scroller.top += Math.max(
          1,
          Math.min(rows - OVERLAP_ROWS, (here?.codeEnd ?? 0) - this.#scroller.top - rows),
        );
    } else if (this.deck.step?.code) void this.#run(this.deck.step.code.id, true);
    else this.#app.showContents();
  }

  #move(index: number): void {
    const before = this.deck.at;
    this.deck.goTo(index);
    this.remember();
    if (this.deck.at !== before) this.reveal();
    else if (index > before) this.#app.notify("This is the end of the part. c shows the contents.");
  }

  /** Keeps the place for the next time. */
  remember(): void {
    const { deck } = this;
    const at = deck.idOf(deck.at);
    const reached = deck.idOf(deck.reached);
    void this.#app.store.updatePart(deck.file, (part) => ({
      ...part,
      ...(at !== undefined && { at }),
      ...(reached !== undefined && { reached }),
    }));
  }

  async #run(cellId: string, moveOn: boolean): Promise<void> {
    const { deck } = this;
    const at = deck.indexOf(cellId);
    const outcome = await this.#running(async (activity) => {
      const before = deck.step?.code?.source;
      const result = await this.#runner.run(cellId, activity);
      if (result === "moved") this.#app.notify("That cell is no longer in the notebook.");
      else if (deck.step?.code?.id === cellId && deck.step.code.source !== before) {
        this.#app.notify("The cell was changed on disk: what ran is what is there now.");
      }
      return result;
    });
    if (outcome === "ok" && moveOn && deck.at + 1 < deck.steps.length) {
      deck.goTo(deck.at + 1);
      this.remember();
      this.reveal(deck.at - 1);
    } else this.#showResult(at);
    if (outcome === "error") this.#hintAboutAbove();
    this.#app.redraw();
  }

  /** A cell that fails because those above have not run is no riddle. */
  #hintAboutAbove(): void {
    const missing = this.deck.missingBefore(this.deck.at, this.#app.kernel.generation);
    if (missing.length > 0) {
      const cells =
        missing.length === 1 ? "1 cell above has" : `${missing.length} cells above have`;
      this.#app.notify(
        `${cells} not run in this kernel: a runs ${missing.length === 1 ? "it" : "them"}.`,
      );
    }
  }

  #running<T>(work: (activity: Activity) => Promise<T>): Promise<T | undefined> {
    const { kernel } = this.#app;
    this.#follow = true;
    const stop = (): void => {
      if (kernel.interrupting) kernel.restart();
      else kernel.interrupt();
      this.#app.redraw();
    };
    return this.#app.during({ label: "running", stop }, work);
  }

  #showResult(index: number): void {
    const { rows } = this.#app.size();
    const { steps } = this.#page();
    const step = steps[index];
    this.#follow = false;
    if (!step) return;
    const { top } = this.#scroller;
    if (step.end > top + rows || step.codeTop < top) {
      this.#scroller.top = Math.min(step.codeTop, Math.max(0, step.end - rows));
    }
  }

  #again(): void {
    const { deck } = this;
    const here = deck.step?.code;
    const id = here && deck.run(here.id) ? here.id : this.#runner.last;
    const index = id === undefined ? -1 : deck.indexOf(id);
    if (id === undefined || index < 0) {
      this.#app.notify("No cell has run yet. Enter runs the one that is marked.");
      return;
    }
    deck.goTo(index);
    this.remember();
    this.#showResult(index);
    void this.#run(id, false);
  }

  #runAbove(): void {
    const missing = this.deck.missingBefore(this.deck.at, this.#app.kernel.generation);
    const ids = missing.flatMap(({ code }) => (code ? [code.id] : []));
    if (ids.length === 0) {
      this.#app.notify("All cells above have run in this kernel.");
      return;
    }
    void this.#running(async (activity) => {
      const stopped = await this.#runner.runAll(ids, activity);
      if (stopped === undefined) this.#app.notify(`Ran ${ids.length} cells.`);
      else {
        this.deck.goTo(this.deck.indexOf(stopped));
        this.remember();
        this.#app.notify(`Stopped at ${stopped}.`, "error");
      }
    }).then(() => {
      this.#follow = false;
      this.reveal();
      this.#showResult(this.deck.at);
      this.#app.redraw();
    });
  }

  #jump(): void {
    const items = outline(this.deck);
    const at = items.findIndex(({ value }) => value === this.deck.at);
    const view = new ListView(
      this.#app,
      "Jump to",
      items,
      (index: number) => this.#move(index),
      Math.max(0, at),
    );
    this.#app.push(view);
  }

  #goToLine(line: number, page: DeckPage): void {
    const { rows } = this.#app.size();
    const step = page.steps.findIndex(({ end }) => line < end);
    if (step >= 0) this.deck.goTo(step);
    this.remember();
    this.#scroller.top = Math.max(0, line - Math.floor(rows / 2));
  }

  /** The step whose output keys are about: this one's, or the one that ran before it. */
  #outputStep(): Step | undefined {
    const { deck } = this;
    const upToHere = deck.steps.slice(0, deck.at + 1);
    return upToHere.reverse().find(({ code }) => code && deck.run(code.id));
  }

  #folds(step: Step | undefined): boolean {
    return step?.code !== undefined && this.#layout.folds(step.code.id);
  }

  #toggle(set: Set<string>): void {
    const step = this.#outputStep();
    const id = step?.code?.id;
    if (!step || id === undefined) return;
    if (!set.delete(id)) set.add(id);
    const { codeEnd = 0 } = this.#page().steps[step.index] ?? {};
    if (set.has(id)) this.#scroller.top = Math.max(0, codeEnd - 1);
    else this.#showResult(step.index);
  }

  async #edit(): Promise<void> {
    const editor = editorCommand(this.#app.env).split(" ")[0];
    await this.#app.during({ label: `editing (${editor})` }, async () => {
      this.#app.notify(await editCell(this.#app, this.deck, this.#runner));
    });
    this.reveal();
    this.#app.redraw();
  }

  async #undo(): Promise<void> {
    await this.#app.during({ label: "undoing" }, async () => {
      this.#app.notify(await undoEdit(this.#app, this.deck, this.#runner));
    });
  }

  async #browse(): Promise<void> {
    const { root, env } = this.#app;
    const step = this.#outputStep();
    const run: CellRun | undefined = step?.code && this.deck.run(step.code.id);
    const content = run && browserContent(run.output);
    if (!step?.code || !content) {
      this.#app.notify("There is no drawing or page in the output above.");
      return;
    }
    const { id } = step.code;
    await this.#app.during({ label: "opening the browser" }, async () => {
      this.#app.notify(await openInBrowser(root, this.deck.file, id, content, env));
    });
  }

  async #judge(): Promise<void> {
    if (!isCopy(this.deck.file)) return showTests(this.#app, this.part);
    return showCheck(this.#app, this.part, (cell) => {
      this.#move(this.deck.indexOf(cell));
      this.#app.redraw();
    });
  }

  async #program(): Promise<void> {
    const { deck } = this;
    const cells = this.part.cells.filter(({ program }) => program !== undefined);
    // The cell's own, or else the last one above it, or else the first of the part.
    const above = cells.filter(({ id }) => deck.indexOf(id) <= deck.at).at(-1);
    const chosen = above ?? cells[0];
    if (!chosen?.program) {
      this.#app.notify("No cell of this part becomes a program.");
      return;
    }
    const { program, id } = chosen;
    const shown = await this.#app.during({ label: `extracting ${program}` }, () =>
      extractCell(this.#app.root, deck.file, program, id),
    );
    if (shown) showProgram(this.#app, shown);
  }
}
