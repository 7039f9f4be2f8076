/** A text to read: the help, a program, what tests said. */

import type { Key } from "../terminal/keys";
import { ends } from "../terminal/layout";
import type { AppContext } from "./context";
import { type Hint, Scroller, type Size, type View } from "./view";

export interface TextContent {
  readonly title: string;
  /** At the right of the title. */
  readonly aside?: string;
  /** The lines for a width. */
  lines(columns: number): readonly string[];
  /** Keys beside those of reading; `key` says whether it knew the key. */
  readonly hints?: readonly Hint[];
  key?(name: string): boolean;
  /** Called when the view is left. */
  left?(): void;
}

const MARGIN = "  ";
const HEAD_ROWS = 2;

export class TextView implements View {
  readonly #app: AppContext;
  readonly #scroller = new Scroller();
  content: TextContent;

  constructor(app: AppContext, content: TextContent) {
    this.#app = app;
    this.content = content;
  }

  #lines(columns: number): string[] {
    const lines = this.content.lines(columns - 2 * MARGIN.length);
    return lines.map((line) => (line === "" ? "" : MARGIN + line));
  }

  #head(columns: number): string[] {
    const { title, aside = "" } = this.content;
    const { styles } = this.#app;
    return [
      MARGIN + ends(styles.title(title), styles.muted(aside), columns - 2 * MARGIN.length),
      "",
    ];
  }

  rows({ columns, rows }: Size): readonly string[] {
    const room = rows - HEAD_ROWS;
    const lines = this.#lines(columns);
    this.#scroller.clamp(lines.length, room);
    return [...this.#head(columns), ...lines.slice(this.#scroller.top, this.#scroller.top + room)];
  }

  text(columns: number): readonly string[] {
    return [...this.#head(columns), ...this.#lines(columns)];
  }

  hints(): readonly Hint[] {
    const { columns, rows } = this.#app.size();
    const long = this.#lines(columns).length > rows - HEAD_ROWS;
    const scroll: Hint[] = long ? [["↑↓", "scroll"]] : [];
    return [...(this.content.hints ?? []), ["Esc", "back"], ...scroll];
  }

  place(): string {
    const { columns, rows } = this.#app.size();
    const total = this.#lines(columns).length;
    const end = Math.min(total, this.#scroller.top + rows - HEAD_ROWS);
    return total > rows - HEAD_ROWS ? `${Math.round((end / total) * 100)} %` : "";
  }

  key({ name }: Key): void {
    if (!this.content.key?.(name)) {
      const { columns, rows } = this.#app.size();
      const lines = this.#lines(columns).length;
      const back = ["esc", "b", "left", "backspace", "?", "c", "enter"].includes(name);
      if (this.#scroller.key(name, lines, rows - HEAD_ROWS)) this.#app.redraw();
      else if (back) {
        this.content.left?.();
        this.#app.pop();
      }
    }
    this.#app.redraw();
  }
}
