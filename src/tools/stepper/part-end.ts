/** The end of a part: what is done, and what comes next. */

import type { Part } from "../notebook/parts";
import { isCopy } from "./copies";
import type { Lesson } from "./lesson";
import { type Action, type Hint, type Model, notify } from "./model";

/** What Enter does at the end: the next part, the contents after the last one, a copy's check. */
export type Next = { readonly part: Part } | "contents" | "check";

export function nextAfter(lesson: Lesson, { parts }: Pick<Model, "parts">): Next {
  if (isCopy(lesson.file)) return "check";
  const part = parts[parts.findIndex(({ file }) => file === lesson.file) + 1];
  return part ? { part } : "contents";
}

export function endHints(lesson: Lesson, model: Model): readonly Hint[] {
  const next = nextAfter(lesson, model);
  if (next === "check") return [["Enter", "check"]];
  const enter = next === "contents" ? next : `Part ${next.part.number}`;
  return [
    ["Enter", enter],
    ["y", model.copies.copyOf(lesson) ? "your copy" : "practise"],
  ];
}

/** Says that the part is done, or what is left of it, and which keys lead on. */
export function tellEnd(lesson: Lesson, model: Model): Action {
  const next = nextAfter(lesson, model);
  const { number } = lesson.part;
  if (next === "check") {
    const left = lesson.todos();
    const todo = left.length === 0 ? "" : ` TODO is left in ${left.join(", ")}.`;
    return notify(`This is the end of your copy of Part ${number}.${todo} t checks it.`);
  }
  const missing = lesson.missingBefore(lesson.steps.length, model.kernel.generation).length;
  if (!lesson.isAtEnd) return notify("This is the end of the part. c shows the contents.");
  const done =
    missing === 0
      ? `Part ${number} done.`
      : `This is the end of Part ${number}; ${missing} of its ${lesson.total} cells have not run in this kernel.`;
  const on =
    next === "contents"
      ? "Enter shows the contents"
      : `Enter opens Part ${next.part.number}, ${next.part.title}`;
  return notify(`${done} ${on}; y opens a copy of your own to practise Part ${number} in.`);
}
