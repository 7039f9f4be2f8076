/** The keys that mean something where one is in a part, the most useful first. */
import { browserContent } from "./browser";
import { isCopy } from "./copies";
import type { Lesson } from "./lesson";
import type { Hint, Model } from "./model";
import type { PartPage } from "./part-page";
import { hasSolution } from "./solution-fold";

export function partHints(
  lesson: Lesson,
  page: PartPage,
  model: Model,
  atEnd: readonly Hint[],
): readonly Hint[] {
  const { activity, kernel } = model;
  if (activity) {
    const stop = kernel.interrupting ? "restart the kernel" : "interrupt";
    return [...(activity.stop ? [["Ctrl+C", stop] as const] : []), ["↑↓", "scroll"]];
  }
  const { code } = lesson.step ?? {};
  const output = lesson.outputStep();
  const id = output?.code?.id ?? "";
  const run = lesson.run(id);
  const hints: Hint[] = [];
  if (!page.isRead(model)) hints.push(["Enter", "read on"]);
  else if (atEnd.length > 0) hints.push(...atEnd);
  else if (code) hints.push(["Enter", "run"]);
  if (run?.output.failure && !page.stacks.has(id)) hints.push(["s", "stack"]);
  if (page.folds(output)) hints.push(["f", page.unfolded.has(id) ? "fold" : "unfold"]);
  if (run && browserContent(run.output)) hints.push(["o", "browser"]);
  const missing = lesson.missingBefore(lesson.at, kernel.generation);
  if (code && missing.length > 0) hints.push(["a", "run above"]);
  if (code && hasSolution(code.source) && !page.showsSolution(code.id, model)) {
    hints.push(["x", "solution"]);
  }
  hints.push(["n", "next"], ["b", "back"]);
  if (code) hints.push(["e", "edit"]);
  hints.push(["c", "contents"], ["g", "jump"], ["r", "again"], ["/", "search"]);
  if (code) hints.push(["u", "undo"], ["p", "program"]);
  hints.push(["t", isCopy(lesson.file) ? "check" : "tests"], ["R", "restart"]);
  return hints;
}
