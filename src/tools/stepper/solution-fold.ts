/** A cell's code without its solution: the lab shows that when it is asked for, or when the learner's own has passed. */
import { BEGIN_SOLUTION, isMark, solutionRegions } from "../practice/copies/solution-marks";

/** A line of a cell, counted from 1, or what stands for the lines of a solution. */
export type CodeLine =
  | { readonly number: number; readonly text: string }
  | { readonly fold: string };

export function hasSolution(source: string): boolean {
  return source.includes(BEGIN_SOLUTION);
}

/**
 * The lines to show. Marks and stubs are never among them; line numbers stay those of the cell.
 * @param lines the source's lines, painted
 * @param shown true for the whole solution
 */
export function visibleLines(source: string, lines: readonly string[], shown: boolean): CodeLine[] {
  const all = lines.map((text, at) => ({ number: at + 1, text }));
  if (!hasSolution(source)) return all;
  const plain = source.split("\n");
  const visible = (at: number): boolean => !isMark(plain[at] ?? "");
  if (shown) return all.filter((_line, at) => visible(at));
  const regions = regionsOf(source);
  return all.flatMap((line, at): CodeLine[] => {
    const region = regions.find(({ begin, end }) => begin <= at && at <= end);
    if (!region) return visible(at) ? [line] : [];
    if (at !== region.begin) return [];
    const inside = plain.slice(region.begin + 1, region.end).filter((text) => !isMark(text));
    const indent = /^\s*/.exec(plain[at] ?? "")?.[0] ?? "";
    const count = inside.length === 1 ? "1 line" : `${inside.length} lines`;
    return [{ fold: `${indent}⋯ ${region.todo} (${count} · x shows the solution)` }];
  });
}

/** None where the marks are wrong: then all is shown. */
function regionsOf(source: string): ReturnType<typeof solutionRegions> {
  try {
    return solutionRegions(source, { file: "" });
  } catch {
    return [];
  }
}
