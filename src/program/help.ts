/** The text of `--help`. */
import type { ProgramOption, ProgramOptions, ProgramPositional } from "./options";

export interface HelpSubject {
  /** What is typed before the options: `node tcp_server.mjs`. */
  readonly command: string;
  readonly about: string;
  readonly options: ProgramOptions;
  readonly positionals: readonly ProgramPositional[];
  /** Arguments of an example call. */
  readonly example: string;
  /** Lines for the end. */
  readonly notes?: string;
}

/** Where a line of help goes on: below its text, which stands behind two blanks or more. */
const TEXT_OF_LINE = /^(?: *\S.*?\S {2,}| *)(?=\S)/;
const MIN_TEXT_COLUMNS = 20;

/** The same lines, broken between words where they are longer than the terminal is wide. */
export function wrapHelp(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text
    .split("\n")
    .flatMap((line) => wrapLine(line, columns))
    .join("\n");
}

function wrapLine(line: string, columns: number): string[] {
  const rows: string[] = [];
  const own = TEXT_OF_LINE.exec(line)?.[0].length ?? 0;
  const indent = " ".repeat(columns - own < MIN_TEXT_COLUMNS ? 0 : own);
  let rest = line;
  while (rest.length > columns) {
    const least = rows.length === 0 ? own : indent.length;
    const at = rest.lastIndexOf(" ", columns);
    if (at <= least) break; // a word that is longer than the line
    rows.push(rest.slice(0, at).trimEnd());
    rest = indent + rest.slice(at).trimStart();
  }
  return [...rows, rest];
}

export function helpText(subject: HelpSubject): string {
  const { command, about, options, positionals, example, notes } = subject;
  const usage = ["[options]", ...positionals.map(placeholder)].join(" ");
  const rows = Object.entries(options).map(([key, option]) => optionRow(key, option));
  rows.push(["-h, --help", "show this help"]);
  const parts = [`${about}\n`, `Usage: ${command} ${usage}\n`];
  if (positionals.length > 0) {
    parts.push(`Arguments:\n${table(positionals.map(positionalRow))}\n`);
  }
  parts.push(`Options:\n${table(rows)}\n`);
  parts.push(`Example:\n  ${command} ${example}\n`);
  if (notes !== undefined) parts.push(`${notes.trimEnd()}\n`);
  return parts.join("\n");
}

type Row = readonly [left: string, right: string];

function optionRow(name: string, option: ProgramOption): Row {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  const value = option.type === "boolean" ? "" : ` ${option.value ?? name.toUpperCase()}`;
  const notes: string[] = [];
  if (option.type !== "boolean" && option.default !== undefined) {
    notes.push(`default ${option.default === "" ? '""' : option.default}`);
  }
  if (option.env !== undefined) notes.push(`environment ${option.env}`);
  const note = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  return [`${short}--${name}${value}`, `${option.description}${note}`];
}

function positionalRow(positional: ProgramPositional): Row {
  const note = positional.default === undefined ? "" : ` (default ${positional.default})`;
  return [positional.name, `${positional.description}${note}`];
}

function placeholder({ name, rest, required }: ProgramPositional): string {
  const text = rest ? `${name}...` : name;
  return required ? text : `[${text}]`;
}

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
