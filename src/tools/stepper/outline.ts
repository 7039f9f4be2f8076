/** The headings and cells of a part, to jump to. */
import { safeText } from "../../program/safe-text";
import type { Lesson } from "./lesson";
import type { ListItem } from "./list-view";

const CELL_INDENT = 4;

/** A step, counted from 0, and what to show of it. */
export interface OutlinePlace {
  readonly step: number;
  readonly shows: "prose" | "code";
}

export function outline(lesson: Lesson): ListItem<OutlinePlace>[] {
  const items: ListItem<OutlinePlace>[] = [];
  const width = Math.max(0, ...lesson.steps.map(({ code }) => code?.id.length ?? 0));
  for (const { prose, code, index } of lesson.steps) {
    for (const { source } of prose) {
      for (const [, signs = "", text = ""] of safeText(source).matchAll(/^(#{1,3})\s+(.+)$/gm)) {
        const plain = text.replace(/[*`]/g, "");
        items.push({
          value: { step: index, shows: "prose" },
          text: plain,
          indent: signs.length - 1,
          heading: true,
        });
      }
    }
    if (!code) continue;
    const source = safeText(code.source);
    const first = source
      .split("\n")
      .find((line) => /\w/.test(line) && !/^\s*(?:\/\/|import\b)/.test(line));
    const number = String(index + 1).padStart(2);
    const text = `${number}  ${code.id.padEnd(width)}  ${(first ?? source).trim()}`;
    items.push({
      value: { step: index, shows: "code" },
      text,
      indent: CELL_INDENT,
      heading: false,
      name: code.id,
    });
  }
  return items;
}
