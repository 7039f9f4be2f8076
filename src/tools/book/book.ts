/** Makes the whole book, in memory: nothing is written before all of it is right. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { NotebookError, NotebookErrors } from "../notebook/errors";
import { asset, styleSheet } from "./assets";
import { contentsPage } from "./contents-page";
import { type FilePage, filePage } from "./file-page";
import { type BookPart, type Lab, readLab } from "./lab";
import { isPicture, type LinkUse } from "./links";
import { Memo } from "./memo";
import { type Article, partArticle } from "./part-page";
import { programPage } from "./program-page";
import { programFiles, sourcesOf } from "./programs";
import { BOOK_TITLE, type Page, pageHtml } from "./template";

/** The book's files by their names from its folder: the same lab gives the same bytes. */
export type Book = ReadonlyMap<string, string | Uint8Array>;

export class BookMaker {
  readonly #root: string;
  readonly #memo = new Memo();

  /** @param root the repository */
  constructor(root: string) {
    this.#root = root;
  }

  /** @throws {NotebookErrors} a notebook, a program cell or a link is wrong */
  async make(): Promise<Book> {
    try {
      return await this.#make();
    } finally {
      this.#memo.turn();
    }
  }

  async #make(): Promise<Book> {
    const lab = await readLab(this.#root);
    const errors: NotebookError[] = [];
    const programs = await programFiles(lab, this.#memo, errors);
    const articles = new Map(lab.parts.map((part) => [part, this.#article(part, lab)]));
    for (const article of articles.values()) errors.push(...article.errors);
    const files = filesOf(
      [...articles.values()].flatMap(({ uses }) => uses),
      lab,
      errors,
    );
    errors.push(...missingAnchors(articles, files));
    if (errors.length > 0) throw new NotebookErrors(errors);

    const book = new Map<string, string | Uint8Array>(programs);
    const add = (page: Page): void => void book.set(page.page, pageHtml(page, lab.parts));
    add(contentsPage(lab));
    for (const [part, article] of articles) add(partPage(part, article));
    const names = new Set(files.keys());
    for (const program of lab.programs) {
      const { cell, from } = program;
      const key = ["program page", cell.name, from.title, ...sourcesOf(from, lab), ...names];
      add(this.#memo.get(key, () => programPage(program, lab, names)));
    }
    for (const [file, found] of files) {
      if (isPicture(file)) book.set(found.page, readFileSync(path.join(this.#root, file)));
      else add(this.#filePage(file, found, names));
    }
    for (const name of ["script.js", "icon.svg"]) book.set(name, asset(name));
    book.set("style.css", styleSheet());
    return book;
  }

  #article(part: BookPart, lab: Lab): Article {
    const programs = lab.programs.map(({ cell }) => `${cell.name} ${cell.cell}`);
    const key = ["part", part.notebook.file, part.notebook.text, ...programs];
    return this.#memo.get(key, () => partArticle(part, lab));
  }

  #filePage(file: string, found: FilePage, names: ReadonlySet<string>): Page {
    const { page, title, source, headings } = found;
    const key = ["file", file, source, ...names];
    const body = this.#memo.get(key, () => found.body(names));
    return { page, title, about: `${file}, a file of ${BOOK_TITLE}`, headings, body };
  }
}

function partPage({ part, title, page, notebook }: BookPart, { html, headings }: Article): Page {
  const name = path.posix.basename(notebook.file, ".ipynb").split("-")[0];
  const above = `<p class="above"><code>${notebook.file}</code> <span>Run it as you read: <code>npm start -- ${name}</code></span></p>`;
  const body = `${above}\n${html}`;
  return { page, title: `${part.number}. ${title}`, about: part.about, headings, body };
}

/** The files that links lead to, and those that these lead to in turn. */
function filesOf(
  uses: readonly LinkUse[],
  lab: Lab,
  errors: NotebookError[],
): Map<string, FilePage> {
  const files = new Map<string, FilePage>();
  const open = [...uses];
  for (let use = open.shift(); use; use = open.shift()) {
    if (use.file === undefined || files.has(use.file)) continue;
    try {
      const found = filePage(use.file, lab);
      files.set(use.file, found);
      open.push(...found.uses);
    } catch (error) {
      if (!(error instanceof NotebookError)) throw error;
      errors.push(error);
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function missingAnchors(
  articles: ReadonlyMap<BookPart, Article>,
  files: ReadonlyMap<string, FilePage>,
): NotebookError[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  for (const [{ page }, { ids }] of articles) anchors.set(page, ids);
  for (const { page, ids } of files.values()) anchors.set(page, ids);
  return [...articles.values(), ...files.values()]
    .flatMap(({ uses }) => uses)
    .filter(({ page, fragment }) => fragment !== "" && !anchors.get(page)?.has(fragment))
    .map(({ from, written, fragment }) => {
      const reason = `the link to ${JSON.stringify(written)} leads nowhere: no heading and no cell there is called "${fragment}"`;
      return new NotebookError(from, reason);
    });
}
