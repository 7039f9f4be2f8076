// What .vscode holds is what the lab has: scripts, programs, and what failing tests really print.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { labWithTests, startVitest } from "../commands/support";
import { labFolder } from "../notebook/support/lab-folder";
import { extracted, SERVER } from "../program/support/extracted";
import { KERNEL_CHILD_DEADLINE_MS, startChild } from "../support/child";
import { REPOSITORY, readJsonc } from "./support/jsonc";
import { problemsIn } from "./support/problem-matcher";
import { type Launch, matchersOf, tasks } from "./support/tasks";

/** The npm script that a command runs, or undefined. */
function scriptOf(command: string): string | undefined {
  return /^npm (?:run )?([\w:-]+)(?: -- .*)?$/.exec(command)?.[1];
}

describe(".vscode", () => {
  it("has tasks that are npm scripts", async () => {
    const { scripts } = JSON.parse(await readFile(path.join(REPOSITORY, "package.json"), "utf8"));
    for (const { label, command } of await tasks()) {
      expect(Object.keys(scripts), label).toContain(scriptOf(command));
    }
  });

  it("names the same places in the same way in every task that does not run tests", async () => {
    const places = await matchersOf("typecheck");
    expect(places).toHaveLength(2);
    for (const label of ["extract", "check the stored outputs"]) {
      const others = await matchersOf(label);
      expect(others.map(({ pattern }) => pattern)).toEqual(places.map(({ pattern }) => pattern));
    }
  });

  it("offers to run every program there is, extracted first", async () => {
    const { configurations, inputs } = await readJsonc<Launch>(".vscode/launch.json");
    const names = await readdir(path.join(REPOSITORY, "dist"));
    const programs = names.filter((name) => name.endsWith(".mjs"));
    const input = inputs.find(({ id }) => id === "program");
    expect(input?.options?.map((name) => `${name}.mjs`)).toEqual(programs.sort());
    const labels = (await tasks()).map(({ label }) => label);
    for (const { preLaunchTask, program, args } of configurations) {
      expect(labels).toContain(preLaunchTask);
      expect(program).toBe(`\${workspaceFolder}/dist/\${input:program}.mjs`);
      expect(inputs.map(({ id }) => `\${input:${id}}`)).toContain(args);
    }
  });

  it("recommends the extensions that a dev container installs", async () => {
    const { recommendations } = await readJsonc<{ recommendations: string[] }>(
      ".vscode/extensions.json",
    );
    const container = await readJsonc<{ customizations: { vscode: { extensions: string[] } } }>(
      ".devcontainer/devcontainer.json",
    );
    expect(container.customizations.vscode.extensions).toEqual(recommendations);
  });

  it("leads from what a failing test prints to the notebook, the cell's line and the test", {
    timeout: 2 * KERNEL_CHILD_DEADLINE_MS,
  }, async () => {
    const file = "notebooks/01-one.ipynb";
    const lab = await labWithTests(
      {
        "01-one": `%% code thrower
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
`,
      },
      {
        ask: `import { expect, it } from "vitest";
import { ask } from "../dist/thrower";
it("has an answer", () => { expect(ask()).toBe(42); });
it("counts", () => { expect(1).toBe(2); });
`,
        broken: 'import { x } from "../dist/broken";\nconsole.log(x);\n',
      },
    );
    const { status, stdout, stderr } = await startVitest(lab, ["run"]).end(
      KERNEL_CHILD_DEADLINE_MS,
    );
    expect(status).toBe(1);
    const problems = problemsIn(`${stderr}${stdout}`, await matchersOf("test"));
    const broken = { file, line: 2, column: 18, message: 'broken-cell:2:18: Unexpected "="' };
    expect(problems).toEqual([
      broken, // when the programs are extracted, and by the test that imports it
      { file: "test/broken.test.ts", message: "[ test/broken.test.ts ]" },
      broken,
      { file: "test/ask.test.ts", message: "has an answer" },
      { file, line: 3, column: 9, message: "TypeError: no answer" },
      { file, line: 5, column: 69, message: "thrower:5:69" },
      { file: "test/ask.test.ts", message: "counts" },
    ]);
  });

  it("leads from the stack that a program prints to the cell's line", async () => {
    const program = await extracted("sample_server", SERVER);
    const { stderr } = await startChild(process.execPath, [program, "--how", "bug"]).end();
    const file = "notebooks/02-tcp.ipynb";
    const [first] = problemsIn(stderr, await matchersOf("test"));
    expect(first).toEqual({
      file,
      line: 12,
      column: 38,
      message: "sample_server: TypeError: a bug",
    });
  });

  it("leads from what lint prints to the line, or to a file that is not formatted", async () => {
    const lab = await labFolder();
    await lab.write("biome.json", await readFile(path.join(REPOSITORY, "biome.json"), "utf8"));
    await lab.write("src/bad.ts", "let x: any = 1;\nexport function f(): any {\n  return x;\n}\n");
    await lab.write("src/wide.ts", "export const   wide = 1;\n");
    const biome = path.join(REPOSITORY, "node_modules/@biomejs/biome/bin/biome");
    const args = [biome, "check", "--error-on-warnings"];
    const { status, stdout, stderr } = await startChild(process.execPath, args, {
      cwd: lab.root,
    }).end();
    expect(status).toBe(1);
    const problems = problemsIn(`${stdout}\n${stderr}`, await matchersOf("lint"));
    const any = "Unexpected any. Specify a different type.";
    expect(problems).toHaveLength(4); // in any order
    for (const problem of [
      { file: "src/bad.ts", line: 1, column: 8, message: any },
      { file: "src/bad.ts", line: 2, column: 22, message: any },
      { file: "src/bad.ts", line: 1, column: 1, message: expect.stringMatching(/^This let /) },
      { file: "src/wide.ts", message: expect.stringMatching(/^Formatter would have printed /) },
    ]) {
      expect(problems).toContainEqual(problem);
    }
  });
});
