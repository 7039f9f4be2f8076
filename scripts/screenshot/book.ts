/** Pictures of the book for the README: light, dark, and on a telephone. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { BookMaker } from "../../src/tools/book/book";
import { writeBook } from "../../src/tools/book/write";
import { startChromium } from "../browser/chromium";

const DESK = { width: 1200, height: 1100 };
const TELEPHONE = { width: 390, height: 844 };
/** A page, and the anchor at its top. */
const DESK_PLACE = "02-tcp.html#step-3-the-flow";
const TELEPHONE_PLACE = "02-tcp.html#step-1-a-simple-tcp-server";

const PICTURES = [
  { file: "docs/book-light.png", place: DESK_PLACE, viewport: DESK, colorScheme: "light" },
  { file: "docs/book-dark.png", place: DESK_PLACE, viewport: DESK, colorScheme: "dark" },
  {
    file: "docs/book-phone.png",
    place: TELEPHONE_PLACE,
    viewport: TELEPHONE,
    colorScheme: "light",
  },
] as const;

/** Needs Chromium. @returns the files that were written */
export async function takeBookPictures(root: string): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-book-"));
  const browser = await startChromium();
  try {
    await writeBook(folder, "book", await new BookMaker(root).make());
    for (const { file, place, ...look } of PICTURES) {
      const page = await browser.newPage(look);
      await page.goto(`${pathToFileURL(path.join(folder, "book")).href}/${place}`);
      await page.screenshot({ path: path.join(root, file) });
      await page.close();
    }
    return PICTURES.map(({ file }) => file);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}
