/** What every page of the book has around its own text. */
import { escapeXml } from "../../wire/xml";
import type { BookPart } from "./lab";
import { relative } from "./links";
import type { Heading } from "./prose";

export const BOOK_TITLE = "Socket Lab";

/** Nothing of another host, nothing inline that runs: also if something unsafe had found its way into a page. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'", // drawings and coloured output carry colours of their own
  "img-src 'self' data:",
  "connect-src 'self'", // for the book while it is being written
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

export interface Page {
  /** From the book's folder. */
  readonly page: string;
  readonly title: string;
  /** For search engines and lists of bookmarks. */
  readonly about: string;
  readonly body: string;
  /** The page's own contents. */
  readonly headings?: readonly Heading[];
}

/** The text's anchor: a cell cannot have it, nor a heading. */
const TEXT_ID = "page.text";

/** The whole page. `parts` are all parts of the lab, which the page's head leads to. */
export function pageHtml(content: Page, parts: readonly BookPart[]): string {
  const { page, title, about, body, headings = [] } = content;
  const to = (target: string): string => escapeXml(relative(page, target));
  const at = parts.findIndex((part) => part.page === page);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escapeXml(about)}">
<title>${escapeXml(title === BOOK_TITLE ? title : `${title} · ${BOOK_TITLE}`)}</title>
<link rel="icon" href="${to("icon.svg")}" type="image/svg+xml">
<link rel="stylesheet" href="${to("style.css")}">
<script src="${to("script.js")}"></script>
</head>
<body>
<a class="skip" href="#${TEXT_ID}">Skip to the text</a>
<header class="head">
<a class="name" href="${to("index.html")}"${page === "index.html" ? ' aria-current="page"' : ""}>${BOOK_TITLE}</a>
<nav class="numbers" aria-label="Parts"><ol>${parts.map((part) => number(part, to, page)).join("")}</ol></nav>
</header>
<div class="sheet">
${contentsOf(headings)}<main id="${TEXT_ID}" tabindex="-1">
${body}
${at < 0 ? "" : pager(parts[at - 1], parts[at + 1], to)}</main>
</div>
</body>
</html>
`;
}

function number(
  { part, title, page }: BookPart,
  to: (page: string) => string,
  current: string,
): string {
  const name = escapeXml(`Part ${part.number}: ${title}`);
  const here = page === current ? ' aria-current="page"' : "";
  return `<li><a href="${to(page)}" title="${name}" aria-label="${name}"${here}>${escapeXml(part.number)}</a></li>`;
}

/** Deeper headings would make the list longer than it is of use. */
const DEEPEST_LISTED = 3;

/** Beside the text where there is room, else folded before it: style.css shows one of the two. */
function contentsOf(headings: readonly Heading[]): string {
  const listed = headings.filter(({ level }, at) => at > 0 && level <= DEEPEST_LISTED);
  if (listed.length < 2) return "";
  const list = `<ol>${listed
    .map(({ level, text, id }) => {
      const deep = level === DEEPEST_LISTED ? ' class="deep"' : "";
      return `<li${deep}><a href="#${escapeXml(id)}">${escapeXml(text)}</a></li>`;
    })
    .join("")}</ol>`;
  return `<nav class="contents wide" aria-label="On this page"><p>On this page</p>${list}</nav>
<nav class="contents narrow" aria-label="On this page"><details><summary>On this page</summary>${list}</details></nav>
`;
}

function pager(
  before: BookPart | undefined,
  after: BookPart | undefined,
  to: (page: string) => string,
): string {
  const link = (part: BookPart | undefined, rel: string, word: string): string =>
    part
      ? `<a rel="${rel}" href="${to(part.page)}"><span>${word}</span> ${escapeXml(`${part.part.number}. ${part.title}`)}</a>`
      : `<a href="${to("index.html")}"><span>${word}</span> Contents</a>`;
  return `<nav class="pager" aria-label="Next and previous">
${link(before, "prev", "Previous")}
${link(after, "next", "Next")}
</nav>
`;
}
