/**
 * The colours and strokes of the SVG. It brings its own background, because a front end may show
 * it as an image, where it knows nothing of the page around it: JupyterLab does. There it follows
 * the browser's light or dark setting; inlined in a page it follows the page's theme, and the page
 * may set the colours itself (`--wire-card`, `--wire-ink` and so on).
 * Nothing is shown by colour alone: each kind of arrow has a line or a head of its own.
 */

interface Palette {
  readonly card: string;
  readonly edge: string;
  readonly ink: string;
  readonly muted: string;
  readonly life: string;
  readonly box: string;
  readonly data: string;
  readonly datagram: string;
  readonly wait: string;
  readonly bar: string;
  readonly error: string;
}

/** Text on the card has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3) in both. */
export const LIGHT: Palette = {
  card: "#ffffff",
  edge: "#d5dae1",
  ink: "#1d2630",
  muted: "#5b6776",
  life: "#a9b3c0",
  box: "#eef2f7",
  data: "#0b5cad",
  datagram: "#6b3fb5",
  wait: "#8a5300",
  bar: "#f2b34c",
  error: "#b3261e",
};

export const DARK: Palette = {
  card: "#171c22",
  edge: "#37414d",
  ink: "#e6ebf1",
  muted: "#a3afbd",
  life: "#5a6675",
  box: "#242c36",
  data: "#7db8ff",
  datagram: "#c4a5ff",
  wait: "#f5c26b",
  bar: "#c88a22",
  error: "#ff8f86",
};

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, color]) => `--${name}:var(--wire-${name},${color})`)
    .join(";");
}

const SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif";
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

/** The class of every diagram: its rules reach into no other part of a page. */
export const CLASS = "socket-lab-wire";

/** The themes that JupyterLab, VS Code and a static page declare, where the SVG is inlined. */
function pageTheme(theme: "light" | "dark", className: string): string {
  const jupyter = `[data-jp-theme-light="${theme === "light"}"]`;
  return [jupyter, `.vscode-${theme}`, `[data-theme="${theme}"]`]
    .map((page) => `${page} .${className}`)
    .join(",");
}

/** The rules of one class that set its colours as variables: those of the browser's theme, or of the page's. */
export function themedRules(
  className: string,
  colours: (palette: Palette) => string,
  otherwise: string,
): string[] {
  return [
    `.${className}{${colours(LIGHT)};${otherwise}}`,
    `@media (prefers-color-scheme:dark){.${className}{${colours(DARK)}}}`,
    `${pageTheme("light", className)}{${colours(LIGHT)}}`,
    `${pageTheme("dark", className)}{${colours(DARK)}}`,
  ];
}

export function styleSheet(): string {
  const rule = (selector: string, body: string) => `.${CLASS} ${selector}{${body}}`;
  return [
    ...themedRules(
      CLASS,
      variables,
      `font-family:${SANS};font-size:13px;max-width:100%;height:auto`,
    ),
    rule("text", "fill:var(--ink);white-space:pre;direction:ltr;unicode-bidi:isolate"),
    rule(".halo", "paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round"),
    rule(".mono", `font-family:${MONO};font-size:12.5px`),
    rule(".name", "font-weight:600"),
    rule(".muted", "fill:var(--muted)"),
    rule(".small", "font-size:11.5px"),
    rule(".card", "fill:var(--card);stroke:var(--edge)"),
    rule(".box", "fill:var(--box);stroke:var(--life)"),
    rule(".outside", "stroke-dasharray:4 3"),
    rule(".life", "stroke:var(--life);stroke-width:1.5"),
    rule(".bar", "fill:var(--bar);stroke:var(--wait)"),
    rule(".frame", "fill:none;stroke:var(--muted);stroke-dasharray:2 3"),
    rule(".line", "fill:none;stroke:var(--ink);stroke-width:1.6"),
    rule(".head", "fill:var(--ink);stroke:none"),
    rule(".data.line", "stroke:var(--data);stroke-width:2"),
    rule(".data.head,text.data", "fill:var(--data)"),
    rule(".datagram.line", "stroke:var(--datagram);stroke-width:2;stroke-dasharray:7 5"),
    rule(".datagram.head,text.datagram", "fill:var(--datagram)"),
    rule(".half-close.line", "stroke-dasharray:9 4"),
    rule(".reset.line", "stroke:var(--error);stroke-width:2"),
    rule(".reset.head,text.reset", "fill:var(--error)"),
    rule(".cross", "fill:none;stroke:var(--error);stroke-width:2.4"),
    rule("text.wait", "fill:var(--wait);font-weight:600"),
    rule("text.error", "fill:var(--error)"),
    rule(".span", "stroke:var(--muted);stroke-dasharray:1 4;stroke-linecap:round;stroke-width:2"),
    rule(".dot", "fill:var(--muted)"),
  ].join("\n");
}
