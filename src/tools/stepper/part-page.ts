/** The page of a part: which of its lines are in sight, and which outputs are unfolded. */
import type { Cell } from "../notebook/format";
import { isCopy } from "./copies";
import type { Lesson, Step } from "./lesson";
import { LessonLayout, type LessonPage } from "./lesson-layout";
import type { Model } from "./model";
import { partProgress } from "./progress";
import { Scroller } from "./scroller";

/** Lines of what was shown before that stay on the screen when a page is turned. */
const OVERLAP_ROWS = 2;

export class PartPage {
  readonly #lesson: Lesson;
  readonly #layout = new LessonLayout();
  readonly #scroller = new Scroller();
  /** Cells whose long output is unfolded, and whose error's stack is shown. */
  readonly unfolded = new Set<string>();
  readonly stacks = new Set<string>();
  /** Cells whose solution was asked for. */
  readonly solutions = new Set<string>();
  /** Where the steps stood on the page that was laid out last. */
  #steps: LessonPage["steps"] = [];
  /** The running cell's end is kept in sight, until the person scrolls. */
  follow = false;

  constructor(lesson: Lesson) {
    this.#lesson = lesson;
  }

  /** The first line in sight. */
  get top(): number {
    return this.#scroller.top;
  }

  /** The page up to the step that was reached. What grows above the window does not move what is in it. */
  laidOut(model: Model): LessonPage {
    const page = this.layOut(model);
    const before = this.#steps;
    const { top } = this.#scroller;
    const at = before.filter((step) => step.top <= top).length - 1;
    const [old, now] = [before[at], page.steps[at]];
    if (old && now) this.#scroller.top = top + now.top - old.top;
    this.#steps = page.steps;
    return page;
  }

  /** @param through the last step to lay out */
  layOut(model: Model, through?: number): LessonPage {
    const { styles, size, kernel, edited, progress } = model;
    const { file } = this.#lesson;
    const look = {
      columns: size.columns,
      styles,
      generation: kernel.generation,
      now: performance.now(),
      open: this.unfolded,
      stacks: this.stacks,
      solved: ({ id }: Pick<Cell, "id">) => this.showsSolution(id, model),
      edited: edited.get(file) ?? new Set<string>(),
      ran: partProgress(progress, file).ran,
    };
    return this.#layout.page(this.#lesson, look, through);
  }

  /** A solution is folded until it is asked for, or the learner's own has passed. A copy has what the learner wrote. */
  showsSolution(cell: string, { copies }: Model): boolean {
    const { file, part } = this.#lesson;
    return this.solutions.has(cell) || isCopy(file) || copies.standing(part)?.pass !== undefined;
  }

  rows(model: Model): readonly string[] {
    const { rows } = model.size;
    const { lines, steps } = this.laidOut(model);
    const here = steps[this.#lesson.at];
    if (this.follow && here && here.end > this.top + rows) this.#scroller.top = here.end - rows;
    this.#scroller.clamp(lines.length, rows);
    return lines.slice(this.top, this.top + rows);
  }

  /** Moves for a scrolling key; false when the key is none. */
  scroll(key: string, model: Model): boolean {
    const moved = this.#scroller.key(key, this.laidOut(model).lines.length, model.size.rows);
    if (moved) this.follow = false;
    return moved;
  }

  /** Puts the step in sight: as much as fits of what came since `from`, and the end of the page below it. */
  reveal(model: Model, from = this.#lesson.at): void {
    const { at, reached } = this.#lesson;
    const { rows } = model.size;
    const { lines, steps } = this.laidOut(model);
    const first = steps[from];
    const here = steps[at];
    if (!first || !here) return;
    this.follow = false;
    const last = at === reached ? lines.length : here.end;
    // Of a cell that has run, the output counts; its code was read before.
    const tops = from === at ? [first.top] : [first.codeTop, first.codeEnd - 1];
    const top = tops.find((line) => last - line <= rows);
    this.#scroller.top = top === undefined ? (tops.at(-1) ?? 0) : Math.max(0, last - rows);
    this.#scroller.clamp(lines.length, rows);
  }

  /** Puts the cell of the step in sight, with as much of the prose before it as there is room for. */
  showCode(model: Model): void {
    const { rows } = model.size;
    const here = this.laidOut(model).steps[this.#lesson.at];
    this.follow = false;
    if (!here) return;
    const fits = here.codeEnd - here.top <= rows;
    const above = Math.max(here.top, here.codeEnd - rows);
    this.#scroller.top = fits ? here.top : Math.min(above, here.codeTop);
  }

  /** Puts the cell of a step and what it did in sight. */
  showResult(model: Model, index: number): void {
    const { rows } = model.size;
    const step = this.laidOut(model).steps[index];
    this.follow = false;
    if (step && (step.end > this.top + rows || step.codeTop < this.top)) {
      this.#scroller.top = Math.min(step.codeTop, Math.max(0, step.end - rows));
    }
  }

  /** Puts a line in the middle. */
  showLine(line: number, { size }: Model): void {
    this.#scroller.top = Math.max(0, line - Math.floor(size.rows / 2));
  }

  /** True when the step's end has been seen: until then Enter reads on. */
  isRead(model: Model): boolean {
    const here = this.laidOut(model).steps[this.#lesson.at];
    return !here || (here.codeEnd <= this.top + model.size.rows && here.codeEnd > this.top);
  }

  /** Turns to what has not been seen of the step. */
  readOn(model: Model): void {
    const { rows } = model.size;
    const here = this.laidOut(model).steps[this.#lesson.at];
    if (here && here.codeEnd <= this.top) this.reveal(model);
    else {
      const left = (here?.codeEnd ?? 0) - this.top - rows;
      this.#scroller.top += Math.max(1, Math.min(rows - OVERLAP_ROWS, left));
    }
  }

  /** Shows the solution of the cell, and folds it again. */
  toggleSolution(): void {
    const id = this.#lesson.step?.code?.id;
    if (id !== undefined && !this.solutions.delete(id)) this.solutions.add(id);
  }

  /** True when the output is long enough to fold. */
  folds(step: Step | undefined): boolean {
    return step?.code !== undefined && this.#layout.folds(step.code.id);
  }

  /** Unfolds what is folded, and the other way round. */
  toggle(set: Set<string>, step: Step | undefined, model: Model): void {
    const id = step?.code?.id;
    if (!step || id === undefined) return;
    if (!set.delete(id)) set.add(id);
    const { codeEnd = 0 } = this.laidOut(model).steps[step.index] ?? {};
    if (set.has(id)) this.#scroller.top = Math.max(0, codeEnd - 1);
    else this.showResult(model, step.index);
  }
}
