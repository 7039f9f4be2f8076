/** The shapes of the picture as SVG elements. */
import { LIGHT } from "./theme";

/** Nothing that was recorded can end an attribute or an element, or begin one. */
export function escapeXml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** Tenths of a pixel are enough, and the same on every machine. */
export function round(value: number): number {
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
  const [a, b, c, d] = [x1, y1, x2, y2].map(round);
  return `<line class="${classes}" x1="${a}" y1="${b}" x2="${c}" y2="${d}" stroke="${stroke}"/>`;
}

export function cross(x: number, y: number): string {
  const [l, r, t, b] = [x - 6, x + 6, y - 6, y + 6].map(round);
  return `<path class="cross" d="M${l} ${t}L${r} ${b}M${r} ${t}L${l} ${b}" stroke="${LIGHT.error}"/>`;
}

export function text(
  classes: readonly string[],
  x: number,
  y: number,
  content: string,
  anchor = "middle",
): string {
  return `<text class="${classes.join(" ")}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" xml:space="preserve">${escapeXml(content)}</text>`;
}
