/** Draws JupyterLab in the middle of Part 2: a copy of the lab, a real server, a real kernel. */
import path from "node:path";
import type { Page } from "playwright-core";
import { jupyterFolders } from "../../src/tools/jupyter/folders";
import { JupyterError } from "../../src/tools/jupyter/jupyter-error";
import { jupyterLabIn, jupyterLabOnPath } from "../../src/tools/jupyter/jupyterlab";
import { startServer } from "../../src/tools/jupyter/server";
import { startChromium } from "../browser/chromium";
import { copyLab } from "../lab-copy";

const FILE = "docs/jupyterlab.png";
const SIZE = { width: 1280, height: 800 };
const PART = "notebooks/02-tcp.ipynb";
/** The cell that draws a conversation: its place among all cells, and among those with code. */
const DRAWING = { index: 15, count: 7 };
/** What follows the drawing can be seen too. */
const PIXELS_BELOW = 50;
const RUN_MAX_MS = 60_000;

/** @returns the file that was written */
export async function drawJupyterLab(root: string): Promise<string> {
  const lab = jupyterLabOnPath(process.env) ?? jupyterLabIn(jupyterFolders(root).venv);
  if (!lab) throw new JupyterError("There is no JupyterLab yet: `npm run jupyter` installs one.");
  const copy = copyLab(root);
  const server = await startServer({
    root: copy.root,
    command: lab.command,
    port: 0,
    env: process.env,
  });
  const browser = await startChromium();
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(server.url(`lab/tree/${PART}`));
    await stepTo(page);
    await page.screenshot({ path: path.join(root, FILE) });
    return FILE;
  } finally {
    await browser.close();
    await server.stop();
    copy.remove();
  }
}

/** Runs the part down to the drawing, as a person does with Shift+Enter, and puts it into the middle. */
async function stepTo(page: Page): Promise<void> {
  const cell = (index: number) =>
    page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .waitFor({ timeout: RUN_MAX_MS });
  await page.getByRole("menuitem", { name: "Edit", exact: true }).click();
  await page.locator(".lm-Menu-itemLabel", { hasText: /^Clear Outputs of All Cells$/ }).click();
  await cell(0).click();
  for (let index = 0; index <= DRAWING.index; index++) await page.keyboard.press("Shift+Enter");
  const drawing = cell(DRAWING.index);
  await drawing
    .locator(".jp-InputArea-prompt", { hasText: `[${DRAWING.count}]:` })
    .waitFor({ timeout: RUN_MAX_MS });
  await drawing
    .locator(".jp-RenderedSVG img")
    .evaluate((image: { scrollIntoView(options: object): void }) =>
      image.scrollIntoView({ block: "end" }),
    );
  await page.mouse.move(SIZE.width / 2, SIZE.height / 2);
  await page.mouse.wheel(0, PIXELS_BELOW);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500); // the scrolling has come to rest
}
