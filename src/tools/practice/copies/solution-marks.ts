/**
 * Solutions in cells are marked as nbgrader marks them (its ClearSolutions preprocessor): the lines between
 * `### BEGIN SOLUTION` and `### END SOLUTION` are the learner's to write. A blank copy has a stub there.
 *
 *     // ### BEGIN SOLUTION receive until the empty line
 *     ...
 *     // ### END SOLUTION
 *
 * becomes a comment `TODO: receive until the empty line` and a statement that throws it. Where a statement does
 * not fit, the region's `// STUB` lines stand in its place: `// STUB return [];`.
 */
import { NotebookError, type NotebookPlace } from "../../notebook/errors";

export const BEGIN_SOLUTION = "### BEGIN SOLUTION";
export const END_SOLUTION = "### END SOLUTION";
const STUB_LINE = /^(\s*)\/\/ STUB ?(.*)$/;

/** True for a line that only the copies need: a mark or a stub. */
export function isMark(line: string): boolean {
  return line.includes(BEGIN_SOLUTION) || line.includes(END_SOLUTION) || STUB_LINE.test(line);
}

/** A cell's source as a reader sees it. */
export function withoutMarks(source: string): string {
  return source
    .split("\n")
    .filter((line) => !isMark(line))
    .join("\n");
}

/** The TODO that a stub begins with. */
const TODO_LINE = /^\s*\/\/ TODO: (.+)$/;

/** What the stubs of a cell still ask for. */
export function todosIn(source: string): string[] {
  return source.split("\n").flatMap((line) => TODO_LINE.exec(line)?.[1] ?? []);
}

/** A marked region of a cell: lines are counted from 0, `end` is the line of its end mark. */
export interface Region {
  readonly begin: number;
  readonly end: number;
  /** What is to be done there, as the begin mark says it. */
  readonly todo: string;
}

/** @throws {NotebookError} a mark without its partner, one region in another, or a region that says nothing */
export function solutionRegions(source: string, place: NotebookPlace): Region[] {
  const regions: Region[] = [];
  let open: { begin: number; todo: string } | undefined;
  const wrong = (line: number, reason: string): never => {
    throw new NotebookError({ ...place, line: line + 1 }, reason);
  };
  for (const [i, line] of source.split("\n").entries()) {
    if (line.includes(BEGIN_SOLUTION)) {
      if (open) wrong(i, `a solution begins within the one of line ${open.begin + 1}`);
      const todo = line.slice(line.indexOf(BEGIN_SOLUTION) + BEGIN_SOLUTION.length).trim();
      if (todo === "") wrong(i, `"${BEGIN_SOLUTION}" needs a few words: what is to be done there`);
      open = { begin: i, todo };
    } else if (line.includes(END_SOLUTION)) {
      if (!open) return wrong(i, `"${END_SOLUTION}" without a beginning`);
      regions.push({ ...open, end: i });
      open = undefined;
    }
  }
  if (open) wrong(open.begin, `"${BEGIN_SOLUTION}" without its "${END_SOLUTION}"`);
  return regions;
}

/**
 * The cell with stubs in place of its solutions.
 * @param keep tells which regions stay as they are, by their order in the cell; none by default
 * @throws {NotebookError} as `solutionRegions`
 */
export function blankSource(
  source: string,
  place: NotebookPlace,
  keep: (index: number) => boolean = () => false,
): string {
  const lines = source.split("\n");
  const regions = solutionRegions(source, place);
  for (const [index, region] of [...regions.entries()].reverse()) {
    if (keep(index)) continue;
    lines.splice(region.begin, region.end - region.begin + 1, ...stub(lines, region, place));
  }
  return lines.join("\n");
}

function stub(lines: readonly string[], region: Region, { cell }: NotebookPlace): string[] {
  const indent = /^\s*/.exec(lines[region.begin] ?? "")?.[0] ?? "";
  const own = lines.slice(region.begin + 1, region.end).flatMap((line) => {
    const [, before, code] = STUB_LINE.exec(line) ?? [];
    return code === undefined ? [] : [`${before}${code}`.trimEnd()];
  });
  const todo = `TODO: ${region.todo}`;
  const thrown = `${indent}throw new Error(${JSON.stringify(`${todo} (cell ${cell})`)});`;
  return [`${indent}// ${todo}`, ...(own.length > 0 ? own : [thrown])];
}
