/**
 * Pictures in the outputs of cells. Those of this lab stand in the page itself, so that their text can be found,
 * and their colours are the page's; any other SVG becomes an image, in which a browser runs and loads nothing.
 */
import type { Element, Properties } from "hast";
import { fromHtml } from "hast-util-from-html";
import { type Schema, sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { escapeXml } from "../../wire/xml";
import { scrolls } from "./boxes";
import { visit } from "./safe-html";

/** What the SVG of src/wire, src/chart and src/scan is made of, as property names of hast. */
const TAGS = [
  "svg",
  "title",
  "desc",
  "g",
  "rect",
  "circle",
  "line",
  "path",
  "polyline",
  "polygon",
  "text",
  "tspan",
];
const GEOMETRY = [
  "x",
  "y",
  "x1",
  "x2",
  "y1",
  "y2",
  "cx",
  "cy",
  "dx",
  "dy",
  "r",
  "rx",
  "ry",
  "d",
  "points",
];
const LOOKS = [
  "fill",
  "stroke",
  "strokeWidth",
  "strokeDashArray",
  "strokeLineCap",
  "strokeLineJoin",
  "opacity",
];
const TEXT = ["textAnchor", "dominantBaseline", "fontFamily", "fontSize", "fontWeight"];
/** Colours, numbers and words. */
const PLAIN = /^[\w\s#%.,'"()-]*$/;
/** What CSS would load. */
const LOADS = /url\s*\(/i;

/** Marks a drawing of this lab, whose rules are in the book's style sheet. */
const OWN_CLASS = /^socket-lab-(?:wire|chart)$/;
const CLASS = /^[a-z][\w-]*$/;
const STYLE =
  /^(?:(?:stroke|fill|opacity|font-size|stroke-width|stroke-dasharray):[\w\s#.(),-]+;?)*$/;

const SCHEMA: Schema = {
  tagNames: TAGS,
  strip: ["style", "script", "foreignObject"],
  clobber: [],
  attributes: {
    svg: [
      "xmlns",
      "width",
      "height",
      "viewBox",
      ["role", "img"],
      "ariaLabel",
      "ariaLabelledBy",
      "ariaDescribedBy",
    ],
    "*": [
      ...GEOMETRY,
      ...LOOKS,
      ...TEXT,
      "width",
      "height",
      "transform",
      "id",
      ["className", CLASS],
      ["style", STYLE],
    ],
  },
};

/**
 * The markup for an SVG output.
 *
 * @param prefix makes the ids in it the cell's own
 */
export function drawingHtml(svg: string, prefix: string, label: string): string {
  const own = ownDrawing(svg, prefix);
  return `<figure class="drawing"${scrolls(label)}>${own ?? svgImage(svg, label)}</figure>`;
}

function ownDrawing(svg: string, prefix: string): string | undefined {
  const tree = fromHtml(svg, { fragment: true });
  const classes = tree.children.find(isSvg)?.properties.className;
  if (!Array.isArray(classes) || !classes.some((name) => OWN_CLASS.test(String(name))))
    return undefined;
  const safe = sanitize(tree, SCHEMA);
  if (!("children" in safe)) return undefined;
  const drawing = safe.children.find(isSvg);
  if (!drawing) return undefined;
  visit(drawing, ({ properties }) => {
    for (const [name, value] of Object.entries(properties)) {
      if (typeof value !== "string" || name === "ariaLabel") continue;
      // A style has been held against STYLE already.
      if (LOADS.test(value) || (name !== "style" && !PLAIN.test(value))) delete properties[name];
    }
    rename(properties, prefix);
  });
  return toHtml(drawing, { space: "svg", closeEmptyElements: true });
}

function isSvg(node: { type: string }): node is Element {
  return node.type === "element" && (node as Element).tagName === "svg";
}

/** Two cells may show the same drawing; its ids differ all the same, and no cell or heading can have them. */
function rename(properties: Properties, prefix: string): void {
  if (properties.id !== undefined) properties.id = `${prefix}.${properties.id}`;
  for (const name of ["ariaLabelledBy", "ariaDescribedBy"]) {
    const ids = properties[name];
    if (Array.isArray(ids)) properties[name] = ids.map((id) => `${prefix}.${id}`);
  }
}

/** SVG as an image is in a browser's secure static mode (SVG 2, 2.7.1): no scripts, nothing from outside. */
function svgImage(svg: string, label: string): string {
  const tree = fromHtml(svg, { fragment: true });
  let title = "";
  visit(tree, (element) => {
    const [text] = element.children;
    if (title === "" && element.tagName === "title" && text?.type === "text") title = text.value;
  });
  return imageTag("image/svg+xml", Buffer.from(svg).toString("base64"), title || label);
}

/** Formats that hold a picture and nothing else. */
export const IMAGE_TYPES: readonly string[] = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
];

/** @param base64 as nbformat stores it, perhaps on several lines */
export function imageHtml(type: string, base64: string, label: string): string {
  return `<figure class="drawing"${scrolls(label)}>${imageTag(type, base64, label)}</figure>`;
}

function imageTag(type: string, base64: string, alt: string): string {
  const data = base64.replace(/[^A-Za-z0-9+/=]/g, "");
  return `<img src="data:${type};base64,${data}" alt="${escapeXml(alt)}">`;
}
