/** The classic notebook of Debian's packages (Jupyter Notebook 6), which many courses still use. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startChromium } from "../../../scripts/browser/chromium";
import { CLASSIC_NOTEBOOK, findClassicNotebook } from "../../../scripts/browser/classic-notebook";
import { unusedPort } from "../../../src/lab/unused-port";
import { notebookText } from "../../tools/notebook/support/lab-folder";
import { emptyHome, startTool } from "./tools";

const START_MAX_MS = 60_000;
const RUN_MAX_MS = 60_000;

const home = emptyHome();
let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

test(
  "the classic notebook starts the kernel and runs a cell",
  async (ctx) => {
    const command = findClassicNotebook();
    if (command === undefined) {
      if (process.env.CI) throw new Error(CLASSIC_NOTEBOOK.howToGet);
      return ctx.skip(CLASSIC_NOTEBOOK.howToGet);
    }
    writeFileSync(
      path.join(home, "classic.ipynb"),
      notebookText("%% code sum\n[6, 7].reduce((a, b) => a * b)\n"),
    );
    const root = process.getuid?.() === 0 ? ["--allow-root"] : [];
    const server = startTool(
      command,
      [
        "--no-browser",
        "--ip=127.0.0.1",
        `--port=${await unusedPort()}`,
        `--notebook-dir=${home}`,
        ...root,
      ],
      { home },
    );
    server.process.stdin.end();
    const [, url, token] = await server.until(
      () => /(http:\/\/127\.0\.0\.1:\d+\/)\?token=(\w+)/.exec(server.stderr) ?? undefined,
      "its address",
      START_MAX_MS,
    );
    const page = await browser.newPage();
    await page.goto(`${url}notebooks/classic.ipynb?token=${token}`);
    await page.locator("#kernel_indicator_icon.kernel_idle_icon").waitFor({ timeout: RUN_MAX_MS });
    await page.locator(".code_cell .CodeMirror").click();
    await page.keyboard.press("Shift+Enter");
    const output = page.locator(".output_area .output_text").first();
    await output.waitFor({ timeout: RUN_MAX_MS });
    expect((await output.innerText()).trim()).toBe("42");
    expect(await page.locator(".kernel_indicator_name").innerText()).toBe(
      "TypeScript (Socket Lab)",
    );
    await page.close();
    server.kill("SIGTERM");
    await server.end(START_MAX_MS);
  },
  START_MAX_MS + 3 * RUN_MAX_MS,
);
