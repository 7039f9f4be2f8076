/** `npm run test:watch`, in a throwaway folder with the lab's own configuration. */
import { readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { labFolder } from "../notebook/support/lab-folder";
import { KERNEL_CHILD_DEADLINE_MS, startChild } from "../support/child";
import { REPOSITORY } from "./support";

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

it(
  "a saved notebook re-runs the tests of its changed programs, and a broken one recovers",
  TIMEOUT,
  async () => {
    const lab = await labFolder({ "01-both": notebook("1", "1") });
    await symlink(path.join(REPOSITORY, "node_modules"), lab.path("node_modules"));
    for (const folder of ["notebook", "kernel"]) {
      await symlink(path.join(REPOSITORY, "src", folder), lab.path(`src/${folder}`));
    }
    const support = ["global-setup", "kernel-setup", "file-setup", "end-of-file"];
    const supportFiles = support.map((name) => `test/support/${name}.ts`);
    for (const file of ["vitest.config.ts", "package.json", ...supportFiles]) {
      await lab.write(file, await readFile(path.join(REPOSITORY, file), "utf8"));
    }
    for (const name of ["one", "two"]) await lab.write(`test/${name}.test.ts`, testOf(name));

    const vitest = path.join(REPOSITORY, "node_modules/vitest/vitest.mjs");
    const child = startChild(process.execPath, [vitest, "--watch", "--no-color"], {
      cwd: lab.root,
      env: { CI: undefined, VITEST: undefined, TEST: undefined, NODE_ENV: undefined },
    });
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
