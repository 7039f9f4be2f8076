/** What a terminal shows: escape sequences are interpreted by xterm.js, without a window. */
import xterm from "@xterm/headless";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How one character looks; undefined is the terminal's own. */
export interface CellLook {
  readonly text: string;
  readonly width: number;
  /** Number of the 256 colours. */
  readonly ink: number | undefined;
  readonly paper: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export class HeadlessScreen {
  readonly #terminal: xterm.Terminal;
  /** Answers that a terminal sends by itself, such as its background colour. */
  onAnswer: ((text: string) => void) | undefined;

  constructor({ columns, rows }: Size, background?: string) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      scrollback: 1_000,
    });
    this.#terminal.onData((text) => this.onAnswer?.(text));
    if (background !== undefined) {
      this.#terminal.parser.registerOscHandler(11, (data) => {
        if (data === "?") this.onAnswer?.(`\u001b]11;${background}\u001b\\`);
        return true;
      });
    }
  }

  /** Resolves when the text has been interpreted. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  resize({ columns, rows }: Size): void {
    this.#terminal.resize(columns, rows);
  }

  get size(): Size {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  /** The rows that are seen, without blanks at their ends. */
  get rows(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from(
      { length: this.#terminal.rows },
      (_none, at) => active.getLine(active.baseY + at)?.translateToString(true) ?? "",
    );
  }

  get text(): string {
    return this.rows.join("\n");
  }

  /** Whether a program has the second screen. */
  get alternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  cells(): CellLook[][] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_none, at) => {
      const line = active.getLine(active.baseY + at);
      const looks: CellLook[] = [];
      for (let x = 0; line && x < this.#terminal.cols; x++) {
        const cell = line.getCell(x);
        if (!cell || cell.getWidth() === 0) continue;
        looks.push({
          text: cell.getChars() || " ",
          width: cell.getWidth(),
          ink: cell.isFgDefault() ? undefined : cell.getFgColor(),
          paper: cell.isBgDefault() ? undefined : cell.getBgColor(),
          bold: cell.isBold() !== 0,
          dim: cell.isDim() !== 0,
          italic: cell.isItalic() !== 0,
          underline: cell.isUnderline() !== 0,
          inverse: cell.isInverse() !== 0,
        });
      }
      return looks;
    });
  }

  close(): void {
    this.#terminal.dispose();
  }
}
