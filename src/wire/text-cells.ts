/** A text drawing as cells of one column each, and the characters that it uses. */
import { graphemes, graphemeWidth } from "./width";

export const UNICODE = {
  life: "│",
  bar: "┃",
  line: "─",
  last: "═",
  right: "►",
  left: "◄",
  lost: "×",
  start: "├",
  end: "┤",
  mark: "…",
};
export const ASCII: typeof UNICODE = {
  life: "|",
  bar: "#",
  line: "-",
  last: "=",
  right: ">",
  left: "<",
  lost: "x",
  start: "+",
  end: "+",
  mark: "...",
};

/** Writes text into cells, one cell for each column: a wide character leaves the next one empty. */
export function put(cells: string[], at: number, text: string): void {
  let column = Math.max(0, at);
  for (const char of graphemes(text)) {
    const width = graphemeWidth(char);
    if (column + width > cells.length) return;
    if (width === 0) {
      if (column > 0) cells[column - 1] += char;
      continue;
    }
    cells[column] = char;
    if (width === 2) cells[column + 1] = "";
    column += width;
  }
}
