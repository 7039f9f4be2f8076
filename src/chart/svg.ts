/** What both charts share as SVG: the frame, its colours in light and dark, text without surprises. */
import { px } from "../wire/svg-shapes";
import { type LIGHT, themedRules } from "../wire/theme";
import { textWidth } from "../wire/width";
import { escapeXml } from "../wire/xml";

/** At 13 px a little wide for most letters, so that a label never leaves its place. */
const COLUMN_PX = 7.4;

/** About how wide a text is drawn. */
export function widthPx(text: string): number {
  return textWidth(text) * COLUMN_PX;
}

/** Series differ in colour, in lightness and in dashes, so that no eye has to rely on the hue alone. */
export const SERIES_COUNT_MAX = 4;

/** The class of every chart: its rules reach into no other part of a page. */
const CLASS = "socket-lab-chart";

type Palette = typeof LIGHT;

/** Text and lines have the colours of the sequence diagrams, so that a part has one look. */
function variables({ card, edge, ink, muted, data, wait, datagram, error }: Palette): string {
  const colours = { card, edge, ink, muted, s0: data, s1: wait, s2: datagram, s3: error };
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}

const rule = (selector: string, body: string) => `.${CLASS} ${selector}{${body}}`;

/**
 * A front end may show the picture as an image, where it knows nothing of the page around it: so it brings
 * its own ground, and follows the light or dark setting of the browser, or of the page it is inlined in.
 * A page that holds charts without their styles brings this itself.
 */
export const STYLE = [
  ...themedRules(CLASS, variables, "font:13px system-ui,sans-serif;max-width:100%;height:auto"),
  rule("text", "fill:var(--ink);white-space:pre"),
  rule(".ground", "fill:var(--card);stroke:var(--edge)"),
  rule(".quiet", "fill:var(--muted)"),
  rule(".strong", "font-weight:600"),
  rule(".grid", "stroke:var(--edge)"),
  rule(".bar", "fill:var(--muted);opacity:.6"),
  rule(".bar.ours", "fill:var(--s0);opacity:1"),
  rule(".line", "fill:none;stroke-width:2"),
  rule(".s0", "stroke:var(--s0)"),
  rule(".s1", "stroke:var(--s1);stroke-dasharray:7 3"),
  rule(".s2", "stroke:var(--s2);stroke-dasharray:2 3"),
  rule(".s3", "stroke:var(--s3);stroke-dasharray:9 3 2 3"),
].join("");

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** All that the chart says, for those who do not see it. */
  readonly description: string;
}

/** One `<svg>` element with what is drawn in it. */
export function svgFrame({ width, height, title, description }: Frame, inner: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${CLASS}" role="img"`,
    ` aria-label="${escapeXml(`${title}. ${description}`)}"`,
    ` width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${px(width - 1)}" height="${px(height - 1)}" rx="6"/>`,
    inner,
    "</svg>\n",
  ].join("");
}
