/** Draws a diagram as lines of text: lifelines side by side, arrows between them. */

import { describeAsList } from "./description";
import { type Arrow, type Diagram, type Row, withoutTimes } from "./diagram";
import { buildDiagram } from "./diagram-builder";
import { shorten } from "./fold";
import { labelLines, shortLabel } from "./labels";
import { shareOut, wantedGaps } from "./layout";
import { NAME_COLUMNS_MAX, TEXT_COLUMNS, TEXT_COLUMNS_MIN, TEXT_GAP_COLUMNS_MIN } from "./limits";
import type { TextOptions } from "./options";
import { escapeText } from "./preview";
import type { RecordingData } from "./recording-data";
import { ASCII, put, UNICODE } from "./text-cells";
import { clip, textWidth, wrap } from "./width";

/** Columns at the left for the times, if they are shown. */
const TIME_COLUMNS = 10;

/** Columns that an arrow needs beside its label. */
const LABEL_AROUND_COLUMNS = 9;

export function renderText(recording: RecordingData, options: TextOptions = {}): string {
  const diagram = shorten(buildDiagram(recording, options), options.rows);
  const width = Math.max(20, Math.floor(options.width ?? TEXT_COLUMNS));
  const ascii = options.ascii === true;
  const title = options.title === undefined ? [] : [escapeText(options.title, ascii), ""];
  const timed = options.times ? diagram : withoutTimes(diagram);
  if (diagram.rows.length === 0) return [...title, "(nothing was recorded)"].join("\n");
  const drawing = new Drawing(timed, width, options);
  const lines =
    options.list || !drawing.fits ? describeAsList(timed, width, ascii) : drawing.draw();
  return [...title, ...lines].map((line) => line.trimEnd()).join("\n");
}

class Drawing {
  readonly #diagram: Diagram;
  readonly #width: number;
  readonly #left: number;
  readonly #columns: readonly number[];
  readonly #lines: number;
  readonly #ascii: boolean;
  readonly #chars: typeof UNICODE;
  readonly #out: string[] = [];

  constructor(diagram: Diagram, width: number, options: TextOptions) {
    this.#diagram = diagram;
    this.#width = width;
    this.#left = options.times ? TIME_COLUMNS : 0;
    this.#lines = options.lines ?? 1;
    this.#ascii = options.ascii === true;
    this.#chars = this.#ascii ? ASCII : UNICODE;
    this.#columns = this.#place();
  }

  /** True if there is room for lifelines side by side. */
  get fits(): boolean {
    if (this.#width < TEXT_COLUMNS_MIN) return false;
    return this.#columns.every(
      (column, at) => at === 0 || column - this.#columns[at - 1] >= TEXT_GAP_COLUMNS_MIN - 1,
    );
  }

  draw(): string[] {
    this.#header();
    for (const [index, row] of this.#diagram.rows.entries()) this.#row(row, index);
    return this.#out;
  }

  /** The columns of the lifelines: the outer ones as far out as their names allow. */
  #place(): number[] {
    const { participants } = this.#diagram;
    const half = (at: number) => {
      const { name, address = "" } = participants[at];
      const widest = Math.max(textWidth(escapeText(name, this.#ascii)), textWidth(address));
      return Math.ceil(Math.min(widest, NAME_COLUMNS_MAX) / 2);
    };
    const last = participants.length - 1;
    const first = this.#left + half(0);
    if (last === 0) return [first];
    const room = this.#width - 1 - half(last) - first;
    const min = TEXT_GAP_COLUMNS_MIN;
    const lines = this.#lines;
    const options = { lines, ascii: this.#ascii, min, max: room, around: LABEL_AROUND_COLUMNS };
    const gaps = shareOut(wantedGaps(this.#diagram, options), room, Math.min(min, room / last));
    const columns = [first];
    for (const gap of gaps) columns.push((columns.at(-1) ?? first) + gap);
    return columns.map(Math.round);
  }

  #header(): void {
    const { participants } = this.#diagram;
    const gaps = this.#columns.slice(1).map((column, at) => column - this.#columns[at]);
    const room = Math.min(NAME_COLUMNS_MAX, ...gaps.map((gap) => gap - 2));
    const addresses = participants.map((one) =>
      one.address === undefined ? [] : [escapeText(one.address, this.#ascii)],
    );
    const names = participants.map((one) =>
      wrap(escapeText(one.name, this.#ascii), room, this.#chars.mark),
    );
    const blocks = names.map((lines, i) => [
      ...lines,
      ...addresses[i].map((text) => clip(text, room, this.#chars.mark)),
    ]);
    const height = Math.max(...blocks.map((block) => block.length));
    for (let line = 0; line < height; line++) {
      const cells = this.#blank();
      blocks.forEach((block, i) => {
        const text = block[line - (height - block.length)];
        if (text !== undefined)
          put(cells, this.#columns[i] - Math.floor(textWidth(text) / 2), text);
      });
      this.#out.push(cells.join(""));
    }
  }

  #row(row: Row, index: number): void {
    switch (row.kind) {
      case "note":
        this.#note(row.at, this.#label(row, this.#noteRoom(row.at)), index, row.time);
        break;
      case "arrow":
        this.#arrow(row, index);
        break;
      case "span": {
        const cells = this.#life(index, row.time);
        const [from, to] = this.#order(row.from, row.to);
        this.#fill(cells, from + 1, to - 1, this.#chars.line);
        this.#inLine(cells, from, to, shortLabel(row.label, to - from - 5, "connected"));
        this.#put(cells, from, this.#chars.start, index);
        this.#put(cells, to, this.#chars.end, index);
        this.#out.push(cells.join(""));
        break;
      }
      case "gap":
      case "repeat":
      case "end of repeat":
        this.#rule(row);
        break;
    }
  }

  #rule(row: Row): void {
    const cells = this.#blank();
    const label = this.#label(row, this.#width - 10)[0];
    const line = row.kind === "gap" ? " " : this.#chars.last;
    this.#fill(cells, this.#left, this.#width - 1, line);
    if (row.kind === "gap")
      put(cells, this.#left + 2, `${this.#chars.mark} ${label} ${this.#chars.mark}`);
    else if (label !== "") put(cells, this.#left + 2, ` ${label}: `);
    this.#out.push(cells.join(""));
  }

  #label(row: Row, columns: number): string[] {
    return labelLines(row.label, { columns, lines: this.#lines, ascii: this.#ascii });
  }

  /** A note stands right of its lifeline, but left of the last. */
  #noteRoom(at: number): number {
    const last = this.#columns.length - 1;
    if (last === 0) return this.#width - this.#columns[0] - 3;
    const left = Math.min(at, last - 1);
    return this.#columns[left + 1] - this.#columns[left] - 4;
  }

  #note(at: number, lines: readonly string[], index: number, time?: number): void {
    const last = this.#columns.length - 1;
    lines.forEach((text, i) => {
      const cells = this.#life(index, i === 0 ? time : undefined);
      const column = this.#columns[at];
      const right = at < last || last === 0;
      put(cells, right ? column + 2 : column - 1 - textWidth(text), text);
      this.#out.push(cells.join(""));
    });
  }

  #arrow(row: Arrow & Row, index: number): void {
    if (row.from === row.to) {
      this.#note(row.from, this.#label(row, this.#noteRoom(row.from)), index, row.time);
      return;
    }
    const [from, to] = this.#order(row.from, row.to);
    const room = to - from - LABEL_AROUND_COLUMNS + 2;
    const lines = this.#label(row, row.lost ? room - 4 : room);
    const inside = lines.length === 1;
    if (!inside) {
      lines.forEach((text, i) => {
        const cells = this.#life(index, i === 0 ? row.time : undefined);
        put(cells, from + 4, text);
        this.#out.push(cells.join(""));
      });
    }
    const cells = this.#life(index, inside ? row.time : undefined);
    const rightwards = row.from < row.to;
    // What is lost ends short of the lifeline that it was sent to.
    const short = row.lost ? 4 : 0;
    const [start, end] = rightwards ? [from + 1, to - 1 - short] : [from + 1 + short, to - 1];
    // A dashed line begins with a dash, beside the head if that comes first.
    this.#fill(cells, rightwards ? start : start + 1, end, this.#stroke(row));
    const head = row.lost ? this.#chars.lost : rightwards ? this.#chars.right : this.#chars.left;
    put(cells, rightwards ? end : start, head);
    if (inside) this.#inLine(cells, start - 1, end + 1, lines[0]);
    this.#out.push(cells.join(""));
  }

  /** The repeated pattern of the line: dashed for a datagram, double for a close. */
  #stroke(row: Arrow): string {
    const { line, last, lost } = this.#chars;
    if (row.style === "datagram") return `${line} `;
    if (row.style === "reset") return `${lost}${line}`;
    if (row.style === "half-close") return `${last}${line}`;
    return row.style === "close" ? last : line;
  }

  #inLine(cells: string[], from: number, to: number, text: string): void {
    const width = textWidth(text);
    put(cells, from + Math.max(2, Math.floor((to - from - width) / 2)) - 1, ` ${text} `);
  }

  #order(a: number, b: number): [number, number] {
    return [this.#columns[Math.min(a, b)], this.#columns[Math.max(a, b)]];
  }

  #blank(): string[] {
    return new Array<string>(this.#width).fill(" ");
  }

  #life(index: number, time?: number): string[] {
    const cells = this.#blank();
    for (const column of this.#columns) this.#put(cells, column, this.#chars.life, index);
    if (time !== undefined) put(cells, 0, `${time.toFixed(1)} ms`.padStart(TIME_COLUMNS - 1));
    return cells;
  }

  /** A lifeline is thick while its program waits. */
  #put(cells: string[], column: number, char: string, index: number): void {
    const at = this.#columns.indexOf(column);
    const waits = this.#diagram.bars.some(
      (bar) => bar.at === at && index >= bar.from && index <= bar.to,
    );
    put(cells, column, waits ? this.#chars.bar : char);
  }

  #fill(cells: string[], from: number, to: number, pattern: string): void {
    for (let i = from; i <= to; i++) cells[i] = pattern[(i - from) % pattern.length];
  }
}
