/** What JupyterLab's keys ask of the kernel: completion, inspection, interrupt, restart. */
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { LAB, LabPage, useBrowser } from "./lab-page";

useBrowser();

const PART = "notebooks/00-start-here.ipynb";

test("completes, inspects, interrupts and restarts, and leaves nothing in the home folder", async () => {
  const lab = await LabPage.open(PART);
  const { page } = lab;
  const { keyboard } = page;
  const [first] = lab.codeCells();

  // Tab completes what only this kernel knows.
  const cell = await lab.type(first, "const harbour = { depth_m: 9 };\nharbour.dep");
  await keyboard.press("Tab");
  await page.locator(".jp-Completer-item", { hasText: "depth_m" }).waitFor();
  await keyboard.press("Enter");
  await expect.poll(() => cell.locator(".cm-content").innerText()).toContain("harbour.depth_m");

  // Shift+Tab tells the type.
  await lab.type(first, "Number.parseFloat");
  await keyboard.press("Shift+Tab");
  const tooltip = page.locator(".jp-Tooltip");
  await tooltip.waitFor();
  expect(await tooltip.innerText()).toContain("parseFloat(string: string): number");
  await keyboard.press("Escape");

  // I, I ends a cell that would never end; the kernel goes on.
  await lab.type(first, "console.log('on and on');\nfor (;;);");
  await keyboard.press("Control+Enter");
  await cell.locator(".jp-OutputArea-output", { hasText: "on and on" }).waitFor();
  await keyboard.press("Escape");
  await keyboard.press("i");
  await keyboard.press("i");
  await cell.locator(".jp-OutputArea-output", { hasText: "KernelInterrupted" }).waitFor();
  await lab.ran(cell, 1);
  await lab.type(first, "const kept = 6 * 7;\nkept");
  await keyboard.press("Control+Enter");
  await lab.ran(cell, 2);
  await cell.locator(".jp-OutputArea-output", { hasText: /^42$/ }).waitFor();

  // 0, 0 restarts: what was declared is gone.
  await keyboard.press("Escape");
  await keyboard.press("0");
  await keyboard.press("0");
  await page.locator(".jp-Dialog").locator(".jp-mod-accept").click();
  await lab.idle();
  await lab.type(first, "kept");
  await keyboard.press("Control+Enter");
  await cell.locator(".jp-OutputArea-output", { hasText: "Cannot find name 'kept'" }).waitFor();
  await lab.ran(cell, 1);

  expect(await readdir(LAB.home)).toEqual([]);
});
