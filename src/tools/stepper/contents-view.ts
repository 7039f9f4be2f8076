/** The contents page: the parts, what each teaches, and how far the learner is. */

import path from "node:path";
import type { Part } from "../notebook/parts";
import type { Key } from "../terminal/keys";
import { cut, ends, pad, progressBar, widthOf, wrapWords } from "../terminal/layout";
import type { AppContext } from "./context";
import { standingOf } from "./standing";
import { type Hint, Scroller, type Size, type View } from "./view";

const BAR_COLUMNS = 10;
const MAX_COLUMNS = 100;
/** How much is said of the parts. */
type Details = "all" | "chosen" | "least";
const DETAILS: readonly Details[] = ["all", "chosen"];
const MARGIN = "  ";

export class ContentsView implements View {
  readonly #app: AppContext;
  readonly #scroller = new Scroller();
  #chosen = 0;
  #typed = "";

  constructor(app: AppContext) {
    this.#app = app;
  }

  /** Puts the mark on a part. */
  choose(file: string | undefined): void {
    const name = file && path.basename(file); // a copy's part is the one that it was copied from
    const found = this.#app.parts.findIndex((part) => path.basename(part.file) === name);
    this.#chosen = Math.max(0, found);
    this.#typed = "";
  }

  rows({ columns, rows }: Size): readonly string[] {
    const head = this.#head(columns);
    const room = rows - head.length;
    // Every part with its whole text where there is room; only the marked one, or a line of each, where not.
    const layouts = DETAILS.map((details) => this.#lines(columns, details));
    const fitting = layouts.find((one) => one.lines.length <= room);
    const { lines, chosen } = fitting ?? this.#lines(columns, "least");
    if (chosen.top < this.#scroller.top) this.#scroller.top = chosen.top;
    if (chosen.end > this.#scroller.top + room) this.#scroller.top = chosen.end - room;
    this.#scroller.clamp(lines.length, room);
    return [...head, ...lines.slice(this.#scroller.top, this.#scroller.top + room)];
  }

  text(columns: number): readonly string[] {
    return [...this.#head(columns), ...this.#lines(columns, "all").lines];
  }

  #head(columns: number): string[] {
    const { styles, store, parts, shelf } = this.#app;
    const width = Math.min(columns, MAX_COLUMNS) - 2 * MARGIN.length;
    const standings = parts.map((part) => standingOf(part, store.current));
    const done = standings.reduce((sum, one) => sum + one.done, 0);
    const total = standings.reduce((sum, one) => sum + one.total, 0);
    const criteria = [...new Set(parts.flatMap((part) => part.criteria))];
    const proved = criteria.filter((name) => shelf.proof(name)).length;
    const facts = `${done} of ${total} cells · ${proved} of ${criteria.length} criteria proved`;
    const title = styles.title("Socket Lab");
    return [MARGIN + ends(title, styles.muted(facts), width), ""];
  }

  #lines(
    columns: number,
    details: Details,
  ): { lines: string[]; chosen: { top: number; end: number } } {
    const width = Math.min(columns, MAX_COLUMNS) - 2 * MARGIN.length;
    const lines: string[] = [];
    let chosen = { top: 0, end: 0 };
    for (const [at, part] of this.#app.parts.entries()) {
      const top = lines.length;
      const roomy = details === "all" || (details === "chosen" && at === this.#chosen);
      lines.push(
        ...this.#part(part, at === this.#chosen, width, roomy).map((line) => line && MARGIN + line),
      );
      if (at === this.#chosen) chosen = { top, end: lines.length };
      if (details === "all") lines.push("");
    }
    return { lines, chosen };
  }

  #part(part: Part, chosen: boolean, width: number, roomy: boolean): string[] {
    const { styles } = this.#app;
    const number = part.number.padStart(2);
    const mark = chosen ? styles.accent("▶") : " ";
    const title = chosen ? styles.selected(` ${part.title} `) : ` ${part.title} `;
    const name = `${mark}${styles.accent(number)} ${title}`;
    const indent = " ".repeat(5);
    if (part.problem !== undefined) {
      const text = wrapWords(part.problem, width - indent.length).slice(0, roomy ? undefined : 1);
      return [
        ends(name, styles.error("✗ cannot be opened"), width),
        ...text.map((line) => indent + styles.error(line)),
      ];
    }
    const first = ends(name, this.#standing(part, width), width);
    const room = width - indent.length;
    const criteria = roomy ? this.#criteria(part, room).map((line) => indent + line) : [];
    const about = roomy ? wrapWords(part.about, room) : [cut(part.about, room)];
    return [
      first,
      ...about.map((line) => (line === "" ? "" : indent + styles.muted(line))),
      ...criteria,
    ];
  }

  /** `2 edited · tests ✓ · yours 3/14 · criteria 0/2  ━━━━────── 9/26` */
  #standing(part: Part, width: number): string {
    const { styles, store, shelf } = this.#app;
    const { done, total, tests } = standingOf(part, store.current);
    const edited = this.#app.editedIn(part.file).size;
    const proved = part.criteria.filter((name) => shelf.proof(name)).length;
    const facts: string[] = [];
    if (edited > 0) facts.push(styles.warning(`${edited} edited`));
    if (tests === "passed") facts.push(styles.ok("tests ✓"));
    if (tests === "failed") facts.push(styles.error("tests ✗"));
    const own = this.#ownStanding(part);
    if (own !== undefined) facts.push(own);
    if (part.criteria.length > 0 && width >= 70) {
      const text = `criteria ${proved}/${part.criteria.length}`;
      facts.push(proved > 0 ? styles.ok(text) : styles.muted(text));
    }
    const [full, rest] = progressBar(done, total, BAR_COLUMNS);
    const bar = styles.ok(full) + styles.border(rest);
    const count = pad(`${done}/${total}`, 5, "left");
    return `${facts.join(styles.border(" · "))}  ${bar} ${done === total ? styles.ok(count) : count}`;
  }

  /** How far the learner's copy is: `yours 3/14`. */
  #ownStanding(part: Part): string | undefined {
    const { styles, shelf } = this.#app;
    if (!shelf.copyOf(part)) return undefined;
    const { pass, last } = shelf.standing(part) ?? {};
    if (last && last.passed === last.total) return styles.ok("yours ✓");
    if (last) return styles.accent(`yours ${last.passed}/${last.total}`);
    return pass ? styles.ok("yours ✓") : styles.accent("yours begun");
  }

  #criteria(part: Part, width: number): string[] {
    const { styles, shelf } = this.#app;
    return part.criteria.flatMap((name) => {
      const proof = shelf.proof(name);
      const mark = proof ? styles.ok("✓") : styles.border("○");
      const when = proof ? ` (${proof.at.slice(0, 10)}, ${proof.by})` : "";
      const lines = wrapWords(`${name}${when}`, width - widthOf("○ "));
      return lines.map((line, at) => `${at === 0 ? mark : " "} ${styles.muted(line)}`);
    });
  }

  hints(): readonly Hint[] {
    const part = this.#app.parts[this.#chosen];
    const opened = part && this.#app.store.part(part.file).at !== undefined;
    const enter = opened ? "go on" : "open";
    return [
      ["Enter", part ? `${enter} in ${part.number}` : enter],
      ["↑↓", "choose"],
      ["0-9", "open"],
      ["y", part && this.#app.shelf.copyOf(part) ? "your copy" : "practise"],
      ["t", "tests"],
    ];
  }

  key({ name, text }: Key): void {
    const { parts } = this.#app;
    const last = parts.length - 1;
    if (/^\d$/.test(text)) {
      this.#digit(text);
      return;
    }
    this.#typed = "";
    const moves: Readonly<Record<string, number>> = { up: -1, k: -1, down: 1, j: 1, n: 1, b: -1 };
    const move = moves[name];
    if (move !== undefined) this.#chosen = Math.max(0, Math.min(last, this.#chosen + move));
    else if (name === "home") this.#chosen = 0;
    else if (name === "end") this.#chosen = last;
    else if (name === "enter" || name === "right") this.#open();
    else if (name === "y" && this.part) void this.#app.practise(this.part);
    this.#app.redraw();
  }

  /** A part's number; the first digit of several numbers only marks the first of them. */
  #digit(digit: string): void {
    const { parts } = this.#app;
    const fitting = (typed: string): Part[] =>
      parts.filter(({ number }) => number.startsWith(typed));
    this.#typed = fitting(this.#typed + digit).length > 0 ? this.#typed + digit : digit;
    const found = fitting(this.#typed);
    const exact = found.find(({ number }) => number === this.#typed) ?? found[0];
    if (!exact) return;
    this.#chosen = parts.indexOf(exact);
    if (found.length === 1) this.#open();
    this.#app.redraw();
  }

  /** The part that is marked. */
  get part(): Part | undefined {
    return this.#app.parts[this.#chosen];
  }

  #open(): void {
    this.#typed = "";
    if (this.part) void this.#app.open(this.part);
  }
}
