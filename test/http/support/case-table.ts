/** Reads the case tables in test/http/cases: see the README there for what they say. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Case {
  /** File, section and, in a table, the row. */
  readonly name: string;
  readonly bytes: Buffer;
  /** The events in full, or undefined where only a verdict is given. */
  readonly events?: readonly string[];
  /** How many requests are accepted before the error, or before the end. */
  readonly accepted: number;
  /** Status, code and section of the error, if there is one. */
  readonly error?: { readonly status: number; readonly code: string; readonly section: string };
  /** Status of the last accepted request, and whether it closes, where the table says so. */
  readonly answer?: { readonly status: number; readonly close: boolean };
}

const FOLDER = join(__dirname, "..", "cases");

export function readCases(): Case[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d.*\.md$/.test(file))
    .sort()
    .flatMap((file) => casesOf(file, readFileSync(join(FOLDER, file), "utf8")));
}

function casesOf(file: string, text: string): Case[] {
  const cases: Case[] = [];
  const lines = text.split("\n");
  let title = "";
  let template: string | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    const where = () => `${file}:${at + 1}`;
    if (line.startsWith("#")) title = line.replace(/^#+ /, "");
    else if (line === "```http" || line === "```events") {
      const end = lines.indexOf("```", at + 1);
      const block = lines.slice(at + 1, end);
      at = end;
      if (line === "```http") template = block.join("");
      else cases.push(caseOfEvents(`${file}: ${title}`, required(template, where()), block));
    } else if (line.startsWith("| `")) {
      const cells = line.split("|").map((cell) => cell.trim());
      const filler = cells[1].replace(/^`|`$/g, "");
      const bytes = required(template, where()).replace("{}", () => filler);
      cases.push(caseOfRow(`${file}: ${title}: ${filler}`, bytes, cells[2], cells[3], where()));
    }
  }
  return cases;
}

function caseOfEvents(name: string, text: string, events: string[]): Case {
  const failed = /^error (\S+) (\d+) (.*)$/.exec(events.at(-1) ?? "");
  return {
    name,
    bytes: unescapeBytes(text),
    events,
    accepted: events.filter((event) => event === "end").length,
    error: failed ? { code: failed[1], status: Number(failed[2]), section: failed[3] } : undefined,
  };
}

function caseOfRow(name: string, text: string, verdict: string, why: string, where: string): Case {
  const match =
    /^(accepted)?(?:; (\d+)( close)?)?(?: then )?(?:(\d+) ([A-Z0-9_]+))?$/.exec(verdict) ?? [];
  const [, accepted, status, close, errorStatus, code] = match;
  if (!accepted && !code) throw new Error(`${where}: no verdict in ${JSON.stringify(verdict)}`);
  const section = /RFC \d+, [0-9.]*\d(?= lets| has| allows| says|[:;]|$)/g;
  const sections = why.match(section) ?? [];
  if (code && sections.length === 0) throw new Error(`${where}: no section in ${why}`);
  return {
    name: name.length > 160 ? `${name.slice(0, 160)}...` : name,
    bytes: unescapeBytes(text),
    accepted: accepted ? 1 : 0,
    error: code ? { code, status: Number(errorStatus), section: sections.join(" ") } : undefined,
    answer: status ? { status: Number(status), close: Boolean(close) } : undefined,
  };
}

function required(template: string | undefined, where: string): string {
  if (template === undefined) throw new Error(`${where}: no http block comes before this`);
  return template;
}

/** The bytes that a block shows: escapes as in C, and `\{text*count}` for a repetition. */
export function unescapeBytes(text: string): Buffer {
  let expanded = text;
  const repetition = /\\\{((?:(?!\\\{)[^}])*)\*(\d+)\}/;
  while (repetition.test(expanded)) {
    expanded = expanded.replace(repetition, (_, unit: string, count: string) =>
      unit.repeat(Number(count)),
    );
  }
  const plain = expanded.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, code: string) => {
    if (code[0] === "x") return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const meaning = { r: "\r", n: "\n", t: "\t", "0": "\0", "\\": "\\" }[code];
    if (meaning === undefined) throw new Error(`no such escape: \\${code}`);
    return meaning;
  });
  return Buffer.from(plain, "latin1");
}

/** The reverse, for showing bytes. */
export function escapeBytes(bytes: Buffer | string): string {
  const text = typeof bytes === "string" ? bytes : bytes.toString("latin1");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be shown
  return text.replace(/[\\\x00-\x1f\x7f-\xff]/g, (character) => {
    const short = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\\": "\\\\" }[character];
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
