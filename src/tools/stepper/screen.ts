/** The screen for a state: the topmost view, a message, the bottom line. */
import { wrapWords } from "../terminal/layout";
import { barLine } from "./bar";
import type { Hint, Model, View } from "./model";
import type { PlainPage } from "./plain-printer";
import { stateText } from "./state-text";

const MAX_NOTICE_ROWS = 5;
const ALWAYS: readonly Hint[] = [
  ["?", "help"],
  ["q", "leave"],
];

/** A message above the bottom line. */
export interface Notice {
  readonly text: string;
  readonly kind: "info" | "error";
}

/** One row for each of the terminal's. */
export function screenRows(model: Model, view: View, notice: Notice | undefined): string[] {
  const { rows } = model.size;
  const said = noticeRows(model, notice).slice(0, rows);
  const room = rows - said.length;
  const all = view.rows(model).slice(0, rows);
  const shown = view.endCounts ? all.slice(Math.max(0, all.length - room)) : all.slice(0, room);
  const blank = Array<string>(Math.max(0, room - shown.length)).fill("");
  return [...shown, ...blank, ...said, bar(model, view)].slice(-(rows + 1));
}

/** The same for a terminal that can only add lines. */
export function plainPage(model: Model, view: View, notice: Notice | undefined): PlainPage {
  return { lines: view.text(model), notice: notice?.text ?? "", bar: bar(model, view) };
}

function noticeRows({ styles, size }: Model, notice: Notice | undefined): string[] {
  if (!notice) return [];
  const paint = notice.kind === "error" ? styles.error : styles.accent;
  const width = Math.max(1, size.columns - 4);
  const lines = notice.text.split("\n").flatMap((line) => wrapWords(line, width));
  return lines.slice(0, MAX_NOTICE_ROWS).map((line) => ` ${paint("▌")} ${paint(line)}`);
}

function bar(model: Model, view: View): string {
  const { styles, size, activity, kernel } = model;
  return barLine({
    styles,
    columns: size.columns,
    state: stateText(activity, kernel),
    busy: activity !== undefined,
    hints: view.hints(model),
    always: view.typing ? [] : ALWAYS.slice(view.isHelp ? 1 : 0),
    place: view.place?.(model) ?? "",
  });
}
