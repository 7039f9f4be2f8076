/** Where a link of a notebook, or of a file, leads in the book. */
import { statSync } from "node:fs";
import path from "node:path";
import { NotebookError, type NotebookPlace } from "../notebook/errors";

/** The book's folder for pages of the repository's files. */
const FILES_FOLDER = "files";
/** Folders that are no part of the lab. */
const NOT_THE_LAB = /^(?:\.git|\.lab|node_modules|dist|book)(?:\/|$)/;
const PICTURE = /\.(?:svg|png|jpe?g|gif|webp)$/;

/** A link to something in the book, to be checked when all of it is there. */
export interface LinkUse {
  readonly from: NotebookPlace;
  /** As the notebook has it. */
  readonly written: string;
  readonly page: string;
  /** Without "#"; "" for the page as a whole. */
  readonly fragment: string;
  /** The file or folder of the repository that the page shows, if it is not a part. */
  readonly file?: string;
}

/** What stands where: the text that has the link, and the page that it becomes. */
export interface LinkSource {
  readonly place: NotebookPlace;
  /** From the book's folder. */
  readonly page: string;
}

export class Links {
  readonly #root: string;
  /** The pages of the parts by notebook: `notebooks/02-tcp.ipynb` is `02-tcp.html`. */
  readonly #parts: ReadonlyMap<string, string>;

  constructor(root: string, parts: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#parts = parts;
  }

  /**
   * Settles a link; `use` is told of one that stays in the book.
   *
   * @returns the address to write
   * @throws {NotebookError} nothing of the lab is there
   */
  resolve(written: string, { place, page }: LinkSource, use: (link: LinkUse) => void): string {
    const wrong = (reason: string): never => {
      throw new NotebookError(place, `the link to ${JSON.stringify(written)} ${reason}`);
    };
    if (written.startsWith("attachment:")) {
      return wrong("is an attachment of the cell: put the picture into a file, and link to that");
    }
    if (hasScheme(written)) return written;
    if (written.startsWith("//")) return `https:${written}`;
    const [address = "", ...rest] = written.split("#");
    const fragment = decoded(rest.join("#"));
    const named = decoded(address.split("?")[0] ?? "");
    const file = named === "" ? undefined : this.#target(named, place.file, wrong);
    const part = file === undefined ? page : this.#parts.get(file);
    const target = part ?? pageOfFile(file ?? "", this.#isFolder(file ?? ""));
    use({ from: place, written, page: target, fragment, ...(part === undefined && { file }) });
    const hash = fragment === "" ? "" : `#${encodeURIComponent(fragment)}`;
    return file === undefined ? hash : `${relative(page, target)}${hash}`;
  }

  /** The file that a cell or a file imports, if it is one of the repository. */
  source(specifier: string, file: string): string | undefined {
    // A cell imports from the root of the repository, a file from its own folder.
    const folder = file.endsWith(".ipynb") ? "." : path.posix.dirname(file);
    const named = path.posix.join(folder, specifier.replace(/\.js$/, ""));
    return [`${named}.ts`, named].find((one) => !one.startsWith("..") && this.#isFile(one));
  }

  #target(named: string, from: string, wrong: (reason: string) => never): string {
    const folder = named.startsWith("/") ? "." : path.posix.dirname(from);
    const file = path.posix.join(folder, named).replace(/\/$/, "");
    if (file.startsWith("..")) return wrong("leads out of the repository");
    if (this.#parts.has(file)) return file;
    if (NOT_THE_LAB.test(file)) return wrong("leads to what is no part of the lab");
    return this.#isFile(file) || this.#isFolder(file)
      ? file
      : wrong(`leads to ${file}, which does not exist`);
  }

  #isFile(file: string): boolean {
    return statSync(path.join(this.#root, file), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  #isFolder(file: string): boolean {
    return statSync(path.join(this.#root, file), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }
}

/** Whether an address says by itself where it leads (RFC 3986, 3.1). */
export function hasScheme(address: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(address);
}

/** A folder's page lists what is in it; a picture is itself. */
export function pageOfFile(file: string, isFolder = false): string {
  if (isFolder) return path.posix.join(FILES_FOLDER, file, "index.html");
  return path.posix.join(FILES_FOLDER, isPicture(file) ? file : `${file}.html`);
}

export function isPicture(file: string): boolean {
  return PICTURE.test(file);
}

/** The address of a page of the book on another. */
export function relative(from: string, to: string): string {
  return encodeURI(path.posix.relative(path.posix.dirname(from), to));
}

/** As GitHub and VS Code make a heading's anchor of its text. */
export function slug(text: string): string {
  const words = text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
  return words.trim().replace(/\s/g, "-") || "section";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a "%" that means itself
  }
}
