/** A screen as a picture (SVG): each character in its own place, with its colours. */
import type { CellLook, HeadlessScreen } from "./screen";

export interface PictureTheme {
  readonly paper: string;
  readonly ink: string;
  /** The 16 colours of the terminal's own. */
  readonly colours: readonly string[];
}

export const DARK_THEME: PictureTheme = {
  paper: "#16191f",
  ink: "#d5dae2",
  colours: [
    "#23272e",
    "#e06c75",
    "#98c379",
    "#d9b26a",
    "#61afef",
    "#c678dd",
    "#56b6c2",
    "#c8ccd4",
    "#5c6370",
    "#ff7b86",
    "#a9d98a",
    "#f0c97f",
    "#7cc4ff",
    "#da8ff0",
    "#6fd0dc",
    "#ffffff",
  ],
};

export const LIGHT_THEME: PictureTheme = {
  paper: "#ffffff",
  ink: "#24292f",
  colours: [
    "#24292f",
    "#c72e3a",
    "#2f7d32",
    "#8a5300",
    "#0b5cad",
    "#7b3fb5",
    "#0c7a86",
    "#8c959f",
    "#57606a",
    "#d93f4b",
    "#3a9440",
    "#a86800",
    "#1a70c9",
    "#9153cc",
    "#1391a0",
    "#eaeef2",
  ],
};

const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 19;
const FONT_SIZE = 14;
const MARGIN = 14;
const BASELINE = 14;

export function pictureOf(screen: HeadlessScreen, theme: PictureTheme): string {
  const { columns, rows } = screen.size;
  const width = Math.ceil(columns * CELL_WIDTH + 2 * MARGIN);
  const height = rows * CELL_HEIGHT + 2 * MARGIN;
  const shapes: string[] = [];
  for (const [row, cells] of screen.cells().entries()) {
    const y = MARGIN + row * CELL_HEIGHT;
    let column = 0;
    for (const run of runs(cells)) {
      const [look] = run;
      const span = run.reduce((sum, cell) => sum + cell.width, 0);
      const x = MARGIN + column * CELL_WIDTH;
      column += span;
      if (!look) continue;
      const { ink, paper } = colours(look, theme);
      if (paper !== undefined) {
        shapes.push(
          `<rect x="${x.toFixed(1)}" y="${y}" width="${(span * CELL_WIDTH).toFixed(1)}" height="${CELL_HEIGHT}" fill="${paper}"/>`,
        );
      }
      const text = run.map((cell) => cell.text).join("");
      if (text.trim() === "") continue;
      const attributes = [
        `fill="${ink}"`,
        look.bold ? 'font-weight="700"' : "",
        look.italic ? 'font-style="italic"' : "",
        look.underline ? 'text-decoration="underline"' : "",
        look.dim ? 'opacity="0.65"' : "",
      ];
      const length = (span * CELL_WIDTH).toFixed(1);
      shapes.push(
        `<text x="${x.toFixed(1)}" y="${y + BASELINE}" textLength="${length}" lengthAdjust="spacingAndGlyphs" ${attributes.filter(Boolean).join(" ")}>${escaped(text)}</text>`,
      );
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${FONT_SIZE}" xml:space="preserve">
<rect width="${width}" height="${height}" rx="8" fill="${theme.paper}" stroke="#8b949e" stroke-opacity="0.4"/>
${shapes.join("\n")}
</svg>
`;
}

/** Neighbours that look the same. */
function runs(cells: readonly CellLook[]): CellLook[][] {
  const found: CellLook[][] = [];
  const key = ({ text: _text, width: _width, ...look }: CellLook): string => JSON.stringify(look);
  for (const cell of cells) {
    const last = found.at(-1);
    const before = last?.[0];
    // A drawing's lines must meet: each piece by itself.
    if (last && before && key(before) === key(cell) && cell.width === 1) last.push(cell);
    else found.push([cell]);
  }
  return found;
}

function colours(look: CellLook, theme: PictureTheme): { ink: string; paper: string | undefined } {
  const ink = look.ink === undefined ? theme.ink : colour(look.ink, theme);
  const paper = look.paper === undefined ? undefined : colour(look.paper, theme);
  return look.inverse ? { ink: paper ?? theme.paper, paper: ink } : { ink, paper };
}

/** The 256 colours of xterm: 16 of the theme, a cube of 6 by 6 by 6, 24 greys. */
function colour(number: number, theme: PictureTheme): string {
  if (number < 16) return theme.colours[number] ?? theme.ink;
  const hex = (level: number): string => level.toString(16).padStart(2, "0");
  if (number >= 232) return `#${hex(8 + 10 * (number - 232)).repeat(3)}`;
  const level = (step: number): string => hex(step === 0 ? 0 : 55 + 40 * step);
  const at = number - 16;
  return `#${level(Math.floor(at / 36))}${level(Math.floor(at / 6) % 6)}${level(at % 6)}`;
}

function escaped(text: string): string {
  // Blanks would be joined.
  return text
    .replaceAll(" ", "\u00a0")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}
