/** `npm run test:watch`, in a throwaway folder with the lab's own configuration. */
import { expect, it } from "vitest";
import { problemsIn } from "../../../scripts/workspace/problem-matcher";
import { matchersOf } from "../../../scripts/workspace/tasks";
import { KERNEL_CHILD_DEADLINE_MS } from "../../support/child";
import { labWithTests, startVitest } from "./support";

/** A vitest within a vitest, on a machine that does other things too. */
const TIMEOUT = { timeout: 3 * KERNEL_CHILD_DEADLINE_MS };

const notebook = (one: string, two: string): string => `%% code one-cell
/** @module one */
import { word } from "./part";
export const answer = ${one};
export const main = (): void => console.log("one says", answer, word);
%% code part-cell
/** @module part */
export const word = "word";
%% code two-cell
/** @module two */
export const answer = ${two};
export const main = (): void => console.log("two says", answer);
`;
const testOf = (name: string): string => `import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { answer } from "../dist/${name}";
it("${name} says what it exports", () => {
  const said = String(execFileSync("node", ["dist/${name}.mjs"]));
  expect(said).toContain(\`${name} says \${answer}\`);
  console.log(\`the test of ${name} saw \${answer}\`);
});
`;

const FAILING = `%% code thrower
/** @module thrower */
export function answer(): number {
  throw new TypeError("no answer");
}
export const ask = (): number => { const ü = "é"; return ü.length + answer(); };
export const main = (): void => void ask();
%% code broken-cell
/** @module broken */
export const x = = 3;
export const main = (): void => {};
`;
const FAILING_TESTS = {
  ask: `import { expect, it } from "vitest";
import { ask } from "../dist/thrower";
it("has an answer", () => { expect(ask()).toBe(42); });
it("counts", () => { expect(1).toBe(2); });
`,
  broken: 'import { x } from "../dist/broken";\nconsole.log(x);\n',
};

it(
  "failing tests lead to notebook, cell and line, also in VS Code; a saved notebook re-runs the tests of its changed programs, and a broken one recovers",
  TIMEOUT,
  async () => {
    const tests = { one: testOf("one"), two: testOf("two"), ...FAILING_TESTS };
    const notebooks = { "01-both": notebook("1", "1"), "02-failing": FAILING };
    const lab = await labWithTests(notebooks, tests);
    const child = startVitest(lab, ["--watch", "--no-color", "--maxWorkers=1"]);
    let seen = 0;
    /** What is written until vitest waits again, from the last time on. */
    const round = (): Promise<string> =>
      child.until(
        () => {
          const fresh = child.stdout.slice(seen);
          const end = /(?:Waiting|Watching) for file changes/.exec(fresh);
          if (!end) return undefined;
          seen += end.index + end[0].length;
          return fresh;
        },
        "that it waits for changes",
        KERNEL_CHILD_DEADLINE_MS,
      );

    const first = await round();
    expect(first).toContain("the test of one saw 1");
    expect(first).toContain("the test of two saw 1");
    const file = "notebooks/02-failing.ipynb";
    const wrong = { file, line: 2, column: 18, message: 'broken-cell:2:18: Unexpected "="' };
    expect(problemsIn(`${child.stderr}${first}`, await matchersOf("test"))).toEqual([
      wrong, // when the programs are extracted, and by the test that imports it
      { file: "test/broken.test.ts", message: "[ test/broken.test.ts ]" },
      wrong,
      { file: "test/ask.test.ts", message: "has an answer" },
      { file, line: 3, column: 9, message: "TypeError: no answer" },
      { file, line: 5, column: 69, message: "thrower:5:69" },
      { file: "test/ask.test.ts", message: "counts" },
    ]);

    await lab.notebook("01-both", notebook("1", "22"));
    const second = await round();
    expect(second).toContain("the test of two saw 22");
    expect(second).not.toContain("the test of one");

    await lab.notebook("01-both", notebook("=", "22"));
    const broken = await round();
    expect(broken + child.stderr).toMatch(
      /notebooks\/01-both\.ipynb#one-cell:3:\d+: Unexpected "="/,
    );

    await lab.notebook("01-both", notebook("333", "22"));
    const mended = await round();
    expect(mended).toContain("the test of one saw 333");
    expect(mended).not.toContain("the test of two");

    await lab.notebook("01-both", notebook("333", "22").replace('"word"', '"another word"'));
    const imported = await round();
    expect(imported).toContain("the test of one saw 333");
    expect(imported).not.toContain("the test of two");
  },
);
