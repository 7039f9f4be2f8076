/** Search in a part: what is typed is marked wherever it stands; Enter goes from one place to the next. */
import { stripVTControlCharacters } from "node:util";
import type { LessonPage } from "./lesson-layout";
import type { Actions, Model, View } from "./model";
import { PromptView } from "./prompt-view";

export interface Searched {
  /** The whole part, also what has not been reached. */
  lines(model: Model): LessonPage;
  /** Shows a line of it. */
  goTo(line: number, page: LessonPage, model: Model): void;
  /** The first line that is shown. */
  top(): number;
}

export class PartSearch {
  readonly #below: View;
  readonly #searched: Searched;
  #wanted = "";
  #found: number[] = [];
  #at = -1;

  constructor(below: View, searched: Searched) {
    this.#below = below;
    this.#searched = searched;
  }

  open(): Actions {
    this.#wanted = "";
    this.#found = [];
    this.#at = -1;
    const view = new PromptView(this.#below, {
      label: "/",
      hints: [
        ["Enter", "next place"],
        ["↑", "the one before"],
        ["type", "to search"],
        ["Esc", "done"],
      ],
      typed: (text, model) => this.#find(text, model),
      entered: (_text, model) => {
        this.#go(1, model);
        return [];
      },
      key: (name, model) => {
        if (name === "down") this.#go(1, model);
        else if (name === "up") this.#go(-1, model);
        else return false;
        return true;
      },
      left: () => {
        this.#wanted = "";
      },
      place: () => {
        if (this.#wanted === "") return "";
        const count = this.#found.length;
        return this.#at < 0 ? `${count} found` : `${this.#at + 1} of ${count}`;
      },
    });
    return [{ type: "show", view }];
  }

  #find(text: string, model: Model): void {
    this.#wanted = text.toLowerCase();
    this.#at = -1;
    const { lines } = this.#searched.lines(model);
    this.#found = [];
    if (this.#wanted === "") return;
    for (const [at, line] of lines.entries()) {
      if (stripVTControlCharacters(line).toLowerCase().includes(this.#wanted)) this.#found.push(at);
    }
  }

  #go(by: number, model: Model): void {
    if (this.#found.length === 0) return;
    const top = this.#searched.top();
    if (this.#at >= 0) this.#at = (this.#at + by + this.#found.length) % this.#found.length;
    else
      this.#at = Math.max(
        0,
        this.#found.findIndex((line) => line >= top),
      );
    this.#searched.goTo(this.#found[this.#at] ?? 0, this.#searched.lines(model), model);
  }

  /** Marks what is looked for in the rows that show it. */
  mark(rows: readonly string[], { styles: { match } }: Model): readonly string[] {
    if (this.#wanted === "") return rows;
    return rows.map((row) => {
      const plain = stripVTControlCharacters(row);
      const lower = plain.toLowerCase();
      // Some letters change their length in lower case: then where they stand is not known.
      if (lower.length !== plain.length || !lower.includes(this.#wanted)) return row;
      let marked = "";
      let from = 0;
      for (let at = lower.indexOf(this.#wanted); at >= 0; at = lower.indexOf(this.#wanted, from)) {
        const end = at + this.#wanted.length;
        marked += plain.slice(from, at) + match(plain.slice(at, end));
        from = end;
      }
      return marked + plain.slice(from);
    });
  }
}
