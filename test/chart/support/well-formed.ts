/** A strict look at the markup of an SVG: no parser that forgives. */

const TOKEN =
  /<\/([\w-]+)>|<([\w-]+)((?:\s+[\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#39);[^"<&]*)*")*)\s*(\/?)>|([^<]+)/gy;

/** Names of its elements in order. @throws when tags are not balanced, or a `<` or `&` is not escaped */
export function tagsOf(xml: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  let end = 0;
  for (const match of xml.matchAll(TOKEN)) {
    const [whole, closing, opening, , empty, text] = match;
    end += whole.length;
    if (closing !== undefined && open.pop() !== closing) throw new Error(`</${closing}> at ${end}`);
    if (opening !== undefined) {
      names.push(opening);
      if (!empty) open.push(opening);
    }
    if (text !== undefined && /&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) {
      throw new Error(`an & that is not escaped at ${end}`);
    }
  }
  if (end !== xml.length) throw new Error(`not well-formed at ${end}: ${xml.slice(end, end + 60)}`);
  if (open.length > 0) throw new Error(`never closed: ${open.join(", ")}`);
  return names;
}
