/** The check of the learner's copy: steps up to the first that fails, and the way to the cell that it is about. */

import type { Part } from "../notebook/parts";
import { wrapCode } from "../terminal/layout";
import type { AppContext } from "./context";
import { TextView } from "./text-view";
import type { Hint } from "./view";

/** Opens a view that checks the copy; Enter there goes to the cell that a failed step names. */
export async function showCheck(
  app: AppContext,
  part: Part,
  goTo: (cell: string) => void,
): Promise<void> {
  const [{ findJudge }, { practiceOf }, { runCheck }] = await Promise.all([
    import("../practice/judges/all"),
    import("../practice/copies/copies"),
    import("../practice/check-command"),
  ]);
  const judge = findJudge(part.file);
  if (!judge) {
    app.notify(`Nothing judges ${part.file}.`);
    return;
  }
  let lines: string[] = [];
  let cell: string | undefined;
  const print = (line: string): void => {
    lines.push(...line.split("\n"));
    app.redraw();
  };
  const run = async (hint = false): Promise<void> => {
    const controller = new AbortController();
    const { signal } = controller;
    await app.during({ label: "checking", stop: () => controller.abort() }, async () => {
      lines = [];
      cell = undefined;
      try {
        const practice = await practiceOf(app.root, judge);
        const request = { practice, hint, hintWith: "h", signal };
        ({ cell } = await runCheck(app.root, request, { print, styles: app.styles }));
      } catch (error) {
        if (!signal.aborted) throw error;
        print("The check was stopped.");
      }
    });
    await app.shelfChanged();
  };
  const hints = (): Hint[] => [
    ...(cell === undefined ? [] : [["Enter", `go to ${cell}`] as const]),
    ["t", "check again"],
    ["h", "a hint"],
  ];
  const view: TextView = new TextView(app, {
    title: `Check of Part ${part.number}`,
    aside: part.file,
    lines: (columns) => lines.flatMap((line) => wrapCode(line, columns)),
    get hints() {
      return hints();
    },
    key: (name) => {
      if (name === "t") void run();
      else if (name === "h") void run(true);
      else if (name === "enter" && cell !== undefined) {
        app.pop();
        goTo(cell);
      } else return false;
      return true;
    },
  });
  app.push(view);
  await run();
}
