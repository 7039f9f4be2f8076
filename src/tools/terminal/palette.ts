/** What things look like: a role has a style, which depends on what the terminal can show. */
import { attributesOf } from "./sgr";

export type Role =
  | "title"
  | "heading"
  | "strong"
  | "emphasis"
  | "link"
  | "inlineCode"
  | "muted"
  | "border"
  | "accent"
  | "keyword"
  | "string"
  | "number"
  | "comment"
  | "function"
  | "type"
  | "ok"
  | "warning"
  | "error"
  | "selected"
  | "match"
  | "bar"
  | "barKey"
  | "barBusy"
  | "notice";

export type Background = "dark" | "light";
/** How many colours a terminal shows: none, the 16 of its own theme, or the fixed 256. */
export type ColourDepth = 0 | 16 | 256;

export interface Look {
  readonly depth: ColourDepth;
  /** Unknown: then only colours that the terminal's own theme adapts are used. */
  readonly background: Background | undefined;
}

export type Styles = Readonly<Record<Role, (text: string) => string>> & {
  /** Whether colours tell things apart; otherwise signs must. */
  readonly colour: boolean;
};

/** SGR parameters (ECMA-48, 8.3.117; 38;5 and 48;5 as in ISO 8613-6), with the contrast of the lab's drawings. */
const DARK: Record<Role, string> = {
  title: "1;38;5;117",
  heading: "1;38;5;117",
  strong: "1;38;5;255",
  emphasis: "3",
  link: "4;38;5;110",
  inlineCode: "38;5;216",
  muted: "38;5;246",
  border: "38;5;240",
  accent: "38;5;80",
  keyword: "38;5;176",
  string: "38;5;150",
  number: "38;5;215",
  comment: "3;38;5;245",
  function: "38;5;111",
  type: "38;5;79",
  ok: "38;5;114",
  warning: "38;5;221",
  error: "38;5;210",
  selected: "1;38;5;255;48;5;238",
  match: "38;5;16;48;5;221",
  bar: "38;5;252;48;5;236",
  barKey: "1;38;5;117;48;5;236",
  barBusy: "1;38;5;221;48;5;236",
  notice: "38;5;16;48;5;117",
};

const LIGHT: Record<Role, string> = {
  title: "1;38;5;25",
  heading: "1;38;5;25",
  strong: "1;38;5;16",
  emphasis: "3",
  link: "4;38;5;25",
  inlineCode: "38;5;130",
  muted: "38;5;242",
  border: "38;5;249",
  accent: "38;5;30",
  keyword: "38;5;90",
  string: "38;5;28",
  number: "38;5;130",
  comment: "3;38;5;242",
  function: "38;5;25",
  type: "38;5;24",
  ok: "38;5;28",
  warning: "38;5;130",
  error: "38;5;160",
  selected: "1;38;5;16;48;5;253",
  match: "38;5;16;48;5;221",
  bar: "38;5;236;48;5;254",
  barKey: "1;38;5;25;48;5;254",
  barBusy: "1;38;5;130;48;5;254",
  notice: "38;5;231;48;5;25",
};

/** Readable in any colours of the terminal's. */
const REVERSED = {
  selected: "7",
  match: "7",
  bar: "7",
  barKey: "1;7",
  barBusy: "1;7",
  notice: "7",
} satisfies Partial<Record<Role, string>>;

/** Only colours that are readable on both backgrounds in the usual themes. */
const THEMED: Record<Role, string> = {
  title: "1;36",
  heading: "1;36",
  strong: "1",
  emphasis: "3",
  link: "4;36",
  inlineCode: "36",
  muted: "2",
  border: "2",
  accent: "36",
  keyword: "35",
  string: "32",
  number: "36",
  comment: "2",
  function: "34",
  type: "36",
  ok: "32",
  warning: "33",
  error: "31",
  ...REVERSED,
};

/** Without colour, weight and reverse video are all there is. https://no-color.org allows them. */
const PLAIN: Partial<Record<Role, string>> = {
  title: "1",
  heading: "1",
  strong: "1",
  link: "4",
  ...REVERSED,
};

/** @param attributes false: no escape sequence at all, for a terminal that knows none */
export function stylesFor({ depth, background }: Look, attributes = true): Styles {
  const fixed = background === "light" ? LIGHT : DARK;
  const themed = depth === 256 && background !== undefined ? fixed : THEMED;
  const codes: Partial<Record<Role, string>> = depth === 0 ? (attributes ? PLAIN : {}) : themed;
  const entries = Object.keys(DARK).map((role) => [role, painter(codes[role as Role])]);
  return { ...Object.fromEntries(entries), colour: depth > 0 } as Styles; // one entry for each role
}

function painter(code: string | undefined): (text: string) => string {
  if (code === undefined) return (text) => text;
  const open = `\u001b[${code}m`;
  const close = `\u001b[${resets(code)}m`;
  return (text) => (text === "" ? "" : open + text + close);
}

/** What ends each attribute by itself, so that styles can stand within another. */
function resets(code: string): string {
  return [...new Set(attributesOf(code).map(({ reset }) => reset))].join(";");
}

/** What the environment says of the terminal's colours. `depthBits` is tty.WriteStream.getColorDepth(env). */
export function colourDepth(env: NodeJS.ProcessEnv, depthBits: number): ColourDepth {
  if (env.NO_COLOR || env.TERM === "dumb") return 0; // https://no-color.org: any value but the empty one
  if (depthBits >= 8 || /256color/.test(env.TERM ?? "")) return 256;
  return depthBits >= 4 ? 16 : 0;
}
