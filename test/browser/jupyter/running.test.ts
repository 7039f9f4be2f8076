/** Parts run in the real JupyterLab, cell by cell and at once: what is seen, and what is saved. */
import { expect, test } from "vitest";
import type { LiveOutput } from "../../../src/tools/notebook/coalesce";
import { readNotebook } from "../../../src/tools/notebook/files";
import { findCell, type Notebook } from "../../../src/tools/notebook/format";
import { runnableCells } from "../../../src/tools/notebook/run";
import { makeCopy, practiceOf } from "../../../src/tools/practice/copies/copies";
import { JUDGES } from "../../../src/tools/practice/judges/all";
import { REPOSITORY } from "../../tools/commands/support";
import { differences } from "../compare-run";
import { KERNEL_NAME, LAB, LabPage, useBrowser } from "./lab-page";

useBrowser();

/** What differs between what JupyterLab saved and what is stored in the repository. */
async function changes(saved: Notebook): Promise<string[]> {
  const stored = await readNotebook(REPOSITORY, saved.file);
  const sources = ({ cells }: Notebook) => cells.map(({ id, source }) => ({ id, source }));
  expect(sources(saved)).toEqual(sources(stored));
  return differences(saved.file, (id) => (findCell(saved, id)?.outputs ?? []) as LiveOutput[]);
}

test("Part 2 opens with our kernel and nothing to choose, and shows its stored drawing", async () => {
  const lab = await LabPage.open("notebooks/02-tcp.ipynb");
  expect(await lab.page.locator(".jp-Dialog").count()).toBe(0);
  expect(await lab.page.locator(".jp-Toolbar-kernelName").innerText()).toBe(KERNEL_NAME);
  // CodeMirror marks keywords and strings only in a language that it knows.
  const imports = await lab.cell("imports");
  await expect.poll(() => imports.locator(".cm-line span").count()).toBeGreaterThan(8);
  expect((await lab.drawing("flow-diagram")).height).toBeGreaterThan(200);
  expect(lab.strangers).toEqual([]);
});

test("a learner's copy opens and runs like any part", async () => {
  const [judge] = JUDGES;
  if (!judge) throw new Error("there is no judge");
  const practice = await practiceOf(LAB.root, judge);
  await makeCopy(LAB.root, practice);
  const lab = await LabPage.open(practice.copy);
  const cell = await lab.cell(lab.codeCells()[0]);
  await cell.click();
  await lab.page.keyboard.press("Control+Enter");
  await expect.poll(() => cell.locator(".jp-InputPrompt").first().innerText()).toBe("[1]:");
  expect(await cell.locator('[data-mime-type$="stderr"]').count()).toBe(0);
});

test("Part 2 runs cell by cell with Shift+Enter, and prints what is stored", async () => {
  const lab = await LabPage.open("notebooks/02-tcp.ipynb");
  await lab.menu("Edit", "Clear Outputs of All Cells");
  const stored = await readNotebook(REPOSITORY, lab.file);
  await (await lab.cellAt(0)).click();
  let count = 0;
  for (const { type, index, outputs } of stored.cells) {
    const cell = await lab.cellAt(index);
    const last = index === stored.cells.length - 1;
    await expect.poll(() => cell.getAttribute("class")).toContain("jp-mod-active");
    // After the last cell, Shift+Enter would add another.
    await lab.page.keyboard.press(last ? "Control+Enter" : "Shift+Enter");
    if (type !== "code") continue;
    count += 1;
    await lab.ran(cell, count);
    const [first] = outputs;
    if (first?.output_type === "stream" && index < 12) {
      const [line = ""] = first.text.split("\n");
      const seen = await cell.locator(".jp-OutputArea-output").first().innerText();
      // Ports are the system's here.
      expect(seen.split("\n")[0]?.replace(/\d{4,}/g, "N")).toBe(line.replace(/\d{4,}/g, "N"));
    }
  }
  expect(count).toBe(runnableCells(stored).length);
  expect((await lab.drawing("flow-diagram")).height).toBeGreaterThan(200);
  expect(await changes(await lab.save())).toEqual([]);
});

test("Part 8 runs from the top with Run All, and draws the grid of the scan", async () => {
  const lab = await LabPage.open("notebooks/08-port-scanner.ipynb");
  await lab.menu("Edit", "Clear Outputs of All Cells");
  await lab.menu("Run", "Run All Cells");
  const cells = runnableCells(await readNotebook(REPOSITORY, lab.file));
  const last = cells.at(-1);
  await lab.ran(await lab.cell(last?.id ?? ""), cells.length);
  await lab.idle();
  expect((await lab.drawing("grid")).width).toBeGreaterThan(300);
  expect(await changes(await lab.save())).toEqual([]);
});
