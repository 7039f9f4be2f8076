/** A terminal that scrolls, with a line at the bottom that says what keys do. */
import { cutColumns } from "./ansi";

const DEFAULT_COLUMNS = 80;
const ERASE_LINE = "\r\u001b[2K";

export interface Terminal {
  write(text: string): unknown;
  readonly columns?: number;
}

export class Screen {
  readonly #terminal: Terminal;
  readonly #paint: (text: string) => string;
  #status = "";
  #shown = false;
  #atLineStart = true;

  /** @param paint styles the bottom line */
  constructor(terminal: Terminal, paint: (text: string) => string) {
    this.#terminal = terminal;
    this.#paint = paint;
  }

  get columns(): number {
    return this.#terminal.columns || DEFAULT_COLUMNS;
  }

  /** Writes above the bottom line, which stays away while the last line written is unfinished. */
  print(text: string): void {
    if (text === "") return;
    this.#hide();
    this.#terminal.write(text);
    this.#atLineStart = text.endsWith("\n");
    this.#show();
  }

  /** Ends an unfinished line. */
  freshLine(): void {
    if (!this.#atLineStart) this.print("\n");
  }

  /** The bottom line; the empty string takes it away. */
  set status(text: string) {
    if (text === this.#status) return;
    this.#hide();
    this.#status = text;
    this.#show();
  }

  /** After the terminal's size has changed. */
  redraw(): void {
    this.#hide();
    this.#show();
  }

  #hide(): void {
    if (this.#shown) this.#terminal.write(ERASE_LINE);
    this.#shown = false;
  }

  #show(): void {
    if (this.#status === "" || !this.#atLineStart) return;
    // One column less: a full line would wrap, and could not be taken away again.
    this.#terminal.write(this.#paint(cutColumns(this.#status, this.columns - 1)));
    this.#shown = true;
  }
}
