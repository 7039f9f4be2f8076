/** The shapes of the picture as SVG elements. */
import { LIGHT } from "./theme";
import { escapeXml } from "./xml";

/** A coordinate: tenths of a pixel are enough, and the same on every machine. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

export function line(
  classes: string,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map(px);
  return `<line class="${classes}" x1="${a}" y1="${b}" x2="${c}" y2="${d}" stroke="${stroke}"/>`;
}

export function cross(x: number, y: number): string {
  const [l, r, t, b] = [x - 6, x + 6, y - 6, y + 6].map(px);
  return `<path class="cross" d="M${l} ${t}L${r} ${b}M${r} ${t}L${l} ${b}" stroke="${LIGHT.error}"/>`;
}

export function text(
  classes: readonly string[],
  x: number,
  y: number,
  content: string,
  anchor = "middle",
): string {
  return `<text class="${classes.join(" ")}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" xml:space="preserve">${escapeXml(content)}</text>`;
}
