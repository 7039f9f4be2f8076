/** A part as one long page, up to the step that was reached: prose, code, and what each cell did. */
import { safeText } from "../../program/safe-text";
import type { Cell } from "../notebook/format";
import { sourceHash } from "../notebook/source-hash";
import { append, duration, ends, widthOf, wrapCode } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import { highlight } from "./highlight";
import type { CellRun, Lesson, Step } from "./lesson";
import { renderMarkdown } from "./markdown";
import { outputLines } from "./output-lines";
import { visibleLines } from "./solution-fold";

/** Longer lines are hard to read, however wide the terminal is. */
export const MAX_PROSE_COLUMNS = 84;
/** Code and output may be wider than prose. */
const MAX_CODE_COLUMNS = 120;
const MARGIN = "  ";

export interface LessonLook {
  /** The terminal's width. */
  readonly columns: number;
  readonly styles: Styles;
  /** The kernel that runs now. */
  readonly generation: number;
  readonly now: number;
  /** Cells whose long output is open, and whose error's stack is shown. */
  readonly open: ReadonlySet<string>;
  readonly stacks: ReadonlySet<string>;
  readonly edited: ReadonlySet<string>;
  /** True for a cell whose solution is shown. */
  readonly solved?: (cell: Cell) => boolean;
  /** By cell, the sourceHash with which it ran clean, in this session or an earlier one. */
  readonly ran: Readonly<Record<string, string>>;
}

interface BodyLook {
  readonly here: boolean;
  readonly solved: boolean;
  readonly width: number;
  readonly styles: Styles;
}

/** Where a step stands on the page: lines counted from 0, ends exclusive. */
export interface StepLines {
  readonly top: number;
  readonly codeTop: number;
  readonly codeEnd: number;
  readonly end: number;
}

export interface LessonPage {
  readonly lines: readonly string[];
  readonly steps: readonly StepLines[];
}

/** Lays pages out, and remembers the parts that stay the same from one to the next. */
export class LessonLayout {
  #cache = new Map<string, readonly string[]>();
  readonly #folded = new Map<string, boolean>();
  #styles: Styles | undefined;
  #columns = 0;

  /** @param through the last step to lay out */
  page(lesson: Lesson, look: LessonLook, through = lesson.reached): LessonPage {
    if (this.#columns !== look.columns || this.#styles !== look.styles) this.#cache = new Map();
    this.#columns = look.columns;
    this.#styles = look.styles;
    const lines: string[] = [];
    const steps: StepLines[] = [];
    for (const step of lesson.steps.slice(0, through + 1)) {
      const top = lines.length;
      for (const cell of step.prose) lines.push(...this.#prose(cell, look), "");
      const codeTop = lines.length;
      if (step.code) lines.push(...this.#code(step.code, step, lesson, look));
      const codeEnd = lines.length;
      const run = step.code && lesson.run(step.code.id);
      if (step.code && run) append(lines, this.#output(step.code, run, lesson, look));
      if (step.code) lines.push("");
      steps.push({ top, codeTop, codeEnd, end: lines.length });
    }
    return { lines, steps };
  }

  #prose(cell: Cell, { columns, styles }: LessonLook): readonly string[] {
    const width = Math.min(columns - 2 * MARGIN.length, MAX_PROSE_COLUMNS);
    return this.#cached(`prose ${cell.id} ${sourceHash(cell.source)}`, () =>
      renderMarkdown(safeText(cell.source), width, styles).map(indent),
    );
  }

  #code(cell: Cell, step: Step, lesson: Lesson, look: LessonLook): string[] {
    const { styles } = look;
    const width = codeWidth(look.columns);
    const here = step.index === lesson.at;
    const frame = here ? styles.accent : styles.border;
    const solved = look.solved?.(cell) ?? false;
    const body = this.#body(cell, { here, solved, width, styles });
    const name = `${step.index + 1}/${lesson.total} ${here ? styles.strong(cell.id) : cell.id}`;
    const mark = here ? frame("▶") : frame("·");
    const left = `${mark} ${name} `;
    const right = this.#standing(cell, lesson, look);
    const rule = width - widthOf(left) - widthOf(right) - (right === "" ? 0 : 1);
    const header =
      rule < 1
        ? ends(left, right, width)
        : left + frame("─".repeat(rule)) + (right === "" ? "" : ` ${right}`);
    return [indent(header), ...body];
  }

  /** Numbered lines in a frame, which marks the step that one is at. */
  #body(cell: Cell, { here, solved, width, styles }: BodyLook): readonly string[] {
    const hash = sourceHash(cell.source);
    return this.#cached(`body ${cell.id} ${hash} ${here} ${solved}`, () => {
      const source = this.#cached(`code ${cell.id} ${hash}`, () =>
        highlight(safeText(cell.source), "typescript", styles),
      );
      const digits = String(source.length).length;
      const frame = here ? styles.accent("┃") : styles.border("│");
      return visibleLines(cell.source, source, solved).flatMap((line) => {
        const text = "fold" in line ? styles.muted(safeText(line.fold)) : line.text;
        return wrapCode(text, width - digits - 3).map((row, part) => {
          const number = part === 0 && "number" in line ? String(line.number) : "";
          return indent(`${styles.muted(number.padStart(digits))} ${frame} ${row}`);
        });
      });
    });
  }

  /** What is known of a cell, at the right of its header. */
  #standing(
    cell: Cell,
    lesson: Lesson,
    { styles, edited, generation, now, ran }: LessonLook,
  ): string {
    const facts: string[] = [];
    if (edited.has(cell.id)) facts.push(styles.warning("edited"));
    const run = lesson.run(cell.id);
    const changed = run && run.hash !== sourceHash(cell.source);
    const time = run && duration(run.milliseconds ?? now - run.started);
    if (!run) {
      if (ran[cell.id] === sourceHash(cell.source)) facts.push(styles.muted("✓ ran before"));
    } else if (run.status === "running") facts.push(styles.warning(`running ${time}`));
    else if (changed) facts.push(styles.muted("changed since it ran"));
    else if (run.status === "error") facts.push(styles.error(`✗ ${time}`));
    else if (run.generation !== generation) facts.push(styles.muted("✓ in an earlier kernel"));
    else facts.push(styles.ok(`✓ ${time}`));
    return facts.join(" · ");
  }

  #output(cell: Cell, run: CellRun, lesson: Lesson, look: LessonLook): readonly string[] {
    const { styles, columns, open, stacks } = look;
    const opened = open.has(cell.id);
    const stack = stacks.has(cell.id);
    const key = `output ${cell.id} ${run.started} ${run.output.version} ${opened} ${stack} ${run.lost}`;
    return this.#cached(key, () => {
      const { lines, folded } = outputLines(run.output, {
        columns,
        styles,
        open: opened,
        stack,
        place: { file: lesson.file, cell: cell.id },
        lost: run.lost,
      });
      this.#folded.set(cell.id, folded > 0);
      return lines;
    });
  }

  /** Whether the cell's output is long enough to fold. */
  folds(cellId: string): boolean {
    return this.#folded.get(cellId) ?? false;
  }

  #cached(key: string, make: () => readonly string[]): readonly string[] {
    const kind = key.slice(0, key.indexOf(" ", key.indexOf(" ") + 1));
    const found = this.#cache.get(key);
    if (found) return found;
    // Only the latest of each cell's prose, code and output is kept.
    for (const old of this.#cache.keys()) if (old.startsWith(`${kind} `)) this.#cache.delete(old);
    const made = make();
    this.#cache.set(key, made);
    return made;
  }
}

function codeWidth(columns: number): number {
  return Math.min(columns - 2 * MARGIN.length, MAX_CODE_COLUMNS);
}

function indent(line: string): string {
  return line === "" ? "" : MARGIN + line;
}
