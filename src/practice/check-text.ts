/** What `npm run check` prints. */
import type { Styles } from "../stepper/palette";
import type { CheckResult, Failure } from "./check";
import type { Practice } from "./copies";
import type { Step } from "./judge";

/** The port of commands that a person types; the one that was used has gone with the program. */
const REPLAY_PORT = 8000;
const HINT_NAMES = ["A nudge", "An approach", "The call to use"] as const;

export interface TextOptions {
  readonly practice: Practice;
  /** Whether the copy is judged, and not a server or a command. */
  readonly isCopy: boolean;
  readonly styles: Styles;
  /** The name of the failing step's module cell, if the copy has it: its id. */
  readonly cellOf?: (module: string) => string | undefined;
  /** How many hints to show. */
  readonly hints: number;
  /** How the check was called, for what to call next: `npm run check -- 06`. */
  readonly command: string;
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
  const add = (text: string, paint = (line: string) => line): void => {
    for (const line of text.split("\n")) lines.push(line === "" ? "" : `  ${paint(line)}`);
  };
  add(report.what);
  if (report.transcript) {
    lines.push("");
    for (const line of report.transcript.split("\n")) add(line, paintOf(line, styles));
  }
  lines.push("");
  for (const [name, text] of facts(failure, options)) {
    add(`${styles.muted(name.padEnd(NAME_COLUMNS))}${text}`);
  }
  lines.push("", ...hintLines(report.hints, options));
  lines.push("", `${result.passed.length} of ${result.total} steps passed.`);
  return lines;
}

const NAME_COLUMNS = 12;

function facts(failure: Failure, options: TextOptions): [name: string, text: string][] {
  const { practice, isCopy, cellOf } = options;
  const { report, step, program } = failure;
  const found: [string, string][] = [];
  const { replay } = report;
  if (replay !== undefined && program?.port !== undefined) {
    const args = program.args.join(" ").replace(/--port \d+/, `--port ${REPLAY_PORT}`);
    const port = new RegExp(`([: ])${program.port}\\b`, "g");
    found.push(["Start it", `npm run program -- practice/${program.name} ${args}`]);
    found.push(["Do it again", replay.replace(port, `$1${REPLAY_PORT}`)]);
  } else if (replay !== undefined) found.push(["Do it again", replay]);
  if (isCopy) {
    const module = report.edit ?? step.edit;
    const cell = failure.cell ?? cellOf?.(module) ?? module;
    found.push(["Edit", `the cell ${cell} of ${practice.copy}`]);
    found.push(["Open it", `npm start -- practice/${practice.judge.part}`]);
  }
  return found;
}

function hintLines(
  hints: readonly string[],
  { hints: shown, command, styles }: TextOptions,
): string[] {
  const lines = hints
    .slice(0, shown)
    .map((hint, at) => `  ${styles.accent(`${HINT_NAMES[at]}:`)} ${hint}`);
  const next = HINT_NAMES[shown];
  if (next !== undefined) {
    const text = `${next} for this failure: ${command} --hint`;
    lines.push(`  ${styles.muted(text)}`);
  }
  return lines;
}

function paintOf(line: string, styles: Styles): (text: string) => string {
  if (line.startsWith(">")) return styles.accent;
  if (line.startsWith("<")) return styles.string;
  return styles.muted;
}
