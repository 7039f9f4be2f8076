/** A notebook's prose for a terminal: headings, lists, tables and code, wrapped to its width. */
import MarkdownIt, { type Token } from "markdown-it";
import { pad, widthOf, wrapCode, wrapWords } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import { highlight } from "./highlight";

const MIN_COLUMNS = 10;
/** Between the columns of a table. */
const TABLE_GAP = "  ";
const MIN_TABLE_COLUMN_COLUMNS = 6;
const CODE_INDENT = "  ";
const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  ts: "typescript",
  sh: "bash",
  html: "xml",
};

const parser = new MarkdownIt({ html: true, linkify: false });

/** @param columns the width to wrap to */
export function renderMarkdown(source: string, columns: number, styles: Styles): string[] {
  const cursor = new Cursor(parser.parse(source, {}));
  return trimBlank(blocks(cursor, Math.max(MIN_COLUMNS, columns), styles));
}

/** Reads tokens in order; markdown-it gives a flat list with `_open` and `_close` tokens. */
class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++];
  }
}

/** Renders up to the `_close` token of the block that was opened before, or to the end. */
function blocks(cursor: Cursor, width: number, styles: Styles): string[] {
  const lines: string[] = [];
  const add = (block: readonly string[], tight = false): void => {
    if (block.length > 0) lines.push(...block, ...(tight ? [] : [""]));
  };
  for (let token = cursor.next(); token && token.nesting >= 0; token = cursor.next()) {
    switch (token.type) {
      case "heading_open":
        add(heading(inlineOf(cursor, styles, true), token.tag, width, styles));
        break;
      case "paragraph_open":
        add(wrapWords(inlineOf(cursor, styles), width), token.hidden);
        break;
      case "bullet_list_open":
      case "ordered_list_open":
        add(list(cursor, token, width, styles));
        break;
      case "blockquote_open": {
        const inner = trimBlank(blocks(cursor, width - 2, styles));
        add(inner.map((line) => `${styles.border("▌")} ${line}`));
        break;
      }
      case "table_open":
        add(table(cursor, width, styles));
        break;
      case "fence":
      case "code_block":
        add(code(token, width, styles));
        break;
      case "hr":
        add([styles.border("─".repeat(width))]);
        break;
      case "html_block": {
        const text = withoutTags(token.content).trim();
        if (text !== "") add(wrapWords(text, width));
        break;
      }
      default:
        if (token.nesting > 0) add(blocks(cursor, width, styles), true);
    }
  }
  return lines;
}

function heading(text: string, tag: string, width: number, styles: Styles): string[] {
  if (tag === "h1") {
    const lines = wrapWords(styles.title(text), width);
    const longest = Math.max(...lines.map(widthOf));
    return [...lines, styles.border("━".repeat(longest))];
  }
  const paint = tag === "h2" ? styles.heading : styles.strong;
  return wrapWords(
    paint(styles.colour ? text : `${"#".repeat(Number(tag.slice(1)))} ${text}`),
    width,
  );
}

function code({ content, info }: Token, width: number, styles: Styles): string[] {
  const name = info.trim().split(/\s/)[0] ?? "";
  const lines = highlight(content.trimEnd(), LANGUAGE_NAMES[name] ?? name, styles);
  const bar = `${CODE_INDENT}${styles.border("│")} `;
  return lines
    .flatMap((line) => wrapCode(line, width - widthOf(bar)))
    .map((line) => `${bar}${line}`.trimEnd());
}

function list(cursor: Cursor, open: Token, width: number, styles: Styles): string[] {
  const lines: string[] = [];
  let number = Number(open.attrGet("start") ?? 1);
  for (let token = cursor.next(); token && token.nesting > 0; token = cursor.next()) {
    const mark = open.type === "ordered_list_open" ? `${number++}.` : "•";
    const indent = " ".repeat(mark.length + 1);
    const inner = trimBlank(blocks(cursor, width - indent.length, styles));
    if (inner.length === 0) inner.push("");
    for (const [at, line] of inner.entries()) {
      lines.push(at === 0 ? `${styles.accent(mark)} ${line}` : `${indent}${line}`.trimEnd());
    }
  }
  return lines;
}

function table(cursor: Cursor, width: number, styles: Styles): string[] {
  const rows: string[][] = [];
  for (let token = cursor.next(); token && token.type !== "table_close"; token = cursor.next()) {
    if (token.type === "tr_open") rows.push([]);
    if (token.type === "th_open" || token.type === "td_open") {
      const text = inlineOf(cursor, styles);
      rows.at(-1)?.push(token.type === "th_open" ? styles.strong(text) : text);
    }
  }
  const widths = columnWidths(rows, width);
  const rule = styles.border(widths.map((columns) => "─".repeat(columns)).join(TABLE_GAP));
  const tall = new Set<number>();
  const laidOut = rows.map((row, at) => {
    const cells = row.map((cell, column) => wrapWords(cell, widths[column] ?? width));
    const height = Math.max(...cells.map((cell) => cell.length));
    if (at > 0 && height > 1) tall.add(at);
    return Array.from({ length: height }, (_none, line) =>
      cells
        .map((cell, column) => pad(cell[line] ?? "", widths[column] ?? 0))
        .join(TABLE_GAP)
        .trimEnd(),
    );
  });
  return laidOut.flatMap((lines, at) => {
    if (at === 0) return [...lines, rule];
    // A row of several lines needs room to be told from the next.
    return tall.size > 0 && at < rows.length - 1 ? [...lines, ""] : lines;
  });
}

/** The widest columns give way until the table fits. */
function columnWidths(rows: readonly string[][], width: number): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_none, column) =>
    Math.max(1, ...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const room = width - TABLE_GAP.length * (count - 1);
  while (widths.reduce((sum, columns) => sum + columns, 0) > room) {
    const widest = Math.max(...widths);
    if (widest <= Math.min(MIN_TABLE_COLUMN_COLUMNS, Math.floor(room / count))) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** The text of the inline token that follows, and the closing token after it. */
function inlineOf(cursor: Cursor, styles: Styles, plain = false): string {
  let text = "";
  for (let token = cursor.next(); token && token.nesting === 0; token = cursor.next()) {
    text += plain ? plainText(token.children ?? []) : inline(token.children ?? [], styles);
  }
  return text;
}

function plainText(tokens: readonly Token[]): string {
  return tokens.map(({ type, content }) => (type === "softbreak" ? " " : content)).join("");
}

function inline(tokens: readonly Token[], styles: Styles): string {
  const painted: ((text: string) => string)[] = [];
  let link = "";
  let text = "";
  const paint = (content: string): string => painted.reduceRight((done, one) => one(done), content);
  for (const token of tokens) {
    const { type, content } = token;
    switch (type) {
      case "strong_open":
        painted.push(styles.strong);
        break;
      case "em_open":
        painted.push(styles.emphasis);
        break;
      case "s_open":
        painted.push(styles.muted);
        break;
      case "link_open":
        painted.push(styles.link);
        link = String(token.attrGet("href") ?? "");
        break;
      case "link_close":
        painted.pop();
        if (/^https?:/.test(link) && !text.includes(link)) text += ` ${styles.muted(`(${link})`)}`;
        break;
      case "strong_close":
      case "em_close":
      case "s_close":
        painted.pop();
        break;
      case "code_inline":
        // Without colour the backticks tell code from prose.
        text += styles.colour ? styles.inlineCode(content) : `\`${content}\``;
        break;
      case "softbreak":
        text += " ";
        break;
      case "hardbreak":
        text += "\n";
        break;
      case "image":
        text += `[${content}]`;
        break;
      case "html_inline":
        break;
      default:
        text += paint(content);
    }
  }
  return text;
}

function withoutTags(html: string): string {
  return html.replace(/<!--.*?-->/gs, "").replace(/<[^>]*>/g, "");
}

function trimBlank(lines: readonly string[]): string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1] === "") end--;
  return lines.slice(0, end);
}
