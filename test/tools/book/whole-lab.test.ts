/** The book of this lab. */
import { beforeAll, expect, it } from "vitest";
import { type Book, BookMaker } from "../../../src/tools/book/book";
import { listNotebooks, readNotebook } from "../../../src/tools/notebook/files";
import { withoutMarks } from "../../../src/tools/practice/copies/solution-marks";
import { REPOSITORY } from "../commands/support";
import { faultsOf, pageOf } from "./support";

let book: Book;
beforeAll(async () => {
  book = await new BookMaker(REPOSITORY).make();
}, 60_000);

it("has no link that leads nowhere, no anchor twice, and nothing from another host", () => {
  expect(faultsOf(book)).toEqual([]);
});

it("shows every cell of every part under its name, with all that it has printed", async () => {
  const letters = (text: string): string => text.replace(/[\s\p{Cc}\u2400-\u241f]/gu, "");
  for (const file of await listNotebooks(REPOSITORY)) {
    const { cells } = await readNotebook(REPOSITORY, file);
    const page = pageOf(book, file.replace("notebooks/", "").replace(".ipynb", ".html"));
    const text = letters(
      page
        .replace(/<[^>]*>/g, "")
        .replace(/&lt;|&#x3C;/g, "<")
        .replace(/&gt;/g, ">")
        .replace(/&quot;/g, '"')
        .replace(/&#39;|&#x27;/g, "'")
        .replace(/&amp;|&#x26;/g, "&"),
    );
    for (const { id, type, source, outputs } of cells) {
      const name = `${file}#${id}`;
      expect(page, name).toContain(` id="${id}"`);
      if (type === "code") expect(text, name).toContain(letters(withoutMarks(source)));
      for (const output of outputs) {
        if (output.output_type === "stream") expect(text, name).toContain(letters(output.text));
      }
    }
  }
});

it("draws every diagram and every chart in the page, with a name", async () => {
  const pages = [...book]
    .filter(([name]) => name.endsWith(".html"))
    .map(([, html]) => String(html));
  const drawings = pages.join("").match(/<svg [^>]*class="socket-lab-(?:wire|chart)"[^>]*>/g) ?? [];
  expect(drawings.length).toBeGreaterThanOrEqual(7);
  for (const drawing of drawings)
    expect(drawing).toMatch(/role="img".*(?:aria-label="[^"]|aria-labelledby="[^"])/);
});
