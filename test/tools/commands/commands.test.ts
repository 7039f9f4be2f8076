/** The npm commands: here where no process of their own is needed, as from a shell where it is. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { problemsIn } from "../../../scripts/workspace/problem-matcher";
import { matchersOf } from "../../../scripts/workspace/tasks";
import { nodeVersionProblem } from "../../../src/tools/build/node-version.mjs";
import { KERNEL_CHILD_DEADLINE_MS } from "../../support/child";
import { labFolder, notebookText } from "../notebook/support/lab-folder";
import { runHere } from "./in-process";
import { BROKEN, GOOD, REPOSITORY, runCommand, startCommand } from "./support";

/** Each starts kernels. */
const TIMEOUT = { timeout: 2 * KERNEL_CHILD_DEADLINE_MS };

describe("npm run notebooks", () => {
  it("stores clean runs, and with --check compares, and writes nothing", TIMEOUT, async () => {
    const lab = await labFolder({ "01-good": GOOD });
    const [good, differs] = ["notebooks/01-good.ipynb", "notebooks/02-differs.ipynb"];
    await lab.write(differs, "{");
    const first = await runCommand(lab, "notebooks");
    expect(first.stdout).toMatch(
      /01-good\.ipynb .* stored\n.*02-differs\.ipynb .* FAILED, not stored\n$/,
    );
    expect(first.stderr).toContain(`${differs}:1:2: not JSON`);
    expect([first.status, await lab.read(differs)]).toEqual([1, "{"]);
    const stored = await lab.read(good);
    const cells = JSON.parse(stored).cells;
    expect(cells[1].outputs[0].text).toEqual([expect.stringMatching(/^hello from pid \d+\n$/)]);
    const counts = cells.map((cell: { execution_count?: number }) => cell.execution_count);
    expect(counts).toEqual([undefined, 1, 2]);

    const notebook = JSON.parse(notebookText(`${GOOD}${BROKEN}`));
    const data = { "text/plain": ["41"] };
    notebook.cells[1].outputs = cells[1].outputs;
    notebook.cells[2].outputs = [
      { data, execution_count: 2, metadata: {}, output_type: "execute_result" },
    ];
    const before = `${JSON.stringify(notebook, null, 1)}\n`;
    await lab.write(differs, before);
    const { status, stdout, stderr } = await runCommand(lab, "notebooks", "--check");
    // Another process id is no difference.
    expect(stdout).toMatch(/01-good\.ipynb .* as stored\n.*02-differs\.ipynb .* FAILED\n/);
    expect(stderr).toContain(`${differs}#answer: the output differs (- stored, + now)\n`);
    expect(stderr).toMatch(/^ +- 41\n +\+ 42$/m);
    expect(stderr).toContain(`${differs}#fine: no output is stored yet`);
    expect(stderr).toContain(`${differs}#deliberately-broken:2:6: `);
    expect(stderr).not.toContain("01-good");
    expect(problemsIn(stderr, await matchersOf("check the stored outputs"))).toEqual([
      {
        file: differs,
        line: 2,
        column: 6,
        message: expect.stringMatching(/^deliberately-broken:2:6: /),
      },
      { file: differs, message: "answer: the output differs (- stored, + now)" },
      { file: differs, message: expect.stringMatching(/^fine: no output is stored yet/) },
    ]);
    expect(status).toBe(1);
    expect([await lab.read(good), await lab.read(differs)]).toEqual([stored, before]);
  });
});

describe("npm run extract, program and typecheck", () => {
  const PROGRAM = `%% code greeter
/** @module greeter */
export const main = (argv: string[]): void => {
  console.log("greetings", ...argv);
  process.exitCode = 7;
};
`;

  it("extract lists what it wrote, and nothing the second time", async () => {
    const lab = await labFolder({ "01-one": PROGRAM });
    expect((await runHere(lab.root, "extract")).stdout).toBe(
      "dist/greeter.mjs.map\ndist/greeter.mjs\ndist/greeter.ts\n1 program in dist/, 3 files changed\n",
    );
    expect((await runHere(lab.root, "extract")).stdout).toBe(
      "1 program in dist/, 0 files changed\n",
    );
  });

  it("extract says what it cannot extract, one line each, and VS Code leads to each", async () => {
    const broken = PROGRAM.replace("void =>", "void = =>");
    const lab = await labFolder({ "01-one": broken, "02-two": PROGRAM.replace(/export.*/s, "") });
    await lab.write("notebooks/03-no-notebook.ipynb", "{");
    await lab.write("notebooks/04-old.ipynb", '{"nbformat": 4, "nbformat_minor": 4, "cells": []}');
    const { status, stderr } = await runHere(lab.root, "extract");
    expect(status).toBe(1);
    const twin = 'the module "greeter" stands in notebooks/01-one.ipynb#greeter already';
    expect(problemsIn(stderr, await matchersOf("extract"))).toEqual([
      {
        file: "notebooks/01-one.ipynb",
        line: 2,
        column: 26,
        message: 'greeter:2:26: Unexpected ":"',
      },
      { file: "notebooks/02-two.ipynb", line: 1, message: `greeter:1: ${twin}` },
      {
        file: "notebooks/03-no-notebook.ipynb",
        line: 1,
        column: 2,
        message: expect.stringMatching(/^1:2: not JSON: /),
      },
      { file: "notebooks/04-old.ipynb", message: expect.stringMatching(/^nbformat 4\.4 is /) },
    ]);
  });

  it("program becomes the named one, with its own arguments, signals and exit status", async () => {
    const lab = await labFolder({
      "01-one": `%% code waiter
/** @module waiter */
export const main = (argv: string[]): void => {
  const timer = setInterval(() => {}, 1000);
  process.once("SIGTERM", () => {
    clearInterval(timer);
    console.log("stopped by SIGTERM");
    process.exitCode = 3;
  });
  console.log("waiting", ...argv);
};
`,
    });
    const child = startCommand("program", ["waiter", "--help", "x"], { cwd: lab.root });
    await child.line(/^waiting --help x$/);
    child.kill("SIGTERM");
    const stdout = "waiting --help x\nstopped by SIGTERM\n";
    expect(await child.end()).toMatchObject({ status: 3, stdout });
  });

  it("program lists the programs when no name is given", async () => {
    const lab = await labFolder({ "01-one": PROGRAM });
    const { status, stderr } = await runHere(lab.root, "program");
    expect(stderr).toContain("Usage: npm run program");
    expect(stderr).toMatch(/^ {2}greeter +notebooks\/01-one\.ipynb$/m);
    expect(status).toBe(2);
  });

  it.each([
    ["nobody", 'No program is called "nobody"; npm run program lists them.'],
    ["greter", 'No program is called "greter"; did you mean greeter?'],
  ])("program says in one line that there is no %s", async (name, problem) => {
    const lab = await labFolder({ "01-one": PROGRAM });
    const { status, stderr } = await runHere(lab.root, "program", name);
    expect(stderr).toBe(`${problem} Help: npm run program -- --help\n`);
    expect(status).toBe(2);
  });

  it("typecheck names the cell of a wrong type", async () => {
    const lab = await labFolder({ "01-one": PROGRAM.replace("argv: string[]", "argv: number") });
    const tsconfig = await readFile(new URL("../../../tsconfig.json", import.meta.url), "utf8");
    await lab.write("tsconfig.json", tsconfig.replace('"types": ["node"]', '"types": []'));
    const { status, stdout } = await runHere(lab.root, "typecheck");
    expect(stdout).toMatch(/^notebooks\/01-one\.ipynb#greeter:3:31: error TS2488: /m);
    expect(problemsIn(stdout, await matchersOf("typecheck"))).toContainEqual({
      file: "notebooks/01-one.ipynb",
      line: 3,
      column: 31,
      message: expect.stringMatching(/^greeter:3:31: error TS2488: /),
    });
    expect(status).not.toBe(0);
  });
});

describe("every command", () => {
  it("says in one line that this Node is not supported", async () => {
    const refused = ["18.20.1", "20.18.3", "21.7.3", "22.11.0", "23.11.1"];
    const accepted = ["20.19.0", "20.20.2", "22.12.0", "22.23.5", "24.0.0", "25.1.0", "26.12.1"];
    for (const version of refused) {
      expect(nodeVersionProblem(version)).toMatch(`Node ${version} cannot run this lab`);
    }
    expect(accepted.map(nodeVersionProblem).filter(Boolean)).toEqual([]);
    const { engines, scripts } = JSON.parse(await readFile(`${REPOSITORY}/package.json`, "utf8"));
    expect(engines.node).toBe("^20.19.0 || ^22.12.0 || >=24");
    const unchecked = Object.values<string>(scripts).filter(
      (script) => !/^(node scripts\/(run\.mjs|check-node\.mjs &&)|biome) ?/.test(script),
    );
    expect(unchecked).toEqual([]);
  });

  it.each(["start", "notebooks", "extract", "program", "typecheck", "setup"])(
    "%s explains itself with --help, and refuses options that it does not have",
    async (name) => {
      const lab = await labFolder();
      const help = await runHere(lab.root, name, "--help");
      expect(help.stdout).toMatch(/^Usage: npm (run )?\w+/);
      expect([help.status, help.stderr]).toEqual([0, ""]);
      const wrong = await runHere(lab.root, name, "--nonsense");
      expect(wrong.stderr).toMatch(
        /^Unknown option '--nonsense'\. Help: npm (run )?\w+ -- --help\n$/,
      );
      expect([wrong.status, wrong.stdout]).toEqual([2, ""]);
    },
  );

  it("asks whether a misspelt option was meant", async () => {
    const { status, stderr } = await runHere("/", "notebooks", "--chekc");
    expect(stderr).toBe(
      "Unknown option '--chekc'; did you mean --check? Help: npm run notebooks -- --help\n",
    );
    expect(status).toBe(2);
  });

  it("setup does one thing at a time", async () => {
    const { status, stdout, stderr } = await runHere("/", "setup", "--check", "--undo");
    expect(stderr).toMatch(
      /^One of --user, --check, --undo at a time\. Help: npm run setup -- --help$/m,
    );
    expect([status, stdout]).toEqual([2, ""]);
  });

  it.each(["start", "notebooks"])("%s lists the parts when a name fits none", async (name) => {
    const lab = await labFolder({ "01-one": GOOD });
    const { status, stderr } = await runHere(lab.root, name, "99");
    expect(stderr).toBe("99: no part has this name; there are: 01-one\n");
    expect(status).toBe(1);
  });

  it.each(["start", "notebooks", "extract"])("%s says where to run it from", async (name) => {
    const lab = await labFolder();
    const { status, stderr } = await runHere(lab.path("src"), name);
    expect(stderr).toBe(
      "notebooks/: no such folder here; run this from the root of the repository\n",
    );
    expect(status).toBe(1);
  });
});
