/** A program edited in JupyterLab: what is saved, and what becomes of the program and its tests. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { readNotebook } from "../../../src/tools/notebook/files";
import { findCell, formatNotebook } from "../../../src/tools/notebook/format";
import { KERNEL_CHILD_DEADLINE_MS, startChild } from "../../support/child";
import { startCommand } from "../../tools/commands/support";
import { LAB, LabPage, useBrowser } from "./lab-page";

useBrowser();

const PART = "notebooks/03-udp.ipynb";
const BEFORE = "Received! Message #";
const AFTER = "Got it! Message #";

test("a program edited in JupyterLab changes its cell, the program, and the outcome of its test", async () => {
  const notebook = await readNotebook(LAB.root, PART);
  const cell = findCell(notebook, "udp-server");
  if (!cell) throw new Error(`${PART} has no program udp_server`);
  expect(cell.source).toContain(BEFORE);
  const edited = cell.source.replaceAll(BEFORE, AFTER);

  const lab = await LabPage.open(PART);
  await lab.type(cell.id, edited);
  await lab.save();

  // Byte for byte what an edit of that cell alone makes of the file.
  cell.source = edited;
  expect(await readFile(path.join(LAB.root, PART), "utf8")).toBe(formatNotebook(notebook));

  const inCopy = { cwd: LAB.root };
  const extraction = await startCommand("extract", [], inCopy).end(KERNEL_CHILD_DEADLINE_MS);
  expect(extraction.stderr).toBe("");
  expect(await readFile(path.join(LAB.root, "dist/udp_server.ts"), "utf8")).toContain(AFTER);

  const vitest = path.join(LAB.root, "node_modules/vitest/vitest.mjs");
  const tests = await startChild(
    process.execPath,
    [vitest, "run", "test/programs/udp-server.test.ts"],
    { ...inCopy, env: { NO_COLOR: "1", VITEST: undefined } },
  ).end(KERNEL_CHILD_DEADLINE_MS);
  expect(tests.status).toBe(1);
  expect(tests.stdout + tests.stderr).toContain(AFTER);
});
