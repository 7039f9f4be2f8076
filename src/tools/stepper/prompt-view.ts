/** One line to type, above the bottom line, over whatever is shown. */

import type { Key } from "../terminal/keys";
import { widthOf } from "../terminal/layout";
import type { AppContext } from "./context";
import type { Hint, Size, View } from "./view";

export interface PromptOptions {
  /** What stands before the text: `/`, `node dist/tcp_server.mjs`. */
  readonly label: string;
  readonly hints: readonly Hint[];
  /** Told the text at every change. */
  typed?(text: string): void;
  /** Enter. */
  entered(text: string): void;
  /** Other keys; says whether it knew the key. */
  key?(name: string): boolean;
  /** Esc. */
  left?(): void;
  /** What stands at the right of the bottom line. */
  place?(): string;
}

export class PromptView implements View {
  readonly #app: AppContext;
  readonly #below: View;
  readonly #options: PromptOptions;
  readonly endCounts = true;
  #text = "";

  /** @param below what goes on being shown above the line */
  constructor(app: AppContext, below: View, options: PromptOptions) {
    this.#app = app;
    this.#below = below;
    this.#options = options;
  }

  rows({ columns, rows }: Size): readonly string[] {
    const above = this.#below.rows({ columns, rows: rows - 1 });
    return [
      ...above,
      ...Array<string>(Math.max(0, rows - 1 - above.length)).fill(""),
      this.#line(columns),
    ];
  }

  text(columns: number): readonly string[] {
    return [...this.#below.text(columns), this.#line(columns)];
  }

  /** The end of a text that is too long is what is seen. */
  #line(columns: number): string {
    const { styles } = this.#app;
    const room = Math.max(1, columns - widthOf(this.#options.label) - 3);
    let shown = this.#text;
    while (widthOf(shown) > room) shown = shown.slice(1);
    return `${styles.accent(this.#options.label)} ${shown}${styles.match(" ")}`;
  }

  hints(): readonly Hint[] {
    return this.#options.hints;
  }

  place(): string {
    return this.#options.place?.() ?? "";
  }

  key({ name, text }: Key): void {
    if (name === "enter") this.#options.entered(this.#text);
    else if (name === "esc") {
      this.#app.pop();
      this.#options.left?.();
    } else if (this.#options.key?.(name)) {
      // Done there.
    } else if (name === "backspace") this.#type([...this.#text].slice(0, -1).join(""));
    else if (name === "ctrl+u") this.#type("");
    else if (text !== "") this.#type(this.#text + text);
    this.#app.redraw();
  }

  #type(text: string): void {
    this.#text = text;
    this.#options.typed?.(text);
  }
}
