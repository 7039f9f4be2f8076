/** Jupyter's own tools on our kernel: the public kernel test suite, nbconvert, and the classic notebook. */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { LiveOutput } from "../../../src/tools/notebook/coalesce";
import { listNotebooks } from "../../../src/tools/notebook/files";
import { type Notebook, parseNotebook } from "../../../src/tools/notebook/format";
import type { Output } from "../../../src/tools/notebook/output";
import { KERNELS_SIDE_BY_SIDE } from "../../../src/tools/notebook/run-all";
import { REPOSITORY } from "../../tools/commands/support";
import { notebookText } from "../../tools/notebook/support/lab-folder";
import { differences } from "../compare-run";
import { emptyHome, startTool } from "./tools";

/** Ten notebooks, on a machine that does other things too. */
const TOOL_MAX_MS = 300_000;

const home = emptyHome();

test("the public kernel test suite passes", { timeout: TOOL_MAX_MS }, async () => {
  const suite = path.join(import.meta.dirname, "kernel_suite.py");
  const { status, stderr } = await startTool("python", [suite], { home }).end(TOOL_MAX_MS);
  expect(stderr).toMatch(/\nOK/);
  expect(status).toBe(0);
});

describe("nbconvert", { timeout: TOOL_MAX_MS }, () => {
  /** Executes a notebook, and reads what nbconvert wrote. */
  async function execute(file: string): Promise<Notebook> {
    const name = `ran-${path.basename(file)}`;
    const args = ["nbconvert", "--to", "notebook", "--execute", "--output-dir", home];
    const child = startTool("jupyter", [...args, "--output", name, file], { home, cwd: tmpdir() });
    const { status, stderr } = await child.end(TOOL_MAX_MS);
    expect(status, stderr).toBe(0);
    return parseNotebook(readFileSync(path.join(home, name), "utf8"), file);
  }

  test("runs a notebook that lies elsewhere", async () => {
    const file = path.join(home, "elsewhere.ipynb");
    const cells = [
      "%% code imports",
      'import { PROTOCOL_VERSION } from "./src/tools/kernel/protocol"; PROTOCOL_VERSION',
      "%% code prints",
      "console.log('one'); console.error('two');",
      "%% code module-cell",
      "/** @module cell_module */\nexport const answer: number = 42;",
      "%% code uses",
      'import { answer } from "./cell_module"; answer',
      "%% code fails raises-exception",
      "throw new Error('expected');",
      "%% code after",
      "'after'",
    ];
    writeFileSync(file, notebookText(`${cells.join("\n")}\n`));
    const ran = await execute(file);
    const outputs: Record<string, readonly Output[]> = Object.fromEntries(
      ran.cells.map((cell) => [cell.id, cell.outputs]),
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

  test("runs every part, and each cell prints what is stored", async () => {
    const files = await listNotebooks(REPOSITORY);
    expect(files.length).toBeGreaterThanOrEqual(10);
    const different: string[] = [];
    const lane = async () => {
      for (let file = files.shift(); file !== undefined; file = files.shift()) {
        const { cells } = await execute(path.join(REPOSITORY, file));
        const outputs = new Map(cells.map((cell) => [cell.id, cell.outputs as LiveOutput[]]));
        different.push(...(await differences(file, (cell) => outputs.get(cell) ?? [])));
      }
    };
    await Promise.all(Array.from({ length: KERNELS_SIDE_BY_SIDE }, lane));
    expect(different).toEqual([]);
  });
});
