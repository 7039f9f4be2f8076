/** A part as steps, and as a page. */
import { describe, expect, it } from "vitest";
import { readNotebook } from "../../../src/tools/notebook/files";
import { Lesson } from "../../../src/tools/stepper/lesson";
import { LessonLayout } from "../../../src/tools/stepper/lesson-layout";
import { outline } from "../../../src/tools/stepper/outline";
import { visibleLines } from "../../../src/tools/stepper/solution-fold";
import { stylesFor } from "../../../src/tools/terminal/palette";
import { FILE, smallLab, TWO } from "./support/small-lab";

describe("a part in steps", () => {
  it("leads from prose to code, not beyond its ends, and keeps its place when cells come and go", async () => {
    const folder = await smallLab();
    const lesson = new Lesson(await readNotebook(folder.root, FILE));
    lesson.goTo(-1);
    expect([lesson.at, lesson.step?.code?.id]).toEqual([0, "one"]);
    lesson.goTo(9);
    expect([lesson.at, lesson.step?.code?.id, lesson.total]).toEqual([2, undefined, 2]);
    lesson.goTo(1);
    await folder.notebook("02-second", TWO.replace("%% code one", "%% code zero\n0\n%% code one"));
    expect(lesson.replace(await readNotebook(folder.root, FILE))).toEqual(["zero"]);
    expect([lesson.at, lesson.step?.code?.id, lesson.reached]).toEqual([2, "program", 3]);
  });

  it("frames the step that one is at, and shows a cell as it is now", async () => {
    const folder = await smallLab();
    const lesson = new Lesson(await readNotebook(folder.root, FILE));
    const styles = stylesFor({ depth: 0, background: undefined }, false);
    const layout = new LessonLayout();
    const code = (): string[] => {
      const look = { columns: 60, styles, generation: 1, now: 0, edited: new Set<string>() };
      const none = new Set<string>();
      const page = layout.page(lesson, { ...look, open: none, stacks: none, ran: {} }, 1);
      return page.lines
        .filter((line) => /^ {2}(?:\d [│┃]|[▶·])/.test(line))
        .map((line) => line.trim());
    };
    const header = (mark: string, name: string) => expect.stringMatching(`^${mark} ${name} ─+$`);
    expect(code()).toEqual([
      header("▶", "1/2 one"),
      "1 ┃ const a = 1;",
      header("·", "2/2 program"),
      "1 │ /** @module tcp_server */",
      "2 │ export const b = 2;",
    ]);
    lesson.goTo(1);
    await folder.notebook("02-second", TWO.replace("a = 1", "a = 7"));
    lesson.replace(await readNotebook(folder.root, FILE));
    expect(code()).toEqual([
      header("·", "1/2 one"),
      "1 │ const a = 7;",
      header("▶", "2/2 program"),
      "1 ┃ /** @module tcp_server */",
      "2 ┃ export const b = 2;",
    ]);
  });

  it("has an outline of headings and cells", async () => {
    const lesson = new Lesson(await readNotebook((await smallLab()).root, FILE));
    expect(outline(lesson).map(({ text }) => text)).toEqual([
      "Part 2: The second",
      " 1  one      const a = 1;",
      " 2  program  /** @module tcp_server */",
    ]);
  });
});

describe("an exercise", () => {
  const SOURCE = `const a = 1;
function f(): number {
  // ### BEGIN SOLUTION add one
  // STUB return 0;
  return a + 1;
  // ### END SOLUTION
}`;
  const shown = (solved: boolean): string[] =>
    visibleLines(SOURCE, SOURCE.split("\n"), solved).map((line) =>
      "fold" in line ? line.fold : `${line.number} ${line.text}`,
    );

  it("is shown without its solution, and says what is to be written", () => {
    expect(shown(false)).toEqual([
      "1 const a = 1;",
      "2 function f(): number {",
      "  ⋯ add one (1 line · x shows the solution)",
      "7 }",
    ]);
  });

  it("is shown with it, but never with marks and stubs, when that was asked for", () => {
    expect(shown(true)).toEqual([
      "1 const a = 1;",
      "2 function f(): number {",
      "5   return a + 1;",
      "7 }",
    ]);
  });
});
