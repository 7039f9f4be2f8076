/** The contents page: the parts, what each teaches, and how far the learner is. */

import path from "node:path";
import type { Part } from "../notebook/parts";
import type { Key } from "../terminal/keys";
import { cut, ends, pad, progressBar, widthOf, wrapWords } from "../terminal/layout";
import type { Action, Actions, Hint, Model, View } from "./model";
import { partProgress } from "./progress";
import { Scroller } from "./scroller";
import { standingOf } from "./standing";

const BAR_COLUMNS = 10;
const MAX_COLUMNS = 100;
/** How much is said of the parts. */
type Details = "all" | "chosen" | "least";
const DETAILS: readonly Details[] = ["all", "chosen"];
const MARGIN = "  ";

interface PartLook {
  readonly chosen: boolean;
  readonly width: number;
  /** With its whole text. */
  readonly roomy: boolean;
}

export class ContentsView implements View {
  readonly #scroller = new Scroller();
  #chosen = 0;
  #typed = "";

  /** Puts the mark on a part. */
  choose(file: string | undefined, { parts }: Pick<Model, "parts">): void {
    const name = file && path.basename(file); // a copy's part is the one that it was copied from
    const found = parts.findIndex((part) => path.basename(part.file) === name);
    this.#chosen = Math.max(0, found);
    this.#typed = "";
  }

  rows(model: Model): readonly string[] {
    const head = this.#head(model);
    const room = model.size.rows - head.length;
    // Every part with its whole text where there is room; only the marked one, or a line of each, where not.
    const layouts = DETAILS.map((details) => this.#lines(model, details));
    const fitting = layouts.find((one) => one.lines.length <= room);
    const { lines, chosen } = fitting ?? this.#lines(model, "least");
    if (chosen.top < this.#scroller.top) this.#scroller.top = chosen.top;
    if (chosen.end > this.#scroller.top + room) this.#scroller.top = chosen.end - room;
    this.#scroller.clamp(lines.length, room);
    return [...head, ...lines.slice(this.#scroller.top, this.#scroller.top + room)];
  }

  text(model: Model): readonly string[] {
    return [...this.#head(model), ...this.#lines(model, "all").lines];
  }

  #head({ styles, progress, parts, copies, size }: Model): string[] {
    const width = Math.min(size.columns, MAX_COLUMNS) - 2 * MARGIN.length;
    const standings = parts.map((part) => standingOf(part, progress));
    const done = standings.reduce((sum, one) => sum + one.done, 0);
    const total = standings.reduce((sum, one) => sum + one.total, 0);
    const criteria = [...new Set(parts.flatMap((part) => part.criteria))];
    const proved = criteria.filter((name) => copies.proof(name)).length;
    const facts = `${done} of ${total} cells · ${proved} of ${criteria.length} criteria proved`;
    const title = styles.title("Socket Lab");
    return [MARGIN + ends(title, styles.muted(facts), width), ""];
  }

  #lines(
    model: Model,
    details: Details,
  ): { lines: string[]; chosen: { top: number; end: number } } {
    const width = Math.min(model.size.columns, MAX_COLUMNS) - 2 * MARGIN.length;
    const lines: string[] = [];
    let chosen = { top: 0, end: 0 };
    for (const [at, part] of model.parts.entries()) {
      const top = lines.length;
      const roomy = details === "all" || (details === "chosen" && at === this.#chosen);
      lines.push(
        ...this.#part(part, model, { chosen: at === this.#chosen, width, roomy }).map(
          (line) => line && MARGIN + line,
        ),
      );
      if (at === this.#chosen) chosen = { top, end: lines.length };
      if (details === "all") lines.push("");
    }
    return { lines, chosen };
  }

  #part(part: Part, model: Model, { chosen, width, roomy }: PartLook): string[] {
    const { styles } = model;
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
    const first = ends(name, this.#standing(part, model, width), width);
    const room = width - indent.length;
    const criteria = roomy ? this.#criteria(part, model, room).map((line) => indent + line) : [];
    const about = roomy ? wrapWords(part.about, room) : [cut(part.about, room)];
    return [
      first,
      ...about.map((line) => (line === "" ? "" : indent + styles.muted(line))),
      ...criteria,
    ];
  }

  /** `2 edited · tests ✓ · yours 3/14 · criteria 0/2  ━━━━────── 9/26` */
  #standing(part: Part, model: Model, width: number): string {
    const { styles, copies } = model;
    const { done, total, tests } = standingOf(part, model.progress);
    const edited = model.edited.get(part.file)?.size ?? 0;
    const proved = part.criteria.filter((name) => copies.proof(name)).length;
    const facts: string[] = [];
    if (edited > 0) facts.push(styles.warning(`${edited} edited`));
    if (tests === "passed") facts.push(styles.ok("tests ✓"));
    if (tests === "failed") facts.push(styles.error("tests ✗"));
    const own = this.#ownStanding(part, model);
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
  #ownStanding(part: Part, { styles, copies }: Model): string | undefined {
    if (!copies.copyOf(part)) return undefined;
    const { pass, last } = copies.standing(part) ?? {};
    if (last && last.passed === last.total) return styles.ok("yours ✓");
    if (last) return styles.accent(`yours ${last.passed}/${last.total}`);
    return pass ? styles.ok("yours ✓") : styles.accent("yours begun");
  }

  #criteria(part: Part, { styles, copies }: Model, width: number): string[] {
    return part.criteria.flatMap((name) => {
      const proof = copies.proof(name);
      const mark = proof ? styles.ok("✓") : styles.border("○");
      const when = proof ? ` (${proof.at.slice(0, 10)}, ${proof.by})` : "";
      const lines = wrapWords(`${name}${when}`, width - widthOf("○ "));
      return lines.map((line, at) => `${at === 0 ? mark : " "} ${styles.muted(line)}`);
    });
  }

  hints(model: Model): readonly Hint[] {
    const part = this.part(model);
    const opened = part && partProgress(model.progress, part.file).at !== undefined;
    const enter = opened ? "go on" : "open";
    return [
      ["Enter", part ? `${enter} in ${part.number}` : enter],
      ["↑↓", "choose"],
      ["0-9", "open"],
      ["y", part && model.copies.copyOf(part) ? "your copy" : "practise"],
      ["t", "tests"],
    ];
  }

  key({ name, text }: Key, model: Model): Actions {
    const last = model.parts.length - 1;
    if (/^\d$/.test(text)) return this.#digit(text, model);
    this.#typed = "";
    const moves: Readonly<Record<string, number>> = { up: -1, k: -1, down: 1, j: 1, n: 1, b: -1 };
    const move = moves[name];
    const part = this.part(model);
    if (move !== undefined) this.#chosen = Math.max(0, Math.min(last, this.#chosen + move));
    else if (name === "home") this.#chosen = 0;
    else if (name === "end") this.#chosen = last;
    else if (!part) return [];
    else if (name === "enter" || name === "right") return [{ type: "open", part }];
    else if (name === "y") return [{ type: "practise", part }];
    else if (name === "t") return [testPart(part, model.parts)];
    return [];
  }

  /** A part's number; the first digit of several numbers only marks the first of them. */
  #digit(digit: string, { parts }: Model): Actions {
    const fitting = (typed: string): Part[] =>
      parts.filter(({ number }) => number.startsWith(typed));
    this.#typed = fitting(this.#typed + digit).length > 0 ? this.#typed + digit : digit;
    const found = fitting(this.#typed);
    const part = found.find(({ number }) => number === this.#typed) ?? found[0];
    if (!part) return [];
    this.#chosen = parts.indexOf(part);
    if (found.length > 1) return [];
    this.#typed = "";
    return [{ type: "open", part }];
  }

  /** The part that is marked. */
  part({ parts }: Model): Part | undefined {
    return parts[this.#chosen];
  }
}

/** The tests load what runs them only now. */
function testPart(part: Part, parts: readonly Part[]): Action {
  return {
    type: "work",
    label: "opening the tests",
    work: async (tools) => (await import("./part-tests")).openTests(tools, part, parts),
  };
}
