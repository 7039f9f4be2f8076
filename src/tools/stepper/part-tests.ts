/** The view of a part's tests: runs them, shows what they say, and keeps their verdict with the progress. */
import { safeOutput } from "../../program/safe-text";
import { type Part, programsHash } from "../notebook/parts";
import { wrapAnywhere, wrapWords } from "../terminal/layout";
import { type Decision, notify, type Tools, type Work } from "./model";
import { runTests, testFilesOf } from "./run-tests";
import { countsOf, type FileVerdict, type TestFile, verdictLines } from "./test-verdicts";
import { type TextContent, TextView } from "./text-view";

/** Opens a view that runs the part's tests. */
export async function openTests(
  { root }: Tools,
  part: Part,
  parts: readonly Part[],
): Promise<Decision> {
  const files = await testFilesOf(root, part, parts);
  if (files.length === 0) {
    return () => [notify(`Part ${part.number} has no programs, and so no tests of them.`)];
  }
  const tests = new PartTests(part, files);
  return () => [{ type: "show", view: new TextView(tests) }, tests.run()];
}

class PartTests implements TextContent {
  readonly title: string;
  readonly aside: string;
  readonly hints = [
    ["t", "run them again"],
    ["s", "stacks"],
  ] as const;
  readonly #part: Part;
  readonly #files: readonly TestFile[];
  #verdicts: readonly FileVerdict[] | undefined;
  #failure: string | undefined;
  #stacks = false;

  constructor(part: Part, files: readonly TestFile[]) {
    this.title = `Tests of Part ${part.number}`;
    this.aside = part.title;
    this.#part = part;
    this.#files = files;
  }

  lines: TextContent["lines"] = (columns, { styles }) => {
    if (this.#failure !== undefined) {
      const said = safeOutput(this.#failure, false).split("\n");
      return said.flatMap((line) => wrapAnywhere(line, columns));
    }
    if (this.#verdicts) {
      const look = { file: this.#part.file, columns, styles, stacks: this.#stacks };
      return verdictLines(this.#verdicts, look);
    }
    const programs = new Set(this.#files.map(({ program, cell }) => `${program} (cell ${cell})`));
    return wrapWords(`Testing ${[...programs].join(", ")} as the cells are now …`, columns);
  };

  key: TextContent["key"] = (name) => {
    if (name === "t") return [this.run()];
    if (name !== "s") return undefined;
    this.#stacks = !this.#stacks;
    return [];
  };

  run(): Work {
    const controller = new AbortController();
    return {
      type: "work",
      label: "testing",
      stop: () => controller.abort(),
      work: async (tools) => {
        this.#verdicts = undefined;
        this.#failure = undefined;
        try {
          this.#verdicts = await runTests(tools, this.#files, controller.signal);
        } catch (error) {
          this.#failure = error instanceof Error ? error.message : String(error);
          return undefined;
        }
        const at = new Date().toISOString();
        const tests = { ...countsOf(this.#verdicts), at, programs: programsHash(this.#part) };
        await tools.store.updatePart(this.#part.file, (progress) => ({ ...progress, tests }));
        return undefined;
      },
    };
  }
}
