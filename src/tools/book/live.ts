/** The book while it is being written: the newest that could be made, and what is wrong with the notebooks now. */
import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { escapeXml } from "../../wire/xml";
import { notebookErrorsIn } from "../notebook/errors";
import { type Book, BookMaker } from "./book";

/** Paths that no page of the book has. */
export const LIVE_SCRIPT_PATH = "-/live.js";
export const LIVE_EVENTS_PATH = "-/versions";

/** A reader who left unseen is noticed when something is sent. */
const SIGN_OF_LIFE_MS = 15_000;

export class LiveBook {
  readonly #maker: BookMaker;
  readonly #made = new EventEmitter().setMaxListeners(0);
  #book: Book = new Map();
  #problem: string | undefined;
  #making: Promise<void> | undefined;
  #again = false;

  constructor(root: string) {
    this.#maker = new BookMaker(root);
  }

  /** What is wrong with the notebooks as they are now. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Makes the book anew. Resolves when it shows everything that was saved before the call. */
  async make(): Promise<void> {
    if (this.#making) this.#again = true;
    else this.#making = this.#makeUntilCurrent();
    return this.#making;
  }

  /** A file as it is to be sent, or undefined when the book has none of this name. */
  file(name: string): string | Uint8Array | undefined {
    const content =
      this.#book.get(name) ?? (this.#problem && name.endsWith(".html") ? EMPTY : undefined);
    if (typeof content !== "string" || !name.endsWith(".html")) return content;
    const up = "../".repeat(name.split("/").length - 1);
    const script = `<script src="${up}${LIVE_SCRIPT_PATH}" data-page="${escapeXml(name)}" data-version="${this.version(name)}" defer></script>`;
    const page = content.replace("</head>", () => `${script}\n</head>`);
    return page.replace("<body>", () => `<body>${this.#notice()}`);
  }

  /** Changes whenever the page does, or what stands above it. */
  version(name: string): string {
    const hash = createHash("sha256").update(this.#problem ?? "");
    for (const part of [name, "style.css", "script.js"]) hash.update(this.#book.get(part) ?? "");
    return hash.digest("base64url").slice(0, 16);
  }

  /** The page's version now and after every change, as server-sent events (HTML, 9.2), until `signal` aborts. */
  async *versions(name: string, signal: AbortSignal): AsyncGenerator<string> {
    let sent = "";
    while (!signal.aborted) {
      // Not AbortSignal.timeout: inside AbortSignal.any the memory's tidying up can take it away (nodejs/node#57736).
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(), SIGN_OF_LIFE_MS);
      try {
        const over = AbortSignal.any([signal, silence.signal]);
        // From now on, so that none is missed while the last is being sent.
        const made = once(this.#made, "made", { signal: over }).catch(() => undefined);
        const version = this.version(name);
        yield version === sent ? ": still here\n\n" : `data: ${version}\n\n`;
        sent = version;
        await made;
      } finally {
        clearTimeout(timer);
      }
    }
  }

  async #makeUntilCurrent(): Promise<void> {
    try {
      do {
        this.#again = false;
        await this.#makeOnce();
      } while (this.#again);
    } finally {
      this.#making = undefined;
    }
    this.#made.emit("made");
  }

  async #makeOnce(): Promise<void> {
    try {
      this.#book = await this.#maker.make();
      this.#problem = undefined;
    } catch (error) {
      const errors = notebookErrorsIn(error);
      if (!errors) throw error;
      this.#problem = errors.map(({ message }) => message).join("\n");
    }
  }

  #notice(): string {
    if (this.#problem === undefined) return "";
    return `<div class="problem" role="alert"><p>This page is as it was before: a notebook has an error.</p><pre>${escapeXml(this.#problem)}</pre></div>`;
  }
}

/** Until there is a book at all. */
const EMPTY = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Socket Lab</title>
</head>
<body>
</body>
</html>
`;
