/** A notebook's prose, or a Markdown file, as a part of a page. */
import type { Element, ElementContent, Nodes } from "hast";
import { toHtml } from "hast-util-to-html";
import MarkdownIt from "markdown-it";
import { scrolls } from "./boxes";
import { codeBox } from "./code";
import { hasScheme, slug } from "./links";
import { safeProse } from "./safe-html";

const markdown = new MarkdownIt({ html: true, linkify: false });

export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly id: string;
}

/** Where the prose stands. */
export interface ProsePlace {
  /** The cell, which is an anchor too; undefined for a file. */
  readonly cell?: string;
  /** The anchors that the page has so far, with those of its cells; headings add theirs. */
  readonly ids: Set<string>;
  link(address: string): string;
}

export interface Prose {
  readonly html: string;
  readonly headings: readonly Heading[];
}

export function renderProse(source: string, place: ProsePlace): Prose {
  const prose = new ProseWriter(place);
  return { html: prose.write(safeProse(markdown.render(source))), headings: prose.headings };
}

class ProseWriter {
  readonly headings: Heading[] = [];
  readonly #place: ProsePlace;
  /** Whether the cell has begun with something else than a heading. */
  #begun = false;

  constructor(place: ProsePlace) {
    this.#place = place;
  }

  write(tree: Nodes): string {
    const children = "children" in tree ? (tree.children as ElementContent[]) : [];
    const written = children.flatMap((child) => this.#node(child));
    return toHtml({ type: "root", children: written }, { allowDangerousHtml: true });
  }

  #node(node: ElementContent): ElementContent[] {
    if (node.type !== "element") return [node];
    const level = Number(/^h([1-6])$/.exec(node.tagName)?.[1] ?? 0);
    if (level > 0) return [this.#heading(node, level)];
    this.#begun = true;
    if (node.tagName === "pre") return [this.#code(node)];
    if (node.tagName === "a") this.#link(node);
    if (node.tagName === "img") return [this.#image(node)];
    node.children = node.children.flatMap((child) => this.#node(child));
    // The empty corner of a table heads nothing.
    if (node.tagName === "th" && textOf(node) === "") node.tagName = "td";
    if (node.tagName !== "table") return [node];
    return [raw(`<div class="table"${scrolls("Table")}>`), node, raw("</div>")];
  }

  #heading(node: Element, level: number): Element {
    const text = textOf(node);
    const { cell, ids } = this.#place;
    const name = slug(text);
    // A cell that begins with its own name as a heading has one anchor for both.
    const isCell = name === cell && !this.#begun;
    let id = name;
    for (let n = 2; !isCell && ids.has(id); n++) id = `${name}-${n}`;
    ids.add(id);
    this.#begun = true;
    this.headings.push({ level, text, id });
    if (!isCell) node.properties.id = id;
    node.children = node.children.flatMap((child) => this.#node(child));
    const properties = { className: ["permalink"], href: `#${id}`, ariaLabel: `Link to “${text}”` };
    const sign: ElementContent = { type: "text", value: "#" };
    node.children.push({ type: "element", tagName: "a", properties, children: [sign] });
    return node;
  }

  #code(node: Element): ElementContent {
    const code = node.children.find((child) => child.type === "element");
    const classes = code?.type === "element" ? code.properties.className : undefined;
    const language = String(Array.isArray(classes) ? (classes[0] ?? "") : "").slice(
      "language-".length,
    );
    return raw(
      codeBox(textOf(node), { language, label: language === "bash" ? "Commands" : "Text" }),
    );
  }

  #link({ properties }: Element): void {
    if (typeof properties.href !== "string") return;
    properties.href = this.#place.link(properties.href);
    if (/^https?:/.test(properties.href)) properties.rel = ["noreferrer"];
  }

  /** An image from elsewhere is not loaded: it becomes a link. */
  #image({ properties }: Element): ElementContent {
    const alt = String(properties.alt ?? "");
    const address = this.#place.link(String(properties.src ?? ""));
    if (!hasScheme(address) || address.startsWith("data:image/")) {
      return { type: "element", tagName: "img", properties: { src: address, alt }, children: [] };
    }
    const text: ElementContent = { type: "text", value: alt || address };
    const link = { href: address, rel: ["noreferrer"] };
    return { type: "element", tagName: "a", properties: link, children: [text] };
  }
}

/** Our own markup among what was made safe. */
function raw(html: string): ElementContent {
  return { type: "raw", value: html } as unknown as ElementContent; // hast-util-to-html knows it; the types of hast do not
}

function textOf(node: ElementContent): string {
  if (node.type === "text") return node.value;
  return node.type === "element" ? node.children.map(textOf).join("") : "";
}
