/** A notebook's prose for a terminal: headings, lists, tables and code, wrapped to its width. */
import MarkdownIt, { type Token } from "markdown-it";
import { displayWidth, padColumns, type Styles, wrapWords } from "./ansi";

/** Longer lines are hard to read, however wide the terminal is. */
const MAX_PROSE_COLUMNS = 88;
const MIN_COLUMNS = 20;
/** Between the columns of a table. */
const TABLE_GAP = "  ";
const MIN_TABLE_COLUMN_COLUMNS = 6;

const parser = new MarkdownIt({ html: true });

/** @param columns the terminal's width */
export function renderMarkdown(source: string, columns: number, style: Styles): string[] {
  const width = Math.max(MIN_COLUMNS, Math.min(columns, MAX_PROSE_COLUMNS));
  const tokens = parser.parse(source, {});
  return trimBlank(blocks(new Cursor(tokens), width, style));
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
function blocks(cursor: Cursor, width: number, style: Styles): string[] {
  const lines: string[] = [];
  const add = (block: readonly string[], tight = false): void => {
    if (block.length > 0) lines.push(...block, ...(tight ? [] : [""]));
  };
  for (let token = cursor.next(); token && token.nesting >= 0; token = cursor.next()) {
    switch (token.type) {
      case "heading_open": {
        const text = inlineOf(cursor, style);
        add(wrapWords(heading(text, token.tag, style), width));
        break;
      }
      case "paragraph_open":
        add(wrapWords(inlineOf(cursor, style), width), token.hidden);
        break;
      case "bullet_list_open":
      case "ordered_list_open":
        add(list(cursor, token, width, style));
        break;
      case "blockquote_open": {
        const inner = trimBlank(blocks(cursor, width - 2, style));
        add(inner.map((line) => `${style.dim("│")} ${line}`));
        break;
      }
      case "table_open":
        add(table(cursor, width, style));
        break;
      case "fence":
      case "code_block":
        add(
          token.content
            .trimEnd()
            .split("\n")
            .map((line) => `    ${style.cyan(line)}`),
        );
        break;
      case "hr":
        add([style.dim("─".repeat(width))]);
        break;
      case "html_block": {
        const text = withoutTags(token.content).trim();
        if (text !== "") add(wrapWords(text, width));
        break;
      }
      default:
        if (token.nesting > 0) add(blocks(cursor, width, style), true);
    }
  }
  return lines;
}

function heading(text: string, tag: string, style: Styles): string {
  const paint = (word: string): string =>
    tag === "h1" ? style.bold(style.underline(word)) : style.bold(word);
  return `${"#".repeat(Number(tag.slice(1)))} ${text}`.split(" ").map(paint).join(" ");
}

function list(cursor: Cursor, open: Token, width: number, style: Styles): string[] {
  const lines: string[] = [];
  let number = Number(open.attrGet("start") ?? 1);
  for (let token = cursor.next(); token && token.nesting > 0; token = cursor.next()) {
    const mark = open.type === "ordered_list_open" ? `${number++}.` : "•";
    const indent = " ".repeat(mark.length + 1);
    const inner = trimBlank(blocks(cursor, width - indent.length, style));
    if (inner.length === 0) inner.push("");
    for (const [at, line] of inner.entries()) {
      lines.push(at === 0 ? `${style.dim(mark)} ${line}` : `${indent}${line}`.trimEnd());
    }
  }
  return lines;
}

function table(cursor: Cursor, width: number, style: Styles): string[] {
  const rows: string[][] = [];
  for (let token = cursor.next(); token && token.type !== "table_close"; token = cursor.next()) {
    if (token.type === "tr_open") rows.push([]);
    if (token.type === "th_open" || token.type === "td_open") {
      rows.at(-1)?.push(inlineOf(cursor, style));
    }
  }
  const widths = columnWidths(rows, width);
  return rows.flatMap((row, at) => {
    const cells = row.map((cell, column) => wrapWords(cell, widths[column] ?? width));
    const height = Math.max(...cells.map((cell) => cell.length));
    const lines = Array.from({ length: height }, (_none, line) =>
      cells
        .map((cell, column) => padColumns(cell[line] ?? "", widths[column] ?? 0))
        .join(TABLE_GAP)
        .trimEnd(),
    );
    const rule = style.dim(widths.map((columns) => "─".repeat(columns)).join(TABLE_GAP));
    return at === 0 ? [...lines, rule] : lines;
  });
}

/** The widest columns give way until the table fits. */
function columnWidths(rows: readonly string[][], width: number): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_none, column) =>
    Math.max(1, ...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  const room = width - TABLE_GAP.length * (count - 1);
  while (widths.reduce((sum, columns) => sum + columns, 0) > room) {
    const widest = Math.max(...widths);
    if (widest <= MIN_TABLE_COLUMN_COLUMNS) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** The text of the inline token that follows, and the closing token after it. */
function inlineOf(cursor: Cursor, style: Styles): string {
  let text = "";
  for (let token = cursor.next(); token && token.nesting === 0; token = cursor.next()) {
    text += inline(token.children ?? [], style);
  }
  return text;
}

function inline(tokens: readonly Token[], style: Styles): string {
  const painted: ((word: string) => string)[] = [];
  const plain = style.cyan("x") === "x";
  let link = "";
  let text = "";
  // Each word is painted by itself, so that lines can break between them.
  const words = (content: string, paint: (word: string) => string): string =>
    content.split(" ").map(paint).join(" ");
  for (const token of tokens) {
    switch (token.type) {
      case "strong_open":
        painted.push(style.bold);
        break;
      case "em_open":
        painted.push(style.italic);
        break;
      case "s_open":
        painted.push(style.dim);
        break;
      case "link_open":
        painted.push(style.underline);
        link = String(token.attrGet("href") ?? "");
        break;
      case "link_close":
        painted.pop();
        if (/^https?:/.test(link) && !text.endsWith(link)) text += ` ${style.dim(`(${link})`)}`;
        break;
      case "strong_close":
      case "em_close":
      case "s_close":
        painted.pop();
        break;
      case "code_inline":
        // Without colour the backticks tell code from prose.
        text += plain ? `\`${token.content}\`` : words(token.content, style.cyan);
        break;
      case "softbreak":
        text += " ";
        break;
      case "hardbreak":
        text += "\n";
        break;
      case "image":
        text += `[${token.content}]`;
        break;
      case "html_inline":
        break;
      default:
        text += words(token.content, (word) => painted.reduce((done, paint) => paint(done), word));
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
