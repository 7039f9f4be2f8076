/** What keys in a part set going: running cells, editing them, looking at what they made. */
import { browserContent, openInBrowser } from "./browser";
import { editCell, undoEdit } from "./edit-cell";
import { editorCommand } from "./editor";
import type { Lesson, Step } from "./lesson";
import {
  type Action,
  type Actions,
  type Decision,
  type Model,
  notify,
  type Tools,
  type Work,
} from "./model";
import type { PartPage } from "./part-page";
import { extractCell, programView } from "./programs";
import { interrupt, runCell, runCells } from "./run-cells";

/** What is worked on. */
export interface Opened {
  readonly lesson: Lesson;
  readonly page: PartPage;
}

/** @param moveOn goes to the next step when the cell ran clean; `atEnd` says what then, where there is none */
export function run(
  { lesson, page }: Opened,
  cellId: string,
  { moveOn, atEnd }: { moveOn: boolean; atEnd: Decision },
): Work {
  const at = lesson.indexOf(cellId);
  const show = (model: Model): void => page.showResult(model, at);
  return running(page, show, async (tools, stopped) => {
    const before = lesson.step?.code?.source;
    const outcome = await runCell(tools, lesson, cellId, stopped);
    return (model) => {
      const said: Action[] = [];
      if (outcome === "moved") said.push(notify("That cell is no longer in the notebook."));
      else if (lesson.step?.code?.id === cellId && lesson.step.code.source !== before) {
        said.push(notify("The cell was changed on disk: what ran is what is there now."));
      }
      const next = outcome === "ok" && moveOn && lesson.at + 1 < lesson.steps.length;
      if (next) {
        lesson.goTo(lesson.at + 1);
        page.reveal(model, lesson.at - 1);
      } else show(model);
      if (outcome === "error") said.push(...adviceAboutAbove(lesson, model));
      const ended = outcome === "ok" && moveOn && (!next || !lesson.step?.code);
      return ended ? [...said, ...atEnd(model)] : said;
    };
  });
}

/**
 * Work that runs cells until Ctrl+C.
 * @param show shows what has run, where `work` throws
 */
function running(
  page: PartPage,
  show: (model: Model) => void,
  work: (tools: Tools, stopped: () => boolean) => Promise<Decision>,
): Work {
  let stopped = false;
  page.follow = true;
  return {
    type: "work",
    label: "running",
    stop(tools) {
      stopped = true;
      interrupt(tools);
    },
    work: (tools) =>
      work(tools, () => stopped).catch((error: unknown) => {
        tools.update(show);
        throw error;
      }),
  };
}

/** A cell that fails because those above have not run is no riddle. */
function adviceAboutAbove(lesson: Lesson, { kernel }: Model): Actions {
  const { length } = lesson.missingBefore(lesson.at, kernel.generation);
  if (length === 0) return [];
  const [cells, them] =
    length === 1 ? ["1 cell above has", "it"] : [`${length} cells above have`, "them"];
  return [notify(`${cells} not run in this kernel: a runs ${them}.`)];
}

/** Runs the cells above that this kernel has not run. */
export function runAbove({ lesson, page }: Opened, { kernel }: Model): Action {
  const missing = lesson.missingBefore(lesson.at, kernel.generation);
  const ids = missing.flatMap(({ code }) => (code ? [code.id] : []));
  if (ids.length === 0) return notify("All cells above have run in this kernel.");
  const show = (model: Model): void => {
    page.reveal(model);
    page.showResult(model, lesson.at);
  };
  return running(page, show, async (tools, stopped) => {
    const failed = await runCells(tools, lesson, ids, stopped);
    return (model) => {
      if (failed !== undefined) lesson.goTo(lesson.indexOf(failed));
      show(model);
      if (failed !== undefined) return [notify(`Stopped at ${failed}.`, "error")];
      return [notify(`Ran ${ids.length} ${ids.length === 1 ? "cell" : "cells"}.`)];
    };
  });
}

/** Opens the cell in the person's own editor. */
export function edit({ lesson, page }: Opened, env: NodeJS.ProcessEnv): Work {
  const editor = editorCommand(env).split(" ")[0];
  return {
    type: "work",
    label: `editing (${editor})`,
    async work(tools) {
      try {
        const told = await editCell(tools, lesson);
        return () => [notify(told)];
      } finally {
        tools.update((model) => page.reveal(model));
      }
    },
  };
}

/** Takes the last edit of the cell back. */
export function undo({ lesson }: Opened): Work {
  return {
    type: "work",
    label: "undoing",
    async work(tools) {
      const told = await undoEdit(tools, lesson);
      return () => [notify(told)];
    },
  };
}

/** Opens the drawing or page that a step has shown. */
export function browse({ lesson }: Opened, step: Step | undefined): Action {
  const id = step?.code?.id;
  const output = id === undefined ? undefined : lesson.run(id)?.output;
  const content = output && browserContent(output);
  if (id === undefined || !content) {
    return notify("There is no drawing or page in the output above.");
  }
  return {
    type: "work",
    label: "opening the browser",
    async work({ root, env }) {
      const told = await openInBrowser(root, lesson.file, id, content, env);
      return () => [notify(told)];
    },
  };
}

/** Shows the program of the cell, or else of the last one above it, or else the first of the part. */
export function showProgram({ lesson }: Opened): Action {
  const cells = lesson.programs();
  const above = cells.filter(({ id }) => lesson.indexOf(id) <= lesson.at).at(-1);
  const chosen = above ?? cells[0];
  if (!chosen) return notify("No cell of this part becomes a program.");
  const { program, id } = chosen;
  return {
    type: "work",
    label: `extracting ${program}`,
    async work({ root }) {
      const view = programView(await extractCell(root, lesson.file, program, id));
      return () => [{ type: "show", view }];
    },
  };
}
