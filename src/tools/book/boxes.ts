/** Boxes that scroll sideways by themselves, so that the page never does. */

import { textWidth } from "../../wire/width";
import { escapeXml } from "../../wire/xml";

/** About what a telephone shows of a line of code: a longer one scrolls, which needs the keyboard's focus. */
const NARROW_COLUMNS = 34;

/** The attributes of an element that scrolls, for those who have no pointer (WCAG 2.2, 2.1.1). */
export function scrolls(label: string): string {
  return ` tabindex="0" role="group" aria-label="${escapeXml(label)}"`;
}

/**
 * Preformatted text. script.js takes the focus from boxes that turn out to be wide enough.
 *
 * @param html the markup of `text`
 */
export function preformatted(className: string, label: string, text: string, html: string): string {
  const widest = text.split("\n").reduce((most, line) => Math.max(most, textWidth(line)), 0);
  const focus = widest > NARROW_COLUMNS ? scrolls(label) : "";
  // A parser drops the first line break of a pre (HTML, 13.2.6.4.7).
  return `<pre class="${className}"${focus}>${html.startsWith("\n") ? "\n" : ""}${html}</pre>`;
}
