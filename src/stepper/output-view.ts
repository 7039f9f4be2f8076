/** A running cell's outputs as they go to the terminal: safe, and bounded whatever the cell prints. */
import type { Output } from "../kernel/client";
import { type Styles, safeOutput } from "./ansi";

/** What one cell may show; the rest is counted. */
const MAX_SHOWN_LINES = 200;
const MAX_SHOWN_CHARS = 20_000;

/** Its meaning may depend on what comes next: a carriage return, the beginning of an escape sequence. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const UNFINISHED = /(?:\r|\u001b(?:\[[0-?]*)?)$/;

/** The terminal's size, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export class OutputView {
  readonly #print: (text: string) => void;
  readonly #style: Styles;
  readonly #colour: boolean;
  #lines = 0;
  #chars = 0;
  #hiddenLines = 0;
  #held = "";
  /** The drawing that was printed last, if nothing came after it: only that one can be drawn over. */
  #drawn: { id: string; lines: number } | undefined;
  /** Newer drawings, by display id, of those that text has followed: shown at the end. */
  readonly #redrawn = new Map<string, string>();
  readonly #size: () => TerminalSize;

  /** @param size the terminal's; where it is not known, no drawing is drawn over */
  constructor(
    print: (text: string) => void,
    style: Styles,
    colour: boolean,
    size: () => TerminalSize = () => ({ columns: 0, rows: 0 }),
  ) {
    this.#size = size;
    this.#print = print;
    this.#style = style;
    this.#colour = colour;
  }

  show(output: Output): void {
    switch (output.output_type) {
      case "update_display_data":
        this.#redraw(output.transient?.display_id ?? "", textOf(output.data));
        return;
      case "stream": {
        this.#drawn = undefined;
        const text = this.#held + output.text;
        this.#held = UNFINISHED.exec(text)?.[0] ?? "";
        const whole = text.slice(0, text.length - this.#held.length);
        this.#bounded(whole, output.name === "stderr" ? this.#style.yellow : (plain) => plain);
        return;
      }
      case "error":
        return; // the step's result says it, with its place
      default: {
        this.#drawn = undefined;
        const text = textOf(output.data);
        this.#bounded(text, (plain) => plain);
        const id = "transient" in output ? output.transient?.display_id : undefined;
        const lines = text.split("\n").length - 1;
        if (id !== undefined && this.#fits(text, lines)) this.#drawn = { id, lines };
      }
    }
  }

  /** A drawing that changes is drawn over itself, or, where text has followed it, again at the end. */
  #redraw(id: string, text: string): void {
    const lines = text.split("\n").length - 1;
    if (this.#drawn?.id !== id || !this.#fits(text, lines)) {
      this.#drawn = undefined;
      this.#redrawn.set(id, text);
      return;
    }
    const over = `\u001b[${this.#drawn.lines}A\u001b[0J`;
    this.#print(over + safeOutput(text, this.#colour));
    this.#drawn = { id, lines };
  }

  #fits(text: string, lines: number): boolean {
    const { columns, rows } = this.#size();
    const width = Math.max(...text.split("\n").map((line) => line.length));
    return this.#hiddenLines === 0 && lines < rows && width < columns;
  }

  /** Says how much was left out. */
  finish(): void {
    for (const text of this.#redrawn.values()) this.#bounded(text, (plain) => plain);
    this.#redrawn.clear();
    this.#drawn = undefined;
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

/** What a terminal can show of an output, with a line end. */
function textOf(data: Readonly<Record<string, unknown>>): string {
  const plain = data["text/plain"];
  if (typeof plain === "string") return `${plain}\n`;
  const others = Object.keys(data).filter((mime) => mime !== "text/plain");
  return `[${others.join(", ")}: open the notebook in Jupyter or VS Code to see it]\n`;
}
