/** Something to choose from a list by typing a part of its name: where to jump, which program to show. */

import type { Key } from "../terminal/keys";
import { cut, pad } from "../terminal/layout";
import type { Actions, Hint, Model, View } from "./model";
import { Scroller } from "./scroller";

export interface ListItem<T> {
  readonly value: T;
  /** What is looked for in it; shown without styles when it is chosen. */
  readonly text: string;
  /** Columns to the right. */
  readonly indent: number;
  readonly heading: boolean;
  /** A name that is found first: a cell's. */
  readonly name?: string;
}

const MARGIN = "  ";
const HEAD_ROWS = 3;

export class ListView<T> implements View {
  readonly #title: string;
  readonly #items: readonly ListItem<T>[];
  readonly #choose: (value: T, model: Model) => Actions;
  readonly typing = true;
  readonly #scroller = new Scroller();
  #typed = "";
  #at: number;

  constructor(
    title: string,
    items: readonly ListItem<T>[],
    choose: (value: T, model: Model) => Actions,
    at = 0,
  ) {
    this.#title = title;
    this.#items = items;
    this.#choose = choose;
    this.#at = at;
  }

  get #found(): readonly ListItem<T>[] {
    const words = this.#typed.toLowerCase().split(" ").filter(Boolean);
    const found = this.#items.filter(({ text }) =>
      words.every((word) => text.toLowerCase().includes(word)),
    );
    return words.length === 0 ? found : found.sort((a, b) => this.#rank(a) - this.#rank(b));
  }

  /** The one of this name comes first, then those whose name begins so. */
  #rank({ name }: ListItem<T>): number {
    const typed = this.#typed.trim().toLowerCase();
    const own = name?.toLowerCase();
    return own === typed ? 0 : own?.startsWith(typed) ? 1 : 2;
  }

  #head({ styles }: Model): string[] {
    const typed = `${styles.accent("›")} ${this.#typed}${styles.match(" ")}`;
    return [MARGIN + styles.title(this.#title), MARGIN + typed, ""];
  }

  #lines({ styles, size: { columns } }: Model): string[] {
    const width = columns - 2 * MARGIN.length - 2;
    return this.#found.map(({ text, indent, heading }, at) => {
      const line = cut(" ".repeat(indent) + text, width);
      if (at === this.#at)
        return `${MARGIN}${styles.accent("▶")} ${styles.selected(pad(line, width))}`;
      return `${MARGIN}  ${heading ? styles.heading(line) : line}`;
    });
  }

  rows(model: Model): readonly string[] {
    const room = Math.max(1, model.size.rows - HEAD_ROWS);
    const lines = this.#lines(model);
    if (this.#at < this.#scroller.top) this.#scroller.top = this.#at;
    if (this.#at >= this.#scroller.top + room) this.#scroller.top = this.#at - room + 1;
    this.#scroller.clamp(lines.length, room);
    const shown = lines.slice(this.#scroller.top, this.#scroller.top + room);
    return [...this.#head(model), ...(shown.length > 0 ? shown : [`${MARGIN}  nothing fits`])];
  }

  text(model: Model): readonly string[] {
    return [...this.#head(model), ...this.#lines(model)];
  }

  hints(): readonly Hint[] {
    return [
      ["Enter", "go there"],
      ["↑↓", "choose"],
      ["type", "to narrow"],
      ["Esc", "back"],
    ];
  }

  key({ name, text, pasted }: Key, model: Model): Actions {
    const found = this.#found;
    const page = Math.max(1, model.size.rows - HEAD_ROWS - 1);
    const moves: Readonly<Record<string, number>> = {
      up: -1,
      down: 1,
      pageup: -page,
      pagedown: page,
      home: -found.length,
      end: found.length,
    };
    const move = moves[name];
    if (move !== undefined) this.#at = Math.max(0, Math.min(found.length - 1, this.#at + move));
    else if (name === "enter") {
      const item = found[this.#at];
      if (item) return [{ type: "back" }, ...this.#choose(item.value, model)];
    } else if (name === "esc") return [{ type: "back" }];
    else if (name === "backspace") this.#type(this.#typed.slice(0, -1));
    else if (name === "ctrl+u") this.#type("");
    else if (text !== "" && !pasted) this.#type(this.#typed + text);
    return [];
  }

  #type(text: string): void {
    this.#typed = text;
    this.#at = 0;
  }
}
