/** Prints the result of a check: what passed, and of the first failure what came, how to repeat it, and hints. */

import type { Notebook } from "../notebook/format";
import { wrapWords } from "../terminal/layout";
import type { Styles } from "../terminal/palette";
import type { CheckRequest } from "./check-request";
import { todosIn } from "./copies/solution-marks";
import type { CheckResult } from "./judging/check";
import type { Step } from "./judging/judge";
import { type NumberedStage, stageTitle } from "./judging/stages";
import type { StepFailure } from "./judging/step-failure";

const HINT_NAMES = ["A nudge", "An approach", "The call to use"] as const;
const NAME_COLUMNS = 12;
const MARGIN = "  ";

export interface TextOptions {
  /** The copy to edit; undefined for a server or a command. */
  readonly copy?: string | undefined;
  /** The command that opens the copy. */
  readonly open?: string | undefined;
  /** The stage of the step that failed. */
  readonly stage?: NumberedStage | undefined;
  /** How many hints to show. */
  readonly hints: number;
  /** How to get the next one: a command, or a key. */
  readonly hintWith: string;
  readonly styles: Styles;
  /** Where sentences are wrapped; commands never are, so that they can be copied. */
  readonly columns?: number | undefined;
}

export function passedLine(step: Pick<Step, "name">, styles: Styles): string {
  return `${styles.ok("✓")} ${step.name}`;
}

export interface PassedOptions {
  /** The criteria that are proved. */
  readonly proved: readonly string[];
  /** The copy that passed; undefined for a server or a command. */
  readonly copy: Notebook | undefined;
  /** What follows. */
  readonly next: string | undefined;
  readonly styles: Styles;
}

/** After the last step: what is proved, what is left in the copy, what goes beyond the part, and what is next. */
export function passedLines(
  { total }: CheckResult,
  { practice, server, command, further }: CheckRequest,
  { proved, copy, next, styles }: PassedOptions,
): string[] {
  const { judge } = practice;
  const beyond = judge.steps.filter((step) => step.further).length;
  const todos = (copy?.cells ?? []).flatMap(({ id, type, source }) =>
    type === "code" ? todosIn(source).map((todo) => `${id}: ${todo}`) : [],
  );
  const [todo, ...more] = todos;
  return [
    "",
    styles.ok(`All ${total} steps passed.`),
    ...(server
      ? ["A server is judged by its port alone: criteria are proved by your copy of the notebook."]
      : []),
    ...(command ? ["Criteria are proved by your copy of the notebook."] : []),
    ...proved.map((criterion) => `You have proved: ${criterion}.`),
    ...(todo
      ? [`Left as TODO: ${todo}${more.length > 0 ? ` (and ${more.length} more)` : ""}`]
      : []),
    ...(copy && beyond > 0 && !further
      ? [`Beyond the part: npm run check -- ${judge.part} --further (${beyond} more steps)`]
      : []),
    ...(next ? [`Next: ${next}`] : []),
  ];
}

/** @param cell the id of the cell to edit */
export function failureLines(
  failure: StepFailure,
  { passed, total }: CheckResult,
  cell: string | undefined,
  options: TextOptions,
): string[] {
  const { styles, copy, open } = options;
  const { step, what, transcript, start, replay } = failure;
  const commands: [name: string, text: string | undefined][] = [
    ["Start it", start],
    ["Do it again", replay],
    ["Edit", copy && `the cell ${cell} of ${copy}`],
    ["Open it", open],
  ];
  return [
    `${styles.error("✗")} ${styles.strong(step)}`,
    "",
    ...what.split("\n").flatMap((line) => sentence(line, options)),
    ...(transcript === "" ? [] : ["", ...transcriptLines(transcript, styles)]),
    "",
    ...commands
      .filter(([, text]) => text)
      .map(([name, text]) => `${MARGIN}${styles.muted(name.padEnd(NAME_COLUMNS))}${text}`),
    "",
    ...stageLines(options),
    ...hintLines(failure, options),
    "",
    `${passed.length} of ${total} steps passed.`,
  ];
}

function sentence(text: string, { columns }: TextOptions): string[] {
  const rows = columns === undefined ? [text] : wrapWords(text, columns - MARGIN.length);
  return rows.map((row) => MARGIN + row);
}

function transcriptLines(transcript: string, styles: Styles): string[] {
  return transcript.split("\n").map((line) => {
    const colour = line.startsWith(">")
      ? styles.accent
      : line.startsWith("<")
        ? styles.string
        : styles.muted;
    return `${MARGIN}${colour(line)}`;
  });
}

function stageLines({ stage, ...options }: TextOptions): string[] {
  if (!stage) return [];
  const { task, uses, cells } = stage;
  const where = `${cells.length > 1 ? "The cells" : "The cell"} ${cells.join(", ")}.`;
  return [
    `${MARGIN}${options.styles.strong(stageTitle(stage))}`,
    ...[task, where, `Uses: ${uses}`].flatMap((text) => sentence(text, options)),
    "",
  ];
}

function hintLines({ hints }: StepFailure, options: TextOptions): string[] {
  const { hints: shown, hintWith, styles } = options;
  const lines = hints
    .slice(0, shown)
    .flatMap((hint, at) => sentence(`${styles.accent(`${HINT_NAMES[at]}:`)} ${hint}`, options));
  const next = HINT_NAMES[shown];
  if (next === undefined) return lines;
  return [...lines, `${MARGIN}${styles.muted(`${next} for this failure: ${hintWith}`)}`];
}
