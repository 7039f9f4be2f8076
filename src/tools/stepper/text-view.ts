/** A text to read: the help, a program, what tests said. */

import type { Key } from "../terminal/keys";
import { ends } from "../terminal/layout";
import type { Actions, Hint, Model, View } from "./model";
import { Scroller } from "./scroller";

export interface TextContent {
  readonly title: string;
  /** At the right of the title. */
  readonly aside?: string;
  /** The lines for a width. */
  lines(columns: number, model: Model): readonly string[];
  /** Keys beside those of reading. */
  readonly hints?: readonly Hint[];
  /** Undefined: the key means nothing here. */
  key?(name: string, model: Model): Actions | undefined;
}

const MARGIN = "  ";
const HEAD_ROWS = 2;
const LEAVING_KEYS: readonly string[] = ["esc", "b", "left", "backspace", "?", "c", "enter"];

export class TextView implements View {
  readonly #scroller = new Scroller();
  content: TextContent;

  constructor(content: TextContent) {
    this.content = content;
  }

  #lines(model: Model): string[] {
    const lines = this.content.lines(model.size.columns - 2 * MARGIN.length, model);
    return lines.map((line) => (line === "" ? "" : MARGIN + line));
  }

  #head({ styles, size: { columns } }: Model): string[] {
    const { title, aside = "" } = this.content;
    return [
      MARGIN + ends(styles.title(title), styles.muted(aside), columns - 2 * MARGIN.length),
      "",
    ];
  }

  rows(model: Model): readonly string[] {
    const room = model.size.rows - HEAD_ROWS;
    const lines = this.#lines(model);
    this.#scroller.clamp(lines.length, room);
    return [...this.#head(model), ...lines.slice(this.#scroller.top, this.#scroller.top + room)];
  }

  text(model: Model): readonly string[] {
    return [...this.#head(model), ...this.#lines(model)];
  }

  hints(model: Model): readonly Hint[] {
    const long = this.#lines(model).length > model.size.rows - HEAD_ROWS;
    const scroll: Hint[] = long ? [["↑↓", "scroll"]] : [];
    return [...(this.content.hints ?? []), ["Esc", "back"], ...scroll];
  }

  place(model: Model): string {
    const { rows } = model.size;
    const total = this.#lines(model).length;
    const end = Math.min(total, this.#scroller.top + rows - HEAD_ROWS);
    return total > rows - HEAD_ROWS ? `${Math.round((end / total) * 100)} %` : "";
  }

  key({ name }: Key, model: Model): Actions {
    const own = this.content.key?.(name, model);
    if (own) return own;
    if (this.#scroller.key(name, this.#lines(model).length, model.size.rows - HEAD_ROWS)) return [];
    return LEAVING_KEYS.includes(name) ? [{ type: "back" }] : [];
  }
}
