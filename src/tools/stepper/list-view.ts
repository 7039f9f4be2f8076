/** Something to choose from a list by typing a part of its name: where to jump, which program to show. */

import type { Key } from "../terminal/keys";
import { cut, pad } from "../terminal/layout";
import type { AppContext } from "./context";
import { type Hint, Scroller, type Size, type View } from "./view";

export interface ListItem<T> {
  readonly value: T;
  /** What is looked for in it; shown without styles when it is chosen. */
  readonly text: string;
  /** Columns to the right. */
  readonly indent: number;
  readonly heading: boolean;
}

const MARGIN = "  ";
const HEAD_ROWS = 3;

export class ListView<T> implements View {
  readonly #app: AppContext;
  readonly #title: string;
  readonly #items: readonly ListItem<T>[];
  readonly #choose: (value: T) => void;
  readonly #scroller = new Scroller();
  #typed = "";
  #at: number;

  constructor(
    app: AppContext,
    title: string,
    items: readonly ListItem<T>[],
    choose: (value: T) => void,
    at = 0,
  ) {
    this.#app = app;
    this.#title = title;
    this.#items = items;
    this.#choose = choose;
    this.#at = at;
  }

  get #found(): readonly ListItem<T>[] {
    const words = this.#typed.toLowerCase().split(" ").filter(Boolean);
    return this.#items.filter(({ text }) =>
      words.every((word) => text.toLowerCase().includes(word)),
    );
  }

  #head(): string[] {
    const { styles } = this.#app;
    const typed = `${styles.accent("›")} ${this.#typed}${styles.match(" ")}`;
    return [MARGIN + styles.title(this.#title), MARGIN + typed, ""];
  }

  #lines(columns: number): string[] {
    const { styles } = this.#app;
    const width = columns - 2 * MARGIN.length - 2;
    return this.#found.map(({ text, indent, heading }, at) => {
      const line = cut(" ".repeat(indent) + text, width);
      if (at === this.#at)
        return `${MARGIN}${styles.accent("▶")} ${styles.selected(pad(line, width))}`;
      return `${MARGIN}  ${heading ? styles.heading(line) : line}`;
    });
  }

  rows({ columns, rows }: Size): readonly string[] {
    const room = Math.max(1, rows - HEAD_ROWS);
    const lines = this.#lines(columns);
    if (this.#at < this.#scroller.top) this.#scroller.top = this.#at;
    if (this.#at >= this.#scroller.top + room) this.#scroller.top = this.#at - room + 1;
    this.#scroller.clamp(lines.length, room);
    const shown = lines.slice(this.#scroller.top, this.#scroller.top + room);
    return [...this.#head(), ...(shown.length > 0 ? shown : [`${MARGIN}  nothing fits`])];
  }

  text(columns: number): readonly string[] {
    return [...this.#head(), ...this.#lines(columns)];
  }

  hints(): readonly Hint[] {
    return [
      ["Enter", "go there"],
      ["↑↓", "choose"],
      ["type", "to narrow"],
      ["Esc", "back"],
    ];
  }

  key({ name, text, pasted }: Key): void {
    const found = this.#found;
    const page = Math.max(1, this.#app.size().rows - HEAD_ROWS - 1);
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
      if (!item) return;
      this.#app.pop();
      this.#choose(item.value);
    } else if (name === "esc") this.#app.pop();
    else if (name === "backspace") this.#type(this.#typed.slice(0, -1));
    else if (name === "ctrl+u") this.#type("");
    else if (text !== "" && !pasted) this.#type(this.#typed + text);
    this.#app.redraw();
  }

  #type(text: string): void {
    this.#typed = text;
    this.#at = 0;
  }
}
