/** The book in a real browser: from its files, with and without scripts, and while it is being written. */
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startChromium } from "../../scripts/browser/chromium";
import { type Book, BookMaker } from "../../src/tools/book/book";
import { serveBook } from "../../src/tools/book/serve";
import { writeBook } from "../../src/tools/book/write";
import { readNotebook } from "../../src/tools/notebook/files";
import { REPOSITORY } from "../tools/commands/support";
import { labFolder } from "../tools/notebook/support/lab-folder";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const DESK = { width: 1280, height: 900 };
const TELEPHONE = { width: 360, height: 740 };
/** The next page may come before the icon of the last one. */
const CUT_ICON = /^failed: .*\/icon\.svg$/;
/** Pages looked at side by side. */
const TABS = 3;

let browser: Browser;
let folder: string;
let book: Book;
let pages: string[];
/** Contents and parts; the other pages are programs and files, all of one kind. */
let chapters: string[];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "socket-lab-book-"));
  book = await new BookMaker(REPOSITORY).make();
  await writeBook(folder, "book", book);
  pages = [...book.keys()].filter((name) => name.endsWith(".html"));
  chapters = pages.filter((name) => !name.includes("/"));
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A tab, what it asked for, and what went wrong in it. */
async function openTab(options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: DESK, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const asked: string[] = [];
  const wrong: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("requestfailed", (request) => wrong.push(`failed: ${request.url()}`));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text()); // a breach of the page's policy too
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  return { context, page, asked, wrong };
}

const address = (name: string): string => pathToFileURL(path.join(folder, "book", name)).href;

/** Opens each page, a few at a time. */
async function lookAt(
  names: readonly string[],
  options: BrowserContextOptions,
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const waiting = [...names];
  const tab = async (): Promise<void> => {
    const { page, wrong } = await openTab(options);
    await page.context().addInitScript({ path: AXE });
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      await page.goto(address(name));
      await look(page, name);
      expect(
        wrong.filter((line) => !CUT_ICON.test(line)),
        name,
      ).toEqual([]);
    }
  };
  await Promise.all(Array.from({ length: TABS }, tab));
}

/** What axe-core finds, with its best practices. Colours take most of its time. */
async function violations(page: Page, { colours = true } = {}): Promise<string[]> {
  const options = {
    preload: false, // it would fetch the style sheet, which a page from a file may not
    resultTypes: ["violations"],
    rules: { "color-contrast": { enabled: colours } },
  };
  const { violations: found } = await page.evaluate(
    (how) => (window as unknown as { axe: { run(how: object): Promise<AxeResults> } }).axe.run(how),
    options,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const MINUTE_MS = 60_000;

/** On these stands every kind of thing that there is. */
const SAMPLES = [
  "programs/port_scanner.html",
  "programs/port_scan.html",
  "files/test/sockets/index.html",
  "files/test/scan/ports.test.ts.html",
];

describe("the pages of the book", () => {
  test(
    "have nothing that axe-core finds wrong: parts and samples of the rest, in light",
    {
      timeout: 5 * MINUTE_MS,
    },
    () =>
      lookAt([...chapters, ...SAMPLES], { colorScheme: "light" }, async (page, name) => {
        expect(await violations(page), name).toEqual([]);
      }),
  );

  test(
    "nor in dark on a telephone, where none scrolls sideways",
    {
      timeout: 5 * MINUTE_MS,
    },
    () =>
      lookAt(
        [...chapters, ...SAMPLES],
        { colorScheme: "dark", viewport: TELEPHONE },
        async (page, name) => {
          expect(await violations(page), name).toEqual([]);
          expect(await sideways(page), name).toBe(0);
        },
      ),
  );

  test("nor on any other page, colours aside, which are those of the samples", {
    timeout: 5 * MINUTE_MS,
  }, () => {
    const others = pages.filter((name) => !chapters.includes(name) && !SAMPLES.includes(name));
    return lookAt(others, { viewport: TELEPHONE }, async (page, name) => {
      expect(await sideways(page), name).toBe(0);
      // Thousands of words in colour, which are all that takes long, and say nothing beside their colour.
      await page.evaluate(() => {
        for (const word of document.querySelectorAll("pre span"))
          word.replaceWith(...word.childNodes);
      });
      expect(await violations(page, { colours: false }), name).toEqual([]);
    });
  });

  test("would be caught if its colours were too faint", async () => {
    await lookAt(["index.html"], {}, async (page) => {
      await page.addStyleTag({ content: ".lead { color: #aaa !important }" });
      expect(await violations(page)).toEqual([expect.stringContaining("color-contrast")]);
    });
  });
});

describe("a part of the book, opened from its file", () => {
  test("asks for nothing outside the book, and breaks none of its own rules", async () => {
    const { page, asked, wrong } = await openTab();
    for (const name of chapters) {
      await page.goto(address(name), { waitUntil: "load" });
      await page.locator("main h1").first().waitFor();
    }
    const inside = pathToFileURL(`${path.join(folder, "book")}/`).href;
    expect(asked.length).toBeGreaterThan(3 * chapters.length - 1);
    expect(asked.filter((url) => !url.startsWith(inside) && !url.startsWith("data:"))).toEqual([]);
    expect(wrong.filter((line) => !CUT_ICON.test(line))).toEqual([]);
  });

  test("is whole without scripts: prose, code, outputs, contents, and the way on", async () => {
    const { page } = await openTab({ javaScriptEnabled: false });
    await page.goto(address("index.html"));
    await page.getByRole("link", { name: "2 TCP", exact: true }).click();
    expect(await page.locator("h1").first().innerText()).toContain("Part 2: TCP");
    await page.getByRole("navigation", { name: "On this page" }).getByText("Step 3").click();
    expect(page.url()).toMatch(/02-tcp\.html#step-3/);
    expect(await page.locator("#listen .out").innerText()).toContain(
      "TCP Server listening on 127.0.0.1:8080",
    );
    const keyword = page.locator("#listen .hljs-keyword").first();
    expect(await keyword.evaluate((one) => getComputedStyle(one).color)).not.toBe(
      await page.locator("body").evaluate((one) => getComputedStyle(one).color),
    );
    expect(await page.getByRole("img", { name: "One TCP conversation" }).isVisible()).toBe(true);
    await page.getByRole("link", { name: "program tcp_server" }).first().click();
    expect(await page.locator("main").innerText()).toContain("node tcp_server.mjs --help");
    expect(await page.locator("button").count()).toBe(0);
    await page.goBack();
    await page.locator("a[rel=next]").click();
    expect(await page.title()).toBe("3. UDP · Socket Lab");
  });

  test("copies a cell's code as it is in the notebook", async () => {
    const { context, page } = await openTab();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(address("02-tcp.html"));
    const listing = page.locator("#listen > .code");
    await listing.hover();
    await listing.getByRole("button", { name: "Copy code of listen" }).click();
    await page.getByRole("status").getByText("Copied").waitFor({ state: "attached" });
    const { cells } = await readNotebook(REPOSITORY, "notebooks/02-tcp.ipynb");
    const source = cells.find(({ id }) => id === "listen")?.source;
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${source}\n`);
  });

  test("keeps to the theme that was chosen, also in its drawings, but not on paper", async () => {
    const { page } = await openTab({ colorScheme: "light" });
    await page.goto(address("02-tcp.html"));
    const ground = (selector: string, property: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((one, name) => getComputedStyle(one).getPropertyValue(name), property);
    const looks = async () => [
      await ground("body", "background-color"),
      await ground(".socket-lab-wire .card", "fill"),
    ];
    const light = ["rgb(255, 255, 255)", "rgb(255, 255, 255)"];
    const dark = ["rgb(18, 22, 27)", "rgb(23, 28, 34)"];
    expect(await looks()).toEqual(light);
    const button = page.getByRole("button", { name: /^Theme/ });
    await button.click();
    await button.click();
    expect(await button.innerText()).toBe("Theme: dark");
    expect(await looks()).toEqual(dark);
    await page.reload();
    expect(await looks()).toEqual(dark);
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    expect(await looks()).toEqual(light);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await page.emulateMedia({ media: "screen" });
    expect(await looks()).toEqual(dark);
  });

  test("can be read with the keyboard alone: first to the text, then into boxes that scroll", async () => {
    const { page } = await openTab({ viewport: TELEPHONE });
    await page.goto(address("02-tcp.html"));
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").innerText()).toBe("Skip to the text");
    await page.keyboard.press("Enter");
    expect(await page.locator(":focus").getAttribute("id")).toBe("page.text");
    const box = page.locator("#imports pre");
    expect(await box.getAttribute("tabindex")).toBe("0");
    await box.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => box.evaluate((one) => one.scrollLeft)).toBeGreaterThan(0);
    await page.setViewportSize(DESK);
    await expect.poll(() => box.getAttribute("tabindex")).toBe(null);
  });
});

test("npm run book -- --serve shows an edit, an error, and its mending, without a hand on the browser", async () => {
  const lab = await labFolder({ "01-one": "%% md one\n# Part 1: One\n\nHello.\n" });
  const stop = new AbortController();
  const options = { host: "127.0.0.1", port: 0, signal: stop.signal, tell: () => {} };
  const server = await serveBook(lab.root, options);
  onTestFinished(async () => {
    stop.abort();
    await server.closed;
  });
  const { page, asked, wrong } = await openTab();
  await page.goto(`${server.url}/01-one.html`);
  const shows = (text: string) => page.getByText(text).first().waitFor();
  await shows("Hello.");
  await lab.notebook("01-one", "%% md one\n# Part 1: One\n\nChanged.\n");
  await shows("Changed.");
  await lab.notebook("01-one", "%% md one\n# Part 1: One\n\n[x](nope.md)\n");
  await page.getByRole("alert").getByText("notebooks/01-one.ipynb#one: the link to").waitFor();
  await shows("Changed.");
  await lab.notebook("01-one", "%% md one\n# Part 1: One\n\nMended.\n");
  await shows("Mended.");
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([]);
  // A page that reloads stops listening.
  expect(wrong.filter((line) => !line.includes("/-/versions?"))).toEqual([]);
});
