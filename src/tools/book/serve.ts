/** Serves the book while notebooks are edited, with the lab's own HTTP. */
import { hostname } from "node:os";
import path from "node:path";
import { CLOSED_FIELDS } from "../../http/own-site";
import { HttpResponse } from "../../http/response";
import { type Handler, type HttpServer, serve } from "../../http/server";
import { watchNotebooks } from "../stepper/watch-notebooks";
import { asset } from "./assets";
import { LIVE_EVENTS_PATH, LIVE_SCRIPT_PATH, LiveBook } from "./live";
import { POLICY } from "./template";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".ts": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

/** The book changes while it is read, so no cache keeps it; and it is for no other site's page. */
const FIELDS = {
  ...CLOSED_FIELDS,
  "Cache-Control": "no-store",
  "Content-Security-Policy": `${POLICY}; frame-ancestors 'none'`,
};

export interface ServeBookOptions {
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
  /** Told, one line at a time, what was made anew and what is wrong. */
  readonly tell: (line: string) => void;
}

/**
 * Makes the book, serves it, and makes it anew whenever a notebook is saved; pages in a browser then reload.
 * With a broken notebook the last good book stays, with the error on every page.
 *
 * @throws {SocketError} it cannot listen there
 */
export async function serveBook(root: string, options: ServeBookOptions): Promise<HttpServer> {
  const { host, port, signal, tell } = options;
  const book = new LiveBook(root);
  await book.make();
  if (book.problem !== undefined) tell(book.problem);
  const server = await serve(
    { host, port, signal, methods: ["GET", "HEAD"], hosts: [host, hostname()] },
    answers(book, signal),
  );
  const stopWatching = watchNotebooks(root, async (files) => {
    await book.make();
    tell(book.problem ?? `Made anew: ${[...files].join(", ")}`);
  });
  void server.closed.then(stopWatching);
  return server;
}

function answers(book: LiveBook, signal: AbortSignal): Handler {
  return (request) => {
    const [asked = "", query = ""] = request.target.split("?");
    const name = fileName(asked);
    if (name === LIVE_EVENTS_PATH) {
      const page = new URLSearchParams(query).get("page") ?? "index.html";
      const leaving = AbortSignal.any([signal, request.signal]);
      const type = { "Content-Type": "text/event-stream" };
      return new HttpResponse(200, book.versions(page, leaving), { ...FIELDS, ...type });
    }
    const content = name === LIVE_SCRIPT_PATH ? asset("live.js") : book.file(name);
    if (content === undefined) {
      return new HttpResponse(404, `The book has no ${JSON.stringify(name)}.\n`, FIELDS);
    }
    const type = TYPES[path.posix.extname(name)] ?? "application/octet-stream";
    return new HttpResponse(200, content, { ...FIELDS, "Content-Type": type });
  };
}

/** `/` is the contents page; a folder its index. */
function fileName(asked: string): string {
  let name: string;
  try {
    name = decodeURIComponent(asked).replace(/^\//, "");
  } catch {
    return asked; // no file of the book has such a name
  }
  return name === "" || name.endsWith("/") ? `${name}index.html` : name;
}
