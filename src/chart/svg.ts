/** What both charts share as SVG: the frame, its colours in light and dark, text without surprises. */
import { textWidth } from "../wire/width";

const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Characters that XML 1.0 cannot hold at all (section 2.2). */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text for an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(NOT_XML, "\ufffd").replace(/[&<>"']/g, (sign) => MARKUP[sign] ?? sign);
}

/** A coordinate: tenths are finer than a screen shows. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export const FONT_PX = 13;
/** A little wide for most letters, so that a label never leaves its place. */
const COLUMN_PX = 7.4;

/** About how wide a text is drawn. */
export function widthPx(text: string): number {
  return textWidth(text) * COLUMN_PX;
}

/** Series differ in colour, in lightness and in dashes, so that no eye has to rely on the hue alone. */
export const SERIES_COUNT_MAX = 4;

/**
 * The colours are set by class, once for light and once for dark, and stand on a ground of their own:
 * a front end may be dark while the page behind the picture is white.
 */
const STYLE = [
  ".ground{fill:#fff;stroke:#d0d7de}",
  "text{fill:#1f2328}",
  ".quiet{fill:#59636e}",
  ".strong{font-weight:600}",
  ".grid{stroke:#d8dee4}",
  ".bar{fill:#8c959f}.bar.ours{fill:#0969da}",
  ".line{fill:none;stroke-width:2}",
  ".s0{stroke:#0969da}.s1{stroke:#bc4c00;stroke-dasharray:7 3}",
  ".s2{stroke:#1a7f37;stroke-dasharray:2 3}.s3{stroke:#8250df;stroke-dasharray:9 3 2 3}",
  "@media (prefers-color-scheme:dark){",
  ".ground{fill:#0d1117;stroke:#3d444d}",
  "text{fill:#e6edf3}",
  ".quiet{fill:#9198a1}",
  ".grid{stroke:#2a313c}",
  ".bar{fill:#656c76}.bar.ours{fill:#4493f8}",
  ".s0{stroke:#4493f8}.s1{stroke:#f0883e}.s2{stroke:#3fb950}.s3{stroke:#ab7df8}",
  "}",
].join("");

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** All that the chart says, for those who do not see it. */
  readonly description: string;
}

/**
 * One `<svg>` element. Its rules are held to it by a class that derives from what it says, because an
 * SVG in a page shares the page's style sheets.
 */
export function svgFrame({ width, height, title, description }: Frame, inner: string): string {
  const name = `chart-${hash(`${title}\n${description}`)}`;
  const scoped = STYLE.replace(/(^|[{}])(\.[\w.]+|text)\{/g, `$1.${name} $2{`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${name}" role="img"`,
    ` aria-label="${escapeXml(`${title}. ${description}`)}"`,
    ` width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}"`,
    ` font-family="system-ui, sans-serif" font-size="${FONT_PX}">`,
    `<title>${escapeXml(title)}</title><style>${scoped}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${px(width - 1)}" height="${px(height - 1)}" rx="6"/>`,
    inner,
    "</svg>\n",
  ].join("");
}

/** FNV-1a, 32 bits: short, and the same on every run. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return (value >>> 0).toString(36);
}
