/** For a terminal that can only add lines (TERM=dumb): what is new on a page is printed, then what keys do. */
const SETTLE_MS = 100;

export interface PlainPage {
  readonly lines: readonly string[];
  readonly notice: string;
  readonly bar: string;
}

export class PlainPrinter {
  readonly #print: (text: string) => void;
  #shown: readonly string[] = [];
  #notice = "";
  #timer: NodeJS.Timeout | undefined;
  #bar = "";

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** @param busy more is to come: the line of keys waits */
  show(make: () => PlainPage, busy: boolean): void {
    clearTimeout(this.#timer);
    if (busy) return;
    this.#timer = setTimeout(() => this.#settle(make()), SETTLE_MS);
    this.#timer.unref();
  }

  #settle({ lines, notice, bar }: PlainPage): void {
    const same = lines.findIndex((line, at) => line !== this.#shown[at]);
    const from = same < 0 ? lines.length : same;
    // Another page, or an older part of this one: all of it.
    const fresh = lines.slice(from);
    this.#shown = lines;
    let text = fresh.length > 0 ? `\n${fresh.join("\n")}\n` : "";
    if (notice !== "" && notice !== this.#notice) text += `\n${notice}\n`;
    this.#notice = notice;
    const line = bar.trimEnd();
    if (text === "" && line === this.#bar) return;
    this.#bar = line;
    this.#print(`${text}\n${line}\n`);
  }
}
