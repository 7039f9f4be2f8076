/** Both pages of the lab in a real browser, served by the extracted programs. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { SCREENSHOTS, startChromium } from "../../scripts/browser/chromium";
import { startProgram } from "../support/program";

let browser: Browser;
beforeAll(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  browser = await startChromium();
});
afterAll(() => browser?.close());

/** A tab of its own, and what ran in it that should not have. */
async function openTab(userAgent?: string): Promise<{ page: Page; alarms: string[] }> {
  const context = await browser.newContext({ userAgent, viewport: { width: 720, height: 400 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const alarms: string[] = [];
  page.on("dialog", (dialog) => {
    alarms.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.text().includes("alarm")) alarms.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => alarms.push(`script: ${error.message}`));
  return { page, alarms };
}

const text = (page: Page) => page.locator("body").innerText();

describe("http_simple_server in a browser", () => {
  test("shows the page, with a counter that rises by one with each visit", async () => {
    const { port } = await startProgram("http_simple_server");
    const { page } = await openTab();
    for (let visitor = 1; visitor <= 5; visitor++) {
      await page.goto(`http://127.0.0.1:${port}/`);
      expect(await page.title()).toBe("Socket Server");
      expect(await page.locator("h1").innerText()).toBe("Hello from a Socket!");
      expect(await text(page)).toContain(`You are visitor #${visitor}`);
    }
    await page.screenshot({ path: path.join(SCREENSHOTS, "http_simple_server.png") });
  });

  test("does not count what the browser asks for its icon", async () => {
    const { port, child } = await startProgram("http_simple_server");
    const { page } = await openTab();
    await page.goto(`http://127.0.0.1:${port}/`);
    // Headless browsers show no icon, so the page asks for it as a tab would.
    const status = await page.evaluate(async () => (await fetch("/favicon.ico")).status);
    expect(status).toBe(404);
    await child.line(/^GET \/favicon\.ico /);
    await page.reload();
    expect(await text(page)).toContain("You are visitor #2");
  });

  test("counts several tabs at once, each with a number of its own", async () => {
    const { port } = await startProgram("http_simple_server");
    const numbers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { page } = await openTab();
        await page.goto(`http://127.0.0.1:${port}/`);
        return Number(/visitor #(\d+)/.exec(await text(page))?.[1]);
      }),
    );
    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("http_server in a browser", () => {
  test("shows the browser's own user agent, the method and the path", async () => {
    const { port } = await startProgram("http_server");
    const { page } = await openTab();
    for (const where of ["/", "/hello", "/about"]) {
      const response = await page.goto(`http://127.0.0.1:${port}${where}`);
      expect(response?.status()).toBe(200);
      const agent = await page.evaluate("navigator.userAgent");
      expect(agent).toMatch(/Chrom/);
      expect(await text(page)).toBe(
        `Request Info\n\nMethod: GET\n\nPath: ${where}\n\nBrowser: ${agent}`,
      );
    }
    await page.screenshot({ path: path.join(SCREENSHOTS, "http_server.png") });
  });

  test("shows that a form was posted", async () => {
    const { port } = await startProgram("http_server");
    const { page } = await openTab();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.evaluate(`
      document.body.innerHTML = '<form method="post" action="/hello"><input name="a" value="b"></form>';
      document.querySelector("form").submit();
    `);
    await page.waitForURL("**/hello");
    expect(await text(page)).toContain("Method: POST");
  });

  test("shows the error page where there is nothing", async () => {
    const { port } = await startProgram("http_server");
    const { page } = await openTab();
    const response = await page.goto(`http://127.0.0.1:${port}/nope`);
    expect(response?.status()).toBe(404);
    expect(await text(page)).toBe("404 Not Found\n\nThe page you requested does not exist.");
    await page.screenshot({ path: path.join(SCREENSHOTS, "http_server-404.png") });
  });

  const SCRIPTS = [
    "<script>alert('alarm');console.log('alarm')</script>",
    "<img src=x onerror=\"alert('alarm')\">",
    "\"><svg onload=alert('alarm')>",
    "</strong></p><iframe srcdoc=\"<script>parent.alert('alarm')</script>\"></iframe>",
    "&lt;script&gt;alert('alarm')&lt;/script&gt;",
  ];

  test.each(SCRIPTS)(
    "runs nothing of a user agent that is %s, and shows it as text",
    async (script) => {
      const { port } = await startProgram("http_server");
      const { page, alarms } = await openTab(script);
      await page.goto(`http://127.0.0.1:${port}/hello`, { waitUntil: "load" });
      expect(await text(page)).toContain(`Browser: ${script}`);
      expect(await page.locator("script, img, svg, iframe").count()).toBe(0);
      expect(alarms).toEqual([]);
      if (script === SCRIPTS[0]) {
        await page.screenshot({ path: path.join(SCREENSHOTS, "http_server-script.png") });
      }
    },
  );

  test("would be caught if it let a script through", async () => {
    const { page, alarms } = await openTab();
    await page.setContent(`<p>${SCRIPTS[0]}</p>`, { waitUntil: "load" });
    await expect.poll(() => alarms).toContain("dialog: alarm");
  });

  test.each(SCRIPTS)("runs nothing of a path or a query that is %s", async (script) => {
    const { port } = await startProgram("http_server");
    const { page, alarms } = await openTab();
    const encoded = encodeURIComponent(script);
    for (const where of [
      `/${encoded}`,
      `/hello?q=${encoded}`,
      `/hello?${script}`,
      `/${script}`,
      `/%zz${script}`,
    ]) {
      await page.goto(`http://127.0.0.1:${port}${where}`, { waitUntil: "load" });
      expect(await page.locator("h1").count(), where).toBe(1);
      expect(await page.locator("script, img, svg, iframe").count(), where).toBe(0);
    }
    expect(alarms).toEqual([]);
  });
});
