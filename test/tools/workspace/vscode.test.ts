// What .vscode holds is what the lab has: scripts, programs, and what they really print. What failing tests print
// is matched in test/tools/commands/watch.test.ts, which has some.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY, readJsonc } from "../../../scripts/workspace/jsonc";
import { problemsIn } from "../../../scripts/workspace/problem-matcher";
import { type Launch, matchersOf, tasks } from "../../../scripts/workspace/tasks";
import { extracted, SERVER } from "../../program/support/extracted";
import { startChild } from "../../support/child";
import { labFolder } from "../notebook/support/lab-folder";

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
    for (const name of ["biome.json", "scripts/print-only.grit"]) {
      await lab.write(name, await readFile(path.join(REPOSITORY, name), "utf8"));
    }
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
