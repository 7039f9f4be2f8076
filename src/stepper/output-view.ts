/** A running cell's outputs as they go to the terminal: safe, and bounded whatever the cell prints. */
import type { Output } from "../kernel/client";
import { type Styles, safeOutput } from "./ansi";

/** What one cell may show; the rest is counted. */
const MAX_SHOWN_LINES = 200;
const MAX_SHOWN_CHARS = 20_000;

/** Its meaning may depend on what comes next: a carriage return, the beginning of an escape sequence. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const UNFINISHED = /(?:\r|\u001b(?:\[[0-?]*)?)$/;

export class OutputView {
  readonly #print: (text: string) => void;
  readonly #style: Styles;
  readonly #colour: boolean;
  #lines = 0;
  #chars = 0;
  #hiddenLines = 0;
  #held = "";

  constructor(print: (text: string) => void, style: Styles, colour: boolean) {
    this.#print = print;
    this.#style = style;
    this.#colour = colour;
  }

  show(output: Output): void {
    switch (output.output_type) {
      case "stream": {
        const text = this.#held + output.text;
        this.#held = UNFINISHED.exec(text)?.[0] ?? "";
        const whole = text.slice(0, text.length - this.#held.length);
        this.#bounded(whole, output.name === "stderr" ? this.#style.yellow : (plain) => plain);
        return;
      }
      case "error":
        return; // the step's result says it, with its place
      default: {
        const plain = output.data["text/plain"];
        const others = Object.keys(output.data).filter((mime) => mime !== "text/plain");
        const note = `[${others.join(", ")}: open the notebook in Jupyter or VS Code to see it]`;
        this.#bounded(`${typeof plain === "string" ? plain : note}\n`, (text) => text);
      }
    }
  }

  /** Says how much was left out. */
  finish(): void {
    this.#held = "";
    if (this.#hiddenLines === 0) return;
    const lines = this.#hiddenLines === 1 ? "line" : "lines";
    const count = this.#hiddenLines.toLocaleString("en");
    this.#print(`\n${this.#style.dim(`… ${count} more ${lines} of output not shown`)}\n`);
  }

  #bounded(text: string, paint: (text: string) => string): void {
    const room = Math.max(0, MAX_SHOWN_CHARS - this.#chars);
    let end = Math.min(text.length, room);
    for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) {
      if (++this.#lines >= MAX_SHOWN_LINES) end = at + 1;
    }
    if (this.#hiddenLines > 0 || this.#lines > MAX_SHOWN_LINES) end = 0;
    const shown = text.slice(0, end);
    const hidden = text.slice(end);
    this.#chars += shown.length;
    if (hidden !== "") this.#hiddenLines += Math.max(1, hidden.split("\n").length - 1);
    if (this.#lines >= MAX_SHOWN_LINES) this.#chars = MAX_SHOWN_CHARS;
    // Line by line, so that a style never reaches over a line's end.
    const safe = safeOutput(shown, this.#colour);
    this.#print(safe.replace(/[^\n]+/g, (line) => paint(line)));
  }
}
