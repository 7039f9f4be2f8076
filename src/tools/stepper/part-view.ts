/** A part, stepped through: what each key does. */
import type { Part } from "../notebook/parts";
import type { Key } from "../terminal/keys";
import { isCopy } from "./copies";
import { choseEditor, editorCommand } from "./editor";
import type { Lesson } from "./lesson";
import type { LessonPage } from "./lesson-layout";
import { ListView } from "./list-view";
import { type Action, type Actions, type Hint, type Model, notify, type View } from "./model";
import { type OutlinePlace, outline } from "./outline";
import { endHints, nextAfter, tellEnd } from "./part-end";
import { partHints } from "./part-hints";
import { PartPage } from "./part-page";
import { PartSearch } from "./part-search";
import { browse, edit, run, runAbove, showProgram, undo } from "./part-work";

export class PartView implements View {
  readonly lesson: Lesson;
  readonly endCounts = true;
  readonly #page: PartPage;
  readonly #search: PartSearch;
  #toldEditor = false;

  constructor(lesson: Lesson) {
    this.lesson = lesson;
    this.#page = new PartPage(lesson);
    this.#search = new PartSearch(this, {
      lines: (model) => this.#page.layOut(model, lesson.steps.length - 1),
      goTo: (line, page, model) => this.#goToLine(line, page, model),
      top: () => this.#page.top,
    });
  }

  rows(model: Model): readonly string[] {
    return this.#search.mark(this.#page.rows(model), model);
  }

  text(model: Model): readonly string[] {
    return this.#page.laidOut(model).lines;
  }

  place(): string {
    const { lesson } = this;
    const at = lesson.step?.code ? `${lesson.at + 1}/${lesson.total}` : "end";
    return isCopy(lesson.file) ? `your copy ${at}` : at;
  }

  hints(model: Model): readonly Hint[] {
    const { lesson } = this;
    return partHints(lesson, this.#page, model, lesson.isAtEnd ? endHints(lesson, model) : []);
  }

  /** Puts the step in sight. */
  reveal(model: Model): void {
    this.#page.reveal(model);
  }

  /** Lines stand elsewhere now: the step stays in sight. */
  resized(model: Model): void {
    if (!this.#page.follow) this.#page.reveal(model);
  }

  key({ name }: Key, model: Model): Actions {
    if (this.#page.scroll(name, model) || model.activity) return [];
    const { lesson } = this;
    const opened = { lesson, page: this.#page };
    switch (name) {
      case "enter":
        return this.#enter(model);
      case "n":
      case "right":
        return this.#move(lesson.at + 1, model);
      case "b":
      case "left":
        return this.#move(lesson.at - 1, model);
      case "r":
        return [this.#again(model)];
      case "a":
        return [runAbove(opened, model)];
      case "g":
        return [this.#jump()];
      case "e":
        return [this.#edit(model)];
      case "u":
        return [undo(opened)];
      case "f":
        this.#page.toggle(this.#page.unfolded, lesson.outputStep(), model);
        return [];
      case "s":
        this.#page.toggle(this.#page.stacks, lesson.outputStep(), model);
        return [];
      case "o":
        return [browse(opened, lesson.outputStep())];
      case "p":
        return [showProgram(opened)];
      case "t":
        return [this.#judge(model)];
      case "x":
        this.#page.toggleSolution();
        return [];
      case "y":
        return isCopy(lesson.file) ? [] : [{ type: "practise", part: this.part }];
      case "/":
        return this.#search.open();
      case "R":
        return [{ type: "restart" }, notify(RESTARTED)];
      case "c":
      case "esc":
        return [{ type: "contents" }];
    }
    return [];
  }

  get part(): Part {
    return this.lesson.part;
  }

  #enter(model: Model): Actions {
    const code = this.lesson.step?.code;
    if (!this.#page.isRead(model)) {
      this.#page.readOn(model);
      return [];
    }
    if (!this.lesson.isAtEnd) return code ? [this.#run(code.id, true)] : [];
    const next = nextAfter(this.lesson, model);
    if (next === "check") return [this.#judge(model)];
    return [next === "contents" ? { type: "contents" } : { type: "open", part: next.part }];
  }

  /** An editor that was not chosen is announced: the first one that many people meet is hard to leave. */
  #edit({ env }: Model): Action {
    if (!this.#toldEditor && !choseEditor(env)) {
      this.#toldEditor = true;
      const editor = editorCommand(env);
      const leave = editor === "vi" ? " (:wq saves and leaves it, :q! leaves)" : "";
      return notify(
        `e again opens the cell in ${editor}${leave}. To choose another: EDITOR=nano npm start, or EDITOR="code --wait".`,
      );
    }
    return edit({ lesson: this.lesson, page: this.#page }, env);
  }

  #run(cellId: string, moveOn: boolean): Action {
    const opened = { lesson: this.lesson, page: this.#page };
    return run(opened, cellId, { moveOn, atEnd: (model) => [tellEnd(this.lesson, model)] });
  }

  #move(index: number, model: Model): Actions {
    const { lesson } = this;
    const before = lesson.at;
    lesson.moveTo(index);
    if (lesson.at !== before) this.#page.reveal(model);
    // The end is told where one meets it: at prose after the last cell, or by going on behind that cell.
    const met = lesson.at === before ? index > before : !lesson.step?.code && lesson.at > before;
    return met ? [tellEnd(lesson, model)] : [];
  }

  #again(model: Model): Action {
    const { lesson } = this;
    const here = lesson.step?.code;
    const id = lesson.last ?? here?.id;
    const index = id === undefined ? -1 : lesson.indexOf(id);
    if (id === undefined || index < 0) {
      return notify("There is no cell here to run.");
    }
    lesson.goTo(index);
    this.#page.showResult(model, index);
    return this.#run(id, false);
  }

  #jump(): Action {
    const items = outline(this.lesson);
    const at = items.findIndex(({ value }) => value.step === this.lesson.at);
    const choose = ({ step, shows }: OutlinePlace, model: Model): Actions => {
      this.lesson.moveTo(step);
      if (shows === "prose") this.#page.reveal(model);
      else this.#page.showCode(model);
      return [];
    };
    return { type: "show", view: new ListView("Jump to", items, choose, Math.max(0, at)) };
  }

  #goToLine(line: number, page: LessonPage, model: Model): void {
    const step = page.steps.findIndex(({ end }) => line < end);
    if (step >= 0) this.lesson.moveTo(step);
    this.#page.showLine(line, model);
  }

  /** The lab's tests of the part's programs, or the check of one's own copy. What runs them is loaded only now. */
  #judge({ parts }: Model): Action {
    const { part } = this;
    if (!isCopy(this.lesson.file)) {
      return {
        type: "work",
        label: "opening the tests",
        work: async (tools) => (await import("./part-tests")).openTests(tools, part, parts),
      };
    }
    const goTo = (cell: string, model: Model): Actions => {
      this.lesson.moveTo(this.lesson.indexOf(cell));
      this.#page.showCode(model);
      return [];
    };
    return {
      type: "work",
      label: "opening the check",
      work: async () => (await import("./copy-check")).openCheck(part, goTo),
    };
  }
}

const RESTARTED = "The kernel starts anew. What cells defined is gone; a runs those above again.";
