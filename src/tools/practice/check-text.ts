/** What `npm run check` prints. */
import { wrapWords } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import type { CheckResult, Failure } from "./judging/check";
import type { Step } from "./judging/judge";

/** The port of commands that a person types; the one that was used has gone with the program. */
const REPLAY_PORT = 8000;
const HINT_NAMES = ["A nudge", "An approach", "The call to use"] as const;

export interface TextOptions {
  /** What to edit; undefined for a server that runs elsewhere. */
  readonly edit?: { readonly copy: string; readonly cell: string };
  /** The command that opens the copy. */
  readonly open?: string;
  /** How many hints to show. */
  readonly hints: number;
  /** How to get the next one: a command, or a key. */
  readonly hintWith: string;
  readonly styles: Styles;
  /** Where sentences are wrapped; commands never are, so that they can be copied. */
  readonly columns?: number;
}

export function passedLine(step: Pick<Step, "name">, styles: Styles): string {
  return `${styles.ok("✓")} ${step.name}`;
}

/** From the step that failed to the count. */
export function failureLines(
  failure: Failure,
  result: CheckResult,
  options: TextOptions,
): string[] {
  const { styles } = options;
  const { report, step } = failure;
  const lines = [`${styles.error("✗")} ${styles.strong(step.name)}`, ""];
  for (const line of report.what.split("\n")) lines.push(...sentence(line, options));
  if (report.transcript) {
    lines.push("");
    for (const line of report.transcript.split("\n")) {
      lines.push(`${MARGIN}${paintOf(line, styles)(line)}`);
    }
  }
  lines.push("");
  for (const [name, text] of facts(failure, options)) {
    lines.push(`${MARGIN}${styles.muted(name.padEnd(NAME_COLUMNS))}${text}`);
  }
  lines.push("", ...hintLines(report.hints, options));
  lines.push("", `${result.passed.length} of ${result.total} steps passed.`);
  return lines;
}

const NAME_COLUMNS = 12;
const MARGIN = "  ";

function sentence(text: string, { columns }: TextOptions): string[] {
  const rows = columns === undefined ? [text] : wrapWords(text, columns - MARGIN.length);
  return rows.map((row) => MARGIN + row);
}

function facts(
  { report, program }: Failure,
  { edit, open }: TextOptions,
): [name: string, text: string][] {
  const found: [string, string][] = [];
  const { replay } = report;
  if (replay !== undefined && program?.port !== undefined) {
    const args = program.args
      .join(" ")
      .replace(/--port \d+/, `--port ${REPLAY_PORT}`)
      // The check's own folder has gone with it.
      .replace(/socket-lab-check-\w+/g, "socket-lab-check");
    const port = new RegExp(`([: ])${program.port}\\b`, "g");
    found.push(["Start it", `npm run program -- practice/${program.name} ${args}`]);
    found.push(["Do it again", replay.replace(port, `$1${REPLAY_PORT}`)]);
  } else if (replay !== undefined) found.push(["Do it again", replay]);
  if (edit) found.push(["Edit", `the cell ${edit.cell} of ${edit.copy}`]);
  if (open) found.push(["Open it", open]);
  return found;
}

function hintLines(hints: readonly string[], options: TextOptions): string[] {
  const { hints: shown, hintWith, styles } = options;
  const lines = hints
    .slice(0, shown)
    .flatMap((hint, at) => sentence(`${styles.accent(`${HINT_NAMES[at]}:`)} ${hint}`, options));
  const next = HINT_NAMES[shown];
  if (next !== undefined) {
    lines.push(`${MARGIN}${styles.muted(`${next} for this failure: ${hintWith}`)}`);
  }
  return lines;
}

function paintOf(line: string, styles: Styles): (text: string) => string {
  if (line.startsWith(">")) return styles.accent;
  if (line.startsWith("<")) return styles.string;
  return styles.muted;
}
