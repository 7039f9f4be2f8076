/** One line to type, above the bottom line, over whatever is shown. */

import type { Key } from "../terminal/keys";
import { widthOf } from "../terminal/layout";
import type { Actions, Hint, Model, View } from "./model";

export interface PromptOptions {
  /** What stands before the text: `/`, `node dist/tcp_server.mjs`. */
  readonly label: string;
  readonly hints: readonly Hint[];
  /** Told the text at every change. */
  typed?(text: string, model: Model): void;
  /** Enter. */
  entered(text: string, model: Model): Actions;
  /** Other keys; true for those that mean something here. */
  key?(name: string, model: Model): boolean;
  /** Esc. */
  left?(): void;
  /** What stands at the right of the bottom line. */
  place?(): string;
}

export class PromptView implements View {
  readonly #below: View;
  readonly #options: PromptOptions;
  readonly endCounts = true;
  readonly typing = true;
  #text = "";

  /** @param below what goes on being shown above the line */
  constructor(below: View, options: PromptOptions) {
    this.#below = below;
    this.#options = options;
  }

  rows(model: Model): readonly string[] {
    const { columns, rows } = model.size;
    const above = this.#below.rows({ ...model, size: { columns, rows: rows - 1 } });
    return [
      ...above,
      ...Array<string>(Math.max(0, rows - 1 - above.length)).fill(""),
      this.#line(model),
    ];
  }

  text(model: Model): readonly string[] {
    return [...this.#below.text(model), this.#line(model)];
  }

  /** The end of a text that is too long is what is seen. */
  #line({ styles, size: { columns } }: Model): string {
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

  key({ name, text }: Key, model: Model): Actions {
    if (name === "enter") return this.#options.entered(this.#text, model);
    if (name === "esc") {
      this.#options.left?.();
      return [{ type: "back" }];
    }
    if (this.#options.key?.(name, model)) return [];
    if (name === "backspace") this.#type([...this.#text].slice(0, -1).join(""), model);
    else if (name === "ctrl+u") this.#type("", model);
    else if (text !== "") this.#type(this.#text + text, model);
    return [];
  }

  #type(text: string, model: Model): void {
    this.#text = text;
    this.#options.typed?.(text, model);
  }
}
