/**
 * Markup from notebooks, made safe: what is not on a list of harmless elements and attributes goes. Nothing of it
 * runs, and nothing is loaded for it. Parsed as a browser does, so that both read the same.
 */
import type { Element, Nodes } from "hast";
import { fromHtml } from "hast-util-from-html";
import { defaultSchema, type Schema, sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";

/** Elements of the usual list that would load something, or be something to fill in. */
const UNWANTED = new Set(["img", "input", "picture", "source"]);
const TAGS = (defaultSchema.tagNames ?? []).filter((name) => !UNWANTED.has(name));
/** Nothing of these is text for a reader. */
const STRIPPED = [
  "script",
  "style",
  "title",
  "noscript",
  "template",
  "textarea",
  "select",
  "svg",
  "math",
];

const SCHEMA: Schema = {
  ...defaultSchema,
  tagNames: TAGS,
  strip: STRIPPED,
  clobber: [],
  protocols: { href: ["http", "https", "mailto"] },
  attributes: {
    a: ["href"],
    details: ["open"],
    ol: ["start", "reversed"],
    td: ["colSpan", "rowSpan", "align"],
    th: ["colSpan", "rowSpan", "align", "scope"],
    "*": ["dir", "lang", "title"],
  },
};

/** Markdown adds these. */
const PROSE_SCHEMA: Schema = {
  ...SCHEMA,
  tagNames: [...TAGS, "img"],
  attributes: {
    ...SCHEMA.attributes,
    code: [["className", /^language-/]],
    img: ["alt", "src"],
    td: [...(SCHEMA.attributes?.td ?? []), ["style", /^text-align:(?:left|right|center)$/]],
    th: [...(SCHEMA.attributes?.th ?? []), ["style", /^text-align:(?:left|right|center)$/]],
  },
};

/** A page or a piece of one that a cell has shown. Its headings are not headings of the book. */
export function safeOutputHtml(html: string): string {
  const tree = sanitize(fromHtml(html, { fragment: true }), SCHEMA);
  visit(tree, (element) => {
    const level = /^h([1-6])$/.exec(element.tagName)?.[1];
    if (level !== undefined) {
      element.tagName = "p";
      element.properties = { ...element.properties, className: [`shown-h${level}`] };
    }
    // A relative address means something on the server that the page came from, and nothing here.
    if (element.tagName === "a" && !/^(?:https?|mailto):/.test(String(element.properties.href))) {
      element.properties = {};
    }
  });
  return toHtml(tree);
}

/** Prose, which may have markup between its Markdown. Its addresses are still as the notebook has them. */
export function safeProse(html: string): Nodes {
  return sanitize(fromHtml(html, { fragment: true }), PROSE_SCHEMA);
}

/** Calls `see` with every element, a parent before its children. */
export function visit(node: Nodes, see: (element: Element) => void): void {
  if (node.type === "element") see(node);
  if ("children" in node) for (const child of node.children) visit(child, see);
}
