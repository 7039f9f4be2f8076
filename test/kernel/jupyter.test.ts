// Jupyter's own tools on our kernel. They need Python packages, so a plain `npm test` skips these tests
// until scripts/python-tools.ts has been run; continuous integration runs it.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, type TestContext, test } from "vitest";
import { HOW_TO_INSTALL, installPythonTools, pythonTools } from "../../scripts/python-tools";
import { REPOSITORY } from "./support";

const TIMEOUT_MS = 300_000;

const home = mkdtempSync(path.join(os.tmpdir(), "socket-lab-test-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function requirePythonTools(ctx: TestContext): string {
  const tools = process.env.CI ? installPythonTools() : pythonTools();
  if (!tools) return ctx.skip(`needs Jupyter's Python packages: ${HOW_TO_INSTALL}`);
  return tools;
}

/** Runs a program as a person with an empty home directory would, from a folder of its own. */
async function runIn(
  cwd: string,
  command: string,
  args: string[],
): Promise<{ code: number | null; text: string }> {
  const child = spawn(command, args, {
    cwd,
    env: {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
      HOME: home,
      JUPYTER_PATH: path.join(REPOSITORY, ".jupyter"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (text += data));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, text };
}

describe("with Jupyter's own tools", { timeout: TIMEOUT_MS }, () => {
  test("the public kernel test suite passes", async (ctx) => {
    const tools = requirePythonTools(ctx);
    const suite = path.join(REPOSITORY, "test", "kernel", "kernel_suite.py");
    const { code, text } = await runIn(home, path.join(tools, "python"), [suite]);
    expect(text).toMatch(/\nOK/);
    expect(code).toBe(0);
  });

  test("nbconvert runs a notebook that lies elsewhere", async (ctx) => {
    const tools = requirePythonTools(ctx);
    const cell = (id: string, source: string) => ({
      cell_type: "code",
      id,
      metadata: id === "fails" ? { tags: ["raises-exception"] } : {},
      execution_count: null,
      outputs: [],
      source,
    });
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "socket-lab", display_name: "", language: "typescript" } },
      cells: [
        cell(
          "imports",
          'import { PROTOCOL_VERSION } from "./src/kernel/protocol"; PROTOCOL_VERSION',
        ),
        cell("prints", "console.log('one'); console.error('two');"),
        cell("module-cell", "/** @module cell_module */\nexport const answer: number = 42;"),
        cell("uses", 'import { answer } from "./cell_module"; answer'),
        cell("fails", "throw new Error('expected');"),
        cell("after", "'after'"),
      ],
    };

    const file = path.join(home, "fixture.ipynb");
    writeFileSync(file, JSON.stringify(notebook));
    const args = ["nbconvert", "--to", "notebook", "--execute", "--output", "ran.ipynb", file];
    const { code, text } = await runIn(os.tmpdir(), path.join(tools, "jupyter"), args);
    expect(text).toContain("ran.ipynb");
    expect(code).toBe(0);
    // On disk, texts are lists of lines.
    const joined = (_key: string, value: unknown) =>
      Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === "string")
        ? value.join("")
        : value;
    const ran = JSON.parse(readFileSync(path.join(home, "ran.ipynb"), "utf8"), joined);
    const outputs = Object.fromEntries(
      ran.cells.map((c: { id: string; outputs: unknown[] }) => [c.id, c.outputs]),
    );
    expect(outputs.imports).toMatchObject([
      { data: { "text/plain": "'5.3'" }, execution_count: 1 },
    ]);
    expect(outputs.prints).toMatchObject([
      { output_type: "stream", name: "stdout", text: "one\n" },
      { output_type: "stream", name: "stderr", text: "two\n" },
    ]);
    expect(outputs["module-cell"]).toEqual([]);
    expect(outputs.uses).toMatchObject([{ data: { "text/plain": "42" } }]);
    expect(outputs.fails).toMatchObject([
      { output_type: "error", ename: "Error", evalue: "expected" },
    ]);
    expect(outputs.after).toMatchObject([{ data: { "text/plain": "'after'" } }]);
  });
});
