/** A line chart of a few series over the same few steps: SVG where it can be seen, text everywhere else. */

import { px } from "../wire/svg-shapes";
import { textWidth } from "../wire/width";
import { escapeXml } from "../wire/xml";
import { axisTicks, checkValue, formatNumber } from "./number";
import { SERIES_COUNT_MAX, svgFrame, widthPx } from "./svg";

export interface Series {
  readonly label: string;
  /** One for each step; 0 or more. */
  readonly values: readonly number[];
}

export interface LineChartData {
  readonly title: string;
  /** What the values are, such as `milliseconds`. */
  readonly unit: string;
  /** What stands along the bottom, at equal distances, such as `50 %`, `90 %`, `99 %`. */
  readonly steps: readonly string[];
  readonly series: readonly Series[];
}

const PLOT_WIDTH_PX = 420;
const PLOT_HEIGHT_PX = 180;
const MARGIN_PX = 16;
const HEAD_PX = 66;
const FOOT_PX = 34;
const GAP_PX = 8;
const LABEL_PX = 17;
const TICKS_MAX = 4;

export class LineChart {
  readonly #data: LineChartData;

  /** @throws RangeError when there is nothing to draw, too many series, a value missing or not a number of 0 or more */
  constructor(data: LineChartData) {
    const { title, steps, series } = data;
    if (steps.length < 2) throw new RangeError(`the chart "${title}" needs two steps or more`);
    if (series.length === 0 || series.length > SERIES_COUNT_MAX) {
      throw new RangeError(
        `the chart "${title}" can show 1 to ${SERIES_COUNT_MAX} series, not ${series.length}`,
      );
    }
    for (const { label, values } of series) {
      if (values.length !== steps.length) {
        const counts = `${values.length} values for ${steps.length} steps`;
        throw new RangeError(`the series "${label}" has ${counts}`);
      }
      for (const value of values) checkValue(value, `a value of "${label}"`);
    }
    this.#data = data;
  }

  /** A table: a row for each series, a column for each step. */
  toText(): string {
    const { title, unit, steps, series } = this.#data;
    const rows = [
      ["", ...steps],
      ...series.map(({ label, values }) => [label, ...values.map(formatNumber)]),
    ];
    const columns = ["", ...steps].map((_, i) =>
      Math.max(...rows.map((row) => textWidth(row[i] ?? ""))),
    );
    const lines = rows.map((row) =>
      row
        .map((cell, i) => {
          const blanks = " ".repeat((columns[i] ?? 0) - textWidth(cell));
          return i === 0 ? cell + blanks : blanks + cell;
        })
        .join("  ")
        .trimEnd(),
    );
    return [`${title} (${unit})`, ...lines].join("\n");
  }

  /** One `<svg>` element, readable in light and dark; the same data give the same text. */
  toSvg(): string {
    const { title, unit, steps, series } = this.#data;
    const ticks = axisTicks(Math.max(...series.flatMap(({ values }) => values)), TICKS_MAX);
    const top = ticks[ticks.length - 1] ?? 1;
    const left = MARGIN_PX + Math.max(...ticks.map((tick) => widthPx(formatNumber(tick)))) + GAP_PX;
    const bottom = HEAD_PX + PLOT_HEIGHT_PX;
    const x = (step: number) => left + (step * PLOT_WIDTH_PX) / (steps.length - 1);
    const y = (value: number) => bottom - (value / top) * PLOT_HEIGHT_PX;

    const grid = ticks.map((tick) => {
      const at = px(y(tick));
      return [
        `<line class="grid" x1="${px(left)}" x2="${px(left + PLOT_WIDTH_PX)}" y1="${at}" y2="${at}"/>`,
        `<text class="quiet" x="${px(left - GAP_PX)}" y="${at}" text-anchor="end" dominant-baseline="central">${formatNumber(tick)}</text>`,
      ].join("");
    });
    const foot = steps.map((step, i) => {
      const anchor = i === 0 ? "start" : i === steps.length - 1 ? "end" : "middle";
      return `<text class="quiet" x="${px(x(i))}" y="${px(bottom + 20)}" text-anchor="${anchor}">${escapeXml(step)}</text>`;
    });
    const lines = series.map(({ values }, i) => {
      const points = values.map((value, step) => `${px(x(step))},${px(y(value))}`).join(" ");
      return `<polyline class="line s${i}" points="${points}"/>`;
    });
    const ends = apart(series.map(({ values }) => y(values[values.length - 1] ?? 0)));
    const labels = series.map(
      ({ label }, i) =>
        `<text x="${px(left + PLOT_WIDTH_PX + GAP_PX)}" y="${px(ends[i] ?? 0)}" dominant-baseline="central">${escapeXml(label)}</text>`,
    );
    const right = Math.max(...series.map(({ label }) => widthPx(label))) + GAP_PX + MARGIN_PX;
    const head = Math.max(widthPx(title), widthPx(unit)) + 2 * MARGIN_PX;
    const frame = {
      width: Math.max(left + PLOT_WIDTH_PX + right, head),
      height: bottom + FOOT_PX,
      title,
      description: `${unit}: ${series.map(({ label, values }) => `${label} ${values.map((value, i) => `${steps[i]} ${formatNumber(value)}`).join(", ")}`).join("; ")}`,
    };
    const inner = [
      `<text class="strong" x="${MARGIN_PX}" y="26">${escapeXml(title)}</text>`,
      `<text class="quiet" x="${MARGIN_PX}" y="44">${escapeXml(unit)}</text>`,
      ...grid,
      ...foot,
      ...lines,
      ...labels,
    ];
    return svgFrame(frame, inner.join(""));
  }
}

/** The heights of labels, moved up where two would lie on each other, in the order given. */
function apart(heights: readonly number[]): number[] {
  const placed = [...heights];
  const fromBelow = [...heights.keys()].sort((a, b) => (heights[b] ?? 0) - (heights[a] ?? 0));
  let limit = Number.POSITIVE_INFINITY;
  for (const index of fromBelow) {
    const height = Math.min(heights[index] ?? 0, limit);
    placed[index] = height;
    limit = height - LABEL_PX;
  }
  return placed;
}
