/**
 * The terminal: taken over for the time of a session and always given back as it was, whether the session ends,
 * is suspended, crashes or is killed, or another program has the terminal for a while.
 */
import type { ReadStream, WriteStream } from "node:tty";
import { safeStyled } from "../../program/safe-text";
import { BACKGROUND_QUESTION, mayAskBackground } from "./background";
import { type Key, KeyReader } from "./keys";

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** Frames are this far apart at least: a flood of output costs no more than a few. */
const FRAME_MS = 30;
/** A process that was asked to stop has stopped by then, or never will (its process group is orphaned). */
const STOP_MS = 100;

/** DEC private modes: alternate screen, cursor, wrapping at the right edge, bracketed paste. */
const TAKE = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h\u001b[2J";
const GIVE_BACK = "\u001b[0m\u001b[?2004l\u001b[?7h\u001b[?25h";
/** Synchronized output (mode 2026): a terminal that knows it shows a frame whole or not yet, also over a slow line. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";
const MAIN_SCREEN = "\u001b[?1049l";

export interface TerminalOptions {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

export interface TerminalEvents {
  onKey(key: Key): void;
  onAnswer(text: string): void;
  onResize(): void;
  /** The terminal has gone: nothing can be shown any more. */
  onLost(): void;
}

export class Terminal {
  readonly #stdin: ReadStream;
  readonly #stdout: WriteStream;
  readonly #env: NodeJS.ProcessEnv;
  /** false: the terminal knows no escape sequences, and text is only ever added (TERM=dumb). */
  readonly canPaint: boolean;
  #events: TerminalEvents | undefined;
  #reader: KeyReader | undefined;
  #taken = false;
  #lent = false;
  #closed = false;
  #frame: (() => readonly string[]) | undefined;
  #painted: readonly string[] = [];
  #paintedSize = "";
  #timer: NodeJS.Timeout | undefined;
  #lastPaint = 0;
  readonly #undo: (() => void)[] = [];

  constructor({ stdin, stdout, env }: TerminalOptions) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#env = env;
    this.canPaint = env.TERM !== "dumb";
  }

  get columns(): number {
    return this.#stdout.columns || DEFAULT_COLUMNS;
  }

  get rows(): number {
    return this.#stdout.rows || DEFAULT_ROWS;
  }

  /** Whether another program has the terminal. */
  get lent(): boolean {
    return this.#lent;
  }

  /** Takes the terminal over and reads keys. */
  open(events: TerminalEvents, { ask = false } = {}): void {
    this.#events = events;
    this.#reader = new KeyReader(events.onKey, events.onAnswer);
    this.#stdin.setEncoding("utf8");
    this.#on(this.#stdin, "data", (text: string) => {
      if (!this.#lent) this.#reader?.read(text);
    });
    for (const event of ["end", "close", "error"]) this.#on(this.#stdin, event, events.onLost);
    this.#on(this.#stdout, "error", events.onLost);
    this.#on(this.#stdout, "resize", () => this.#resized());
    this.#on(process, "SIGCONT", () => {
      if (this.#lent) return;
      this.#giveBack();
      this.take();
    });
    this.#on(process, "exit", () => this.#giveBack());
    this.take();
    if (ask && this.canPaint && mayAskBackground(this.#env)) this.#write(BACKGROUND_QUESTION);
  }

  /** Gives the terminal back for good. */
  close(): void {
    this.#closed = true; // also for a program that has the terminal still
    clearTimeout(this.#timer);
    this.#giveBack();
    this.#reader?.close();
    this.#stdin.pause();
    for (const undo of this.#undo.splice(0)) undo();
    // What comes later from a terminal that has gone is no news.
    for (const stream of [this.#stdin, this.#stdout]) stream.on("error", () => {});
  }

  take(): void {
    if (this.#taken || this.#closed) return;
    this.#taken = true;
    this.#raw(true);
    this.#stdin.resume();
    if (this.canPaint) this.#write(TAKE);
    this.#painted = [];
    this.#schedule();
  }

  #giveBack(): void {
    if (!this.#taken) return;
    this.#taken = false;
    this.#raw(false);
    if (!this.canPaint) return;
    // A terminal without a second screen keeps what is there: what follows goes below it.
    this.#write(`${GIVE_BACK}\u001b[${this.rows};1H\r\n${MAIN_SCREEN}`);
  }

  /** Lets another program have the terminal until `work` is done. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    this.#giveBack();
    this.#stdin.pause();
    this.#lent = true;
    try {
      return await work();
    } finally {
      this.#lent = false;
      this.take();
    }
  }

  /** As Ctrl+Z does elsewhere: the shell takes the terminal, until `fg`. */
  suspend(): void {
    this.#giveBack();
    this.#stdin.pause();
    process.kill(0, "SIGTSTP"); // the whole group, so that npm stops too
    setTimeout(() => this.take(), STOP_MS);
  }

  /** Shows the rows that `make` gives, one for each of the terminal's; it is called when there is time to. */
  paint(make: () => readonly string[]): void {
    this.#frame = make;
    this.#schedule();
  }

  /** Paints everything anew, for when another program wrote over it. */
  repaint(): void {
    this.#painted = [];
    this.#paintedSize = "";
    this.#schedule();
  }

  /** Adds lines to a terminal that cannot be painted. */
  print(text: string): void {
    if (this.#taken) this.#write(safeStyled(text).replaceAll("\n", "\r\n"));
  }

  #schedule(): void {
    if (this.#timer || !this.#taken || !this.canPaint) return;
    const wait = this.#lastPaint + FRAME_MS - performance.now();
    if (wait <= 0) {
      this.#flush();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait);
  }

  /** Writes the rows that have changed, in one go. */
  #flush(): void {
    if (!this.#taken || !this.#frame) return;
    this.#lastPaint = performance.now();
    const size = `${this.columns}x${this.rows}`;
    const all = size !== this.#paintedSize;
    let text = all ? "\u001b[0m\u001b[2J" : "";
    const frame = this.#frame().slice(0, this.rows);
    for (const [at, row] of frame.entries()) {
      if (!all && row === this.#painted[at]) continue;
      text += `\u001b[${at + 1};1H\u001b[2K${safeRow(row)}`;
    }
    this.#painted = frame;
    this.#paintedSize = size;
    if (text !== "") this.#write(BEGIN_FRAME + text + END_FRAME);
  }

  #resized(): void {
    this.repaint();
    this.#events?.onResize();
  }

  #raw(on: boolean): void {
    try {
      this.#stdin.setRawMode(on);
    } catch {
      // The terminal has gone.
    }
  }

  #write(text: string): void {
    try {
      this.#stdout.write(text);
    } catch {
      // The terminal has gone; its event says so too.
    }
  }

  #on(
    emitter: NodeJS.EventEmitter,
    event: string,
    handler: Parameters<NodeJS.EventEmitter["on"]>[1],
  ): void {
    emitter.on(event, handler);
    this.#undo.push(() => emitter.off(event, handler));
  }
}

/** A row as it may be written: on its own row, and without anything that a terminal obeys except colours. */
function safeRow(row: string): string {
  return safeStyled(row.replace(/[\n\t]/g, " "));
}
