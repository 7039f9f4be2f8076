/** Draws a diagram as one `<svg>` element, without scripts, fonts or anything else from outside. */
import { createHash } from "node:crypto";
import { describeRows } from "./description";
import { type Arrow, type Diagram, type Label, type Row, withoutTimes } from "./diagram";
import { buildDiagram } from "./diagram-builder";
import { shorten } from "./fold";
import { labelLines, shortLabel } from "./labels";
import { wantedGaps } from "./layout";
import type { SvgOptions } from "./options";
import { escapeText } from "./preview";
import type { RecordingData } from "./recording-data";
import { cross, line, px, text } from "./svg-shapes";
import { CLASS, LIGHT, styleSheet } from "./theme";
import { textWidth, wrap } from "./width";
import { escapeXml } from "./xml";

/** Pixels of one column of text, for the widest of the usual fixed-width fonts. */
const COLUMN = 7.6;
const LINE = 17;
const MARGIN = 14;
const HEADER_COLUMNS_MAX = 20;
const GAP_COLUMNS_MIN = 20;
/** Of two participants, and of two with several lines of data. */
const GAP_COLUMNS_MAX = 42;
const GAP_COLUMNS_MAX_LINES = 56;
/** All gaps of three and more together: a wider picture could not be read on a telephone. */
const GAPS_COLUMNS_MAX = 56;
const LABEL_AROUND_COLUMNS = 4;
const TIME_WIDTH = 70;
const BAR_WIDTH = 10;
const HEAD = 9;
/** With more rows the names stand at the bottom too. */
const NAMES_BELOW_ROWS_MIN = 24;

export function renderSvg(recording: RecordingData, options: SvgOptions = {}): string {
  const diagram = shorten(buildDiagram(recording, options), options.rows);
  return new Picture(options.times ? diagram : withoutTimes(diagram), options).draw();
}

class Picture {
  readonly #diagram: Diagram;
  readonly #options: SvgOptions;
  readonly #title: string;
  readonly #x: number[] = [];
  readonly #heads: { lines: string[]; address: string[]; width: number }[];
  readonly #width: number;
  /** Top, line and bottom of each row. */
  readonly #tops: number[] = [];
  readonly #lines: number[] = [];
  /** Layers, from the back: frames, bars, arrows and text. */
  readonly #frames: string[] = [];
  readonly #marks: string[] = [];
  #y = 0;

  constructor(diagram: Diagram, options: SvgOptions) {
    this.#diagram = diagram;
    this.#options = options;
    const names = diagram.participants.map((one) => escapeText(one.name));
    this.#title = options.title ?? `Sequence diagram: ${listed(names)}`;
    this.#heads = diagram.participants.map((one) => head(one.name, one.address));
    this.#width = this.#place();
  }

  draw(): string {
    const { rows, participants } = this.#diagram;
    if (rows.length === 0) return this.#wrapUp(this.#nothing());
    this.#y = MARGIN;
    const heading = this.#heading();
    const top = this.#y;
    const height = Math.max(
      ...this.#heads.map((one) => 12 + one.lines.length * LINE + one.address.length * 14),
    );
    const names = participants.map((_, at) => this.#name(at, top, height));
    this.#y = top + height + 12;
    rows.forEach((row, index) => {
      this.#tops[index] = this.#y;
      this.#row(row, index);
    });
    const bottom = this.#y + 6;
    this.#tops.push(bottom);
    this.#lines.push(bottom);
    const lives = this.#x.map((x) => line("life", x, top + height, x, bottom, LIGHT.life));
    if (rows.length >= NAMES_BELOW_ROWS_MIN) {
      names.push(...participants.map((_, at) => this.#name(at, bottom, height)));
      this.#y = bottom + height;
    } else this.#y = bottom;
    return this.#wrapUp([
      heading,
      ...this.#frames,
      ...lives,
      ...this.#bars(),
      ...this.#marks,
      ...names,
    ]);
  }

  #nothing(): string[] {
    this.#y = MARGIN + LINE;
    return [text(["muted"], MARGIN, this.#y, "Nothing was recorded.", "start")];
  }

  /** The element around it all, with its name and its description for screen readers. */
  #wrapUp(parts: readonly string[]): string {
    const width = Math.ceil(Math.max(this.#width, 180));
    const height = Math.ceil(this.#y + MARGIN);
    const body = parts.filter((part) => part !== "").join("\n");
    const described = describeRows(this.#diagram).join("\n");
    const hash = createHash("sha256").update(`${this.#title}\n${described}\n${body}`).digest("hex");
    const id = escapeXml(this.#options.id ?? `wire-${hash.slice(0, 12)}`);
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" class="${CLASS}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" fill="${LIGHT.ink}" font-family="sans-serif" font-size="13">`,
      `<title id="${id}-title">${escapeXml(escapeText(this.#title))}</title>`,
      `<desc id="${id}-desc">${escapeXml(described)}</desc>`,
      `<style>${styleSheet()}</style>`,
      `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${LIGHT.card}" stroke="${LIGHT.edge}"/>`,
      body,
      "</svg>",
    ].join("\n");
  }

  /** Places the lifelines; returns the width of all. */
  #place(): number {
    const lines = this.#options.lines ?? 1;
    const two = lines > 1 ? GAP_COLUMNS_MAX_LINES : GAP_COLUMNS_MAX;
    const count = this.#heads.length - 1;
    const each = Math.max(GAP_COLUMNS_MIN, Math.floor(GAPS_COLUMNS_MAX / Math.max(1, count)));
    const max = count < 2 ? two : each;
    const around = LABEL_AROUND_COLUMNS;
    const gaps = wantedGaps(this.#diagram, { lines, min: GAP_COLUMNS_MIN, max, around });
    let x = MARGIN + (this.#options.times ? TIME_WIDTH : 0) + (this.#heads[0]?.width ?? 0) / 2;
    this.#heads.forEach((one, at) => {
      if (at > 0) {
        const names = (this.#heads[at - 1].width + one.width) / 2 + 12;
        x += Math.max(gaps[at - 1] * COLUMN, names);
      }
      this.#x.push(px(x));
    });
    const last = this.#heads.at(-1)?.width ?? 0;
    // A lone participant has its notes at its right.
    const alone = this.#heads.length === 1 ? GAP_COLUMNS_MIN * 2 * COLUMN : 0;
    return x + last / 2 + MARGIN + alone;
  }

  #heading(): string {
    const { title } = this.#options;
    if (title === undefined) return "";
    const columns = Math.floor((this.#width - 2 * MARGIN) / COLUMN);
    const lines = wrap(escapeText(title), columns);
    const parts = lines.map((one, i) =>
      text(["name"], MARGIN, this.#y + 13 + i * LINE, one, "start"),
    );
    this.#y += lines.length * LINE + 8;
    return parts.join("\n");
  }

  #name(at: number, top: number, height: number): string {
    const { lines, address, width } = this.#heads[at];
    const x = this.#x[at];
    const outside = this.#diagram.participants[at].outside ? " outside" : "";
    const used = lines.length * LINE + address.length * 14;
    let y = top + (height - used) / 2 + 13;
    const parts = [
      `<rect class="box${outside}" x="${px(x - width / 2)}" y="${top}" width="${width}" height="${height}" rx="6" fill="${LIGHT.box}" stroke="${LIGHT.life}"/>`,
    ];
    for (const one of lines) {
      parts.push(text(["name"], x, y, one));
      y += LINE;
    }
    for (const one of address) parts.push(text(["muted", "small"], x, y - 2, one));
    return parts.join("\n");
  }

  #row(row: Row, index: number): void {
    const time = row.time;
    if (time !== undefined) {
      this.#marks.push(
        text(["muted", "small"], MARGIN, this.#y + 14, `${time.toFixed(1)} ms`, "start"),
      );
    }
    if (row.kind === "note") this.#note(row.at, row.tone, row.label, index);
    else if (row.kind === "span") this.#span(row.from, row.to, row.label, index);
    else if (row.kind === "arrow") this.#arrow(row, index);
    else this.#rule(row, index);
  }

  #note(at: number, tone: string, label: Label, index: number): void {
    const last = this.#x.length - 1;
    const right = at < last || last === 0;
    const left = Math.min(at, Math.max(0, last - 1));
    const room =
      last === 0 ? GAP_COLUMNS_MIN * 3 : (this.#x[left + 1] - this.#x[left]) / COLUMN - 4;
    const x = this.#x[at] + (right ? 14 : -14);
    const sign = tone === "error" ? "✕ " : "";
    const lines = this.#label(label, Math.floor(room) - sign.length);
    this.#lines[index] = this.#y + 10;
    lines.forEach((one, i) => {
      const classes = ["halo", tone, ...(label.data === undefined ? [] : ["mono"])];
      const y = this.#y + 14 + i * LINE;
      this.#marks.push(text(classes, x, y, i === 0 ? sign + one : one, right ? "start" : "end"));
    });
    this.#y += lines.length * LINE + 8;
  }

  #span(from: number, to: number, label: Label, index: number): void {
    const [a, b] = [this.#x[Math.min(from, to)], this.#x[Math.max(from, to)]];
    const y = this.#y + 10;
    this.#lines[index] = y;
    const one = shortLabel(label, Math.floor((b - a) / COLUMN) - 2, "connected");
    const half = (textWidth(one) * COLUMN) / 2;
    for (const [x, towards] of [
      [a, (a + b) / 2 - half],
      [b, (a + b) / 2 + half],
    ]) {
      this.#marks.push(line("span", x, y, towards, y, LIGHT.muted));
      this.#marks.push(`<circle class="dot" cx="${x}" cy="${y}" r="3.5" fill="${LIGHT.muted}"/>`);
    }
    this.#marks.push(text(["halo", "muted"], (a + b) / 2, y + 4, one));
    this.#y += 28;
  }

  #arrow(row: Arrow & Row, index: number): void {
    if (row.from === row.to) {
      this.#note(row.from, row.style, row.label, index);
      return;
    }
    const [a, b] = [this.#x[Math.min(row.from, row.to)], this.#x[Math.max(row.from, row.to)]];
    const columns = Math.floor((b - a - 20) / COLUMN);
    const lines = this.#label(row.label, columns);
    const isData = row.label.data !== undefined;
    const left = lines.length > 1 && (this.#options.lines ?? 1) > 1;
    lines.forEach((one, i) => {
      const classes = [
        "halo",
        row.lost && !isData ? "error" : row.style,
        ...(isData ? ["mono"] : []),
      ];
      const y = this.#y + 13 + i * LINE;
      this.#marks.push(
        left ? text(classes, a + 14, y, one, "start") : text(classes, (a + b) / 2, y, one),
      );
    });
    const y = this.#y + lines.length * LINE + 5;
    this.#lines[index] = y;
    this.#marks.push(...this.#shaft(row, y, index));
    this.#y = y + 15;
  }

  /** The line and the head of an arrow; it touches the bar of one that waits. */
  #shaft(row: Arrow, y: number, index: number): string[] {
    const way = row.from < row.to ? 1 : -1;
    const start = this.#x[row.from] + way * this.#halfBar(row.from, index);
    const target = this.#x[row.to] - way * this.#halfBar(row.to, index);
    const end = row.lost ? target - way * Math.min(60, Math.abs(target - start) / 4) : target;
    const color = row.style === "reset" ? LIGHT.error : LIGHT.ink;
    const body = row.lost ? end : end - way * (HEAD - 1);
    const shaft =
      row.style === "close" || row.style === "half-close"
        ? [-2, 2].map((dy) => line(`line ${row.style}`, start, y + dy, body, y + dy, color))
        : [line(`line ${row.style}`, start, y, body, y, color)];
    if (row.lost) return [...shaft, cross(end, y)];
    const tip = `${px(end)},${px(y)} ${px(end - way * HEAD)},${px(y - 5)} ${px(end - way * HEAD)},${px(y + 5)}`;
    const tipped = `<polygon class="head ${row.style}" points="${tip}" fill="${color}"/>`;
    return [...shaft, tipped, ...(row.style === "reset" ? [cross((start + end) / 2, y)] : [])];
  }

  #halfBar(at: number, index: number): number {
    const { bars } = this.#diagram;
    const waits = bars.some((bar) => bar.at === at && index >= bar.from && index <= bar.to);
    return waits ? BAR_WIDTH / 2 : 0;
  }

  #bars(): string[] {
    return this.#diagram.bars.map(({ at, from, to }) => {
      const y = (this.#lines[from] ?? 0) - 8;
      const end = Math.max(y + 12, (this.#lines[to] ?? this.#y) + 4);
      const x = px(this.#x[at] - BAR_WIDTH / 2);
      return `<rect class="bar" x="${x}" y="${px(y)}" width="${BAR_WIDTH}" height="${px(end - y)}" rx="3" fill="${LIGHT.bar}" stroke="${LIGHT.wait}"/>`;
    });
  }

  #rule(row: Row, index: number): void {
    const [left, right] = [MARGIN / 2, this.#width - MARGIN / 2];
    this.#lines[index] = this.#y + 10;
    if (row.kind === "end of repeat") {
      const begin = this.#diagram.rows
        .slice(0, index)
        .map((one) => one.kind)
        .lastIndexOf("repeat");
      const top = this.#tops[begin] ?? this.#y;
      const bottom = this.#y + 2;
      this.#frames.push(
        `<rect class="frame" x="${left}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}" rx="6" fill="none" stroke="${LIGHT.muted}"/>`,
      );
      this.#y += 14;
      return;
    }
    const columns = Math.floor((right - left) / COLUMN) - 4;
    const [label] = this.#label(row.label, columns);
    if (row.kind === "repeat") {
      this.#marks.push(text(["halo", "name"], left + 10, this.#y + 17, label, "start"));
      this.#y += 28;
    } else {
      const y = this.#y + 14;
      this.#marks.push(text(["halo", "muted"], this.#width / 2, y, `⋮  ${label}  ⋮`));
      this.#y += 30;
    }
  }

  #label(label: Label, columns: number): string[] {
    return labelLines(label, { columns: Math.max(8, columns), lines: this.#options.lines ?? 1 });
  }
}

function head(name: string, address: string | undefined) {
  const lines = wrap(escapeText(name), HEADER_COLUMNS_MAX);
  const below = address === undefined ? [] : wrap(escapeText(address), HEADER_COLUMNS_MAX + 4);
  const widest = Math.max(...[...lines, ...below].map(textWidth));
  return { lines, address: below, width: Math.max(84, Math.ceil(widest * COLUMN + 18)) };
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "nothing was recorded";
  if (names.length === 1) return names[0];
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}
