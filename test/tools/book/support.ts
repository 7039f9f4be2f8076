/** Books made of a few cells, and what can be asked of any book. */
import path from "node:path";
import { type Book, BookMaker } from "../../../src/tools/book/book";
import { type LabFolder, labFolder } from "../notebook/support/lab-folder";

/** @param notebooks by name, in the form of notebookText */
export async function bookOf(
  notebooks: Record<string, string>,
): Promise<{ lab: LabFolder; book: Book }> {
  const lab = await labFolder(notebooks);
  return { lab, book: await new BookMaker(lab.root).make() };
}

/** A page's text. @throws there is none of this name */
export function pageOf(book: Book, name: string): string {
  const page = book.get(name);
  if (typeof page !== "string")
    throw new Error(`no page ${name} among ${[...book.keys()].join(", ")}`);
  return page;
}

/** Links of the pages that lead to nothing in the book, ids that stand twice, and whatever comes from elsewhere. */
export function faultsOf(book: Book): string[] {
  const faults: string[] = [];
  const pages = [...book].filter(([name]) => name.endsWith(".html"));
  const ids = new Map(pages.map(([name, html]) => [name, valuesOf(String(html), "id")]));
  for (const [name, content] of pages) {
    const html = String(content);
    const own = ids.get(name) ?? [];
    for (const id of new Set(own)) {
      if (own.filter((one) => one === id).length > 1) faults.push(`${name}: two are called ${id}`);
    }
    for (const address of [...valuesOf(html, "href"), ...valuesOf(html, "src")]) {
      if (/^(?:https?|mailto):/.test(address) || address.startsWith("data:image/")) continue;
      const [file = "", fragment = ""] = address.split("#").map(decodeURIComponent);
      const target = file === "" ? name : path.posix.join(path.posix.dirname(name), file);
      if (!book.has(target)) faults.push(`${name}: ${address} is not in the book`);
      else if (fragment !== "" && !ids.get(target)?.includes(fragment)) {
        faults.push(`${name}: ${address} leads to no anchor`);
      }
    }
    for (const [loading] of html.matchAll(
      /<(?!a\b)[a-z][^>]*\s(?:src|href|poster|data)="(?:[a-z]+:)?\/\/[^>]*>/gi,
    )) {
      faults.push(`${name}: ${loading} loads from elsewhere`);
    }
  }
  return faults;
}

function valuesOf(html: string, attribute: string): string[] {
  return [...html.matchAll(new RegExp(`<[^>]*?\\s${attribute}="([^"]*)"`, "g"))].map(
    ([, value = ""]) => value.replaceAll("&amp;", "&").replaceAll("&#x26;", "&"),
  );
}
