/** The check of the learner's copy: steps up to the first that fails, and the way to the cell that it is about. */
import type { Part } from "../notebook/parts";
import { wrapCode } from "../terminal/layout";
import type { Actions, Decision, Hint, Model, Work } from "./model";
import { notify } from "./model";
import { type TextContent, TextView } from "./text-view";

/** Goes to the cell that a failed step names. */
type GoTo = (cell: string, model: Model) => Actions;

/** Opens a view that checks the copy. */
export async function openCheck(part: Part, goTo: GoTo): Promise<Decision> {
  const [{ findJudge }, { practiceOf }, { runCheck }] = await Promise.all([
    import("../practice/judges/all"),
    import("../practice/copies/copies"),
    import("../practice/check-command"),
  ]);
  const judge = findJudge(part.file);
  if (!judge) return () => [notify(`Nothing judges ${part.file}.`)];
  const check = new CopyCheck(part, goTo, async (root, request, output) =>
    runCheck(root, { ...request, practice: await practiceOf(root, judge) }, output),
  );
  return ({ styles }) => [{ type: "show", view: new TextView(check) }, check.run(styles)];
}

type RunCheck = typeof import("../practice/check-command").runCheck;
type Check = (
  root: string,
  request: Omit<Parameters<RunCheck>[1], "practice">,
  output: Parameters<RunCheck>[2],
) => ReturnType<RunCheck>;

class CopyCheck implements TextContent {
  readonly title: string;
  readonly aside: string;
  readonly #goTo: GoTo;
  readonly #check: Check;
  #lines: string[] = [];
  /** The cell that a failed step names. */
  #cell: string | undefined;

  constructor(part: Part, goTo: GoTo, check: Check) {
    this.title = `Check of Part ${part.number}`;
    this.aside = part.file;
    this.#goTo = goTo;
    this.#check = check;
  }

  get hints(): readonly Hint[] {
    return [
      ...(this.#cell === undefined ? [] : [["Enter", `go to ${this.#cell}`] as const]),
      ["t", "check again"],
      ["h", "a hint"],
    ];
  }

  lines: TextContent["lines"] = (columns) => this.#lines.flatMap((line) => wrapCode(line, columns));

  key: TextContent["key"] = (name, model) => {
    if (name === "t") return [this.run(model.styles)];
    if (name === "h") return [this.run(model.styles, true)];
    if (name !== "enter" || this.#cell === undefined) return undefined;
    return [{ type: "back" }, ...this.#goTo(this.#cell, model)];
  };

  run(styles: Model["styles"], hint = false): Work {
    const controller = new AbortController();
    const { signal } = controller;
    return {
      type: "work",
      label: "checking",
      stop: () => controller.abort(),
      work: async ({ root, update }) => {
        this.#lines = [];
        this.#cell = undefined;
        const print = (text: string): void =>
          update(() => void this.#lines.push(...text.split("\n")));
        try {
          const request = { hint, hintWith: "h", signal };
          ({ cell: this.#cell } = await this.#check(root, request, { print, styles }));
        } catch (error) {
          if (!signal.aborted) throw error;
          print("The check was stopped.");
        }
        return () => [{ type: "refresh" }];
      },
    };
  }
}
