/** A bar chart of a few figures side by side: SVG where it can be seen, text everywhere else. */

import { px } from "../wire/svg-shapes";
import { textWidth } from "../wire/width";
import { escapeXml } from "../wire/xml";
import { checkValue, formatNumber } from "./number";
import { svgFrame, widthPx } from "./svg";

export interface Bar {
  readonly label: string;
  /** 0 or more. */
  readonly value: number;
  /** Set after the value, such as `1.45 times`. */
  readonly note?: string;
  /** The one that the chart is about. */
  readonly ours?: boolean;
}

export interface BarChartData {
  readonly title: string;
  /** What is counted, such as `requests per second`. */
  readonly unit: string;
  readonly bars: readonly Bar[];
}

const TEXT_BAR_COLUMNS = 32;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

const BAR_MAX_PX = 340;
const BAR_PX = 20;
const ROW_PX = 32;
const MARGIN_PX = 16;
const HEAD_PX = 58;
const GAP_PX = 10;

export class BarChart {
  readonly #data: BarChartData;
  readonly #highest: number;

  /** @throws RangeError when there is no bar, or a value is not a number of 0 or more */
  constructor(data: BarChartData) {
    if (data.bars.length === 0) throw new RangeError(`the chart "${data.title}" has no bars`);
    for (const { label, value } of data.bars) checkValue(value, `the value of "${label}"`);
    this.#data = data;
    this.#highest = Math.max(...data.bars.map(({ value }) => value));
  }

  /** Lines of text, in the order of the bars, which begin at zero. */
  toText(): string {
    const { title, unit, bars } = this.#data;
    const values = bars.map(({ value }) => formatNumber(value));
    const labelColumns = Math.max(...bars.map(({ label }) => textWidth(label)));
    const valueColumns = Math.max(...values.map((value) => value.length));
    const lines = bars.map(({ label, value, note }, i) => {
      const cells = [
        label + " ".repeat(labelColumns - textWidth(label)),
        textBar(this.#share(value)),
        (values[i] ?? "").padStart(valueColumns),
        note ?? "",
      ];
      return cells.join("  ").trimEnd();
    });
    return [`${title} (${unit})`, ...lines].join("\n");
  }

  /** One `<svg>` element, readable in light and dark; the same data give the same text. */
  toSvg(): string {
    const { title, unit, bars } = this.#data;
    const left = MARGIN_PX + Math.max(...bars.map(({ label }) => widthPx(label))) + GAP_PX;
    const right = Math.max(...bars.map((bar) => widthPx(valueText(bar)))) + GAP_PX + MARGIN_PX;
    const rows = bars.map((bar, i) => {
      const top = HEAD_PX + i * ROW_PX;
      const middle = top + BAR_PX / 2;
      const width = this.#share(bar.value) * BAR_MAX_PX;
      const weight = bar.ours ? ' class="strong"' : "";
      return [
        `<text${weight} x="${px(left - GAP_PX)}" y="${px(middle)}" text-anchor="end" dominant-baseline="central">${escapeXml(bar.label)}</text>`,
        `<rect class="bar${bar.ours ? " ours" : ""}" x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${BAR_PX}" rx="2"/>`,
        `<text${weight} x="${px(left + width + GAP_PX)}" y="${px(middle)}" dominant-baseline="central">${escapeXml(valueText(bar))}</text>`,
      ].join("");
    });
    const head = Math.max(widthPx(title), widthPx(unit)) + 2 * MARGIN_PX;
    const frame = {
      width: Math.max(left + BAR_MAX_PX + right, head),
      height: HEAD_PX + bars.length * ROW_PX + MARGIN_PX - (ROW_PX - BAR_PX),
      title,
      description: `${unit}: ${bars.map((bar) => `${bar.label} ${valueText(bar)}`).join("; ")}`,
    };
    const inner = [
      `<text class="strong" x="${MARGIN_PX}" y="26">${escapeXml(title)}</text>`,
      `<text class="quiet" x="${MARGIN_PX}" y="44">${escapeXml(unit)}</text>`,
      ...rows,
    ];
    return svgFrame(frame, inner.join(""));
  }

  /** Of the longest bar. */
  #share(value: number): number {
    return this.#highest === 0 ? 0 : value / this.#highest;
  }
}

function valueText({ value, note }: Bar): string {
  return note ? `${formatNumber(value)}  ${note}` : formatNumber(value);
}

function textBar(share: number): string {
  const eighths = Math.round(share * TEXT_BAR_COLUMNS * EIGHTHS.length);
  const whole = Math.floor(eighths / EIGHTHS.length);
  return ("█".repeat(whole) + EIGHTHS[eighths % EIGHTHS.length]).padEnd(TEXT_BAR_COLUMNS);
}
