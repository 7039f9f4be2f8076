/**
 * A strict reader of the XML that an SVG may use (XML 1.0, fifth edition): it throws at the first
 * thing that a browser's XML parser would refuse, and at anything that could run a script.
 */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  /** Its own text and that of all within. */
  text: string;
}

/** Char, production 2; without the C1 controls, which are allowed but discouraged. */
const CHARS = /^[\t\n\r\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const TOKEN = /<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
const ATTRIBUTE = /([\w:-]+)="([^"<]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function decoded(text: string): string {
  if (!CHARS.test(text)) throw new Error(`a character that XML forbids in ${JSON.stringify(text)}`);
  if (text.includes("]]>")) throw new Error("]]> in text");
  return text.replace(/&[^;]*;?/g, (entity) => {
    const char = ENTITIES[entity];
    if (char === undefined) throw new Error(`not an entity: ${entity.slice(0, 20)}`);
    return char;
  });
}

export function parseXml(source: string): Element {
  const root: Element = { name: "", attributes: new Map(), children: [], text: "" };
  const open = [root];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    at = match.index + match[0].length;
    const [, closing, opening, attributes, empty, text] = match;
    if (closing !== undefined) {
      const done = open.pop();
      if (done?.name !== closing) throw new Error(`</${closing}> closes <${done?.name}>`);
    } else if (opening !== undefined) {
      const element = {
        name: opening,
        attributes: attributesOf(attributes),
        children: [],
        text: "",
      };
      open[open.length - 1].children.push(element);
      if (empty === "") open.push(element);
    } else {
      for (const element of open) element.text += decoded(text);
    }
  }
  if (at !== source.length)
    throw new Error(`not XML: ${JSON.stringify(source.slice(at, at + 60))}`);
  if (open.length !== 1) throw new Error(`<${open[open.length - 1].name}> is not closed`);
  if (root.children.length !== 1 || root.text.trim() !== root.children[0].text.trim()) {
    throw new Error("not exactly one element");
  }
  return root.children[0];
}

function attributesOf(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, value] of source.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new Error(`attribute ${name} twice`);
    attributes.set(name, decoded(value));
  }
  return attributes;
}

/** All elements of a name, in document order. */
export function all(element: Element, name: string): Element[] {
  return element.children.flatMap((one) => [
    ...(one.name === name ? [one] : []),
    ...all(one, name),
  ]);
}
