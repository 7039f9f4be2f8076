/** A notebook in a browser tab, driven as a person would drive JupyterLab. */
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, onTestFinished } from "vitest";
import { SCREENSHOTS, startChromium } from "../../../scripts/browser/chromium";
import { readNotebook } from "../../../src/tools/notebook/files";
import type { Notebook } from "../../../src/tools/notebook/format";

export const LAB = inject("jupyter");
export const KERNEL_NAME = "TypeScript (Socket Lab)";
/** A kernel starts within it, also while others do. */
const KERNEL_MAX_MS = 60_000;
const CELL_MAX_MS = 60_000;

let browser: Browser;

/** For a test file that opens pages: one browser for all of them. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());
}

function pictureOfFailure(test: string): string {
  return path.join(SCREENSHOTS, `failed-${test.replace(/\W+/g, "-").toLowerCase()}.png`);
}

let workspaces = 0;

export class LabPage {
  /** Pages that asked another host for something. */
  readonly strangers: string[] = [];

  private constructor(
    readonly page: Page,
    readonly file: string,
    private readonly notebook: Notebook,
  ) {}

  /** Opens `notebooks/02-tcp.ipynb` in a workspace of its own, and waits for its kernel. */
  static async open(file: string): Promise<LabPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    onTestFinished(async ({ task }) => {
      if (task.result?.state === "fail")
        await page.screenshot({ path: pictureOfFailure(task.name) });
      await context.close();
    });
    const lab = new LabPage(page, file, await readNotebook(LAB.root, file));
    page.on("request", (request) => {
      const url = request.url();
      if (/^(https?|wss?):/.test(url) && new URL(url).host !== new URL(LAB.url).host) {
        lab.strangers.push(url);
      }
    });
    const workspace = `test-${process.pid}-${++workspaces}`;
    await page.goto(`${LAB.url}lab/workspaces/${workspace}/tree/${file}?token=${LAB.token}`);
    await page
      .locator(".jp-Toolbar-kernelName", { hasText: KERNEL_NAME })
      .waitFor({ timeout: KERNEL_MAX_MS });
    await lab.idle();
    return lab;
  }

  /** Waits until the kernel has nothing to do. */
  async idle(): Promise<void> {
    await this.page
      .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
      .waitFor({ timeout: KERNEL_MAX_MS });
  }

  /** The cell with this id, scrolled into view. */
  async cell(id: string): Promise<Locator> {
    const index = this.notebook.cells.findIndex((cell) => cell.id === id);
    if (index < 0) throw new Error(`${this.file} has no cell ${id}`);
    return this.cellAt(index);
  }

  /** The ids of the cells with code, at least one. */
  codeCells(): [string, ...string[]] {
    const [first, ...rest] = this.notebook.cells.filter(({ type }) => type === "code");
    if (!first) throw new Error(`${this.file} has no code`);
    return [first.id, ...rest.map(({ id }) => id)];
  }

  async cellAt(index: number): Promise<Locator> {
    const cell = this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
    await cell.scrollIntoViewIfNeeded();
    return cell;
  }

  /** Puts the cursor into the cell, as a click does. */
  async enter(id: string): Promise<Locator> {
    const cell = await this.cell(id);
    await cell.locator(".cm-content").click();
    await expect.poll(() => cell.getAttribute("class")).toContain("jp-mod-active");
    return cell;
  }

  /** Replaces the cell's text as a person would: everything selected, then typed over. */
  async type(id: string, text: string): Promise<Locator> {
    const cell = await this.enter(id);
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(text);
    return cell;
  }

  /** Waits until the cell has run as number `count` of its kernel. */
  async ran(cell: Locator, count: number): Promise<void> {
    await cell
      .locator(".jp-InputArea-prompt", { hasText: `[${count}]:` })
      .waitFor({ timeout: CELL_MAX_MS });
  }

  /** The size of the drawing below the cell, once it is drawn. */
  async drawing(id: string): Promise<{ width: number; height: number }> {
    const picture = (await this.cell(id)).locator(".jp-RenderedSVG img");
    await expect
      .poll(() => picture.evaluate((img) => Number("naturalWidth" in img && img.naturalWidth)))
      .toBeGreaterThan(0);
    const { width = 0, height = 0 } = (await picture.boundingBox()) ?? {};
    return { width, height };
  }

  /** Chooses an entry of a menu. */
  async menu(menu: string, entry: string): Promise<void> {
    await this.page.getByRole("menuitem", { name: menu, exact: true }).click();
    await this.page.locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${entry}$`) }).click();
  }

  /** Saves, and returns the notebook as it is in the file then. */
  async save(): Promise<Notebook> {
    const saved = this.page.waitForResponse(
      (response) =>
        response.request().method() === "PUT" &&
        response.url().includes(`api/contents/${this.file}`),
    );
    await this.page.keyboard.press("Control+s");
    expect((await saved).status()).toBe(200);
    return readNotebook(LAB.root, this.file);
  }
}
