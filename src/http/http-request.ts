/** A request as a handler sees it. */

import type { Endpoint } from "../sockets/endpoint";
import { Fields } from "./fields";
import { HttpError } from "./http-error";
import type { RequestHead } from "./request-head";

/** Where the content of a request comes from. */
export interface BodySource {
  /** The next piece; undefined at the end. */
  read(): Promise<Buffer | undefined>;
  /** Fields that came after the content, once it is read. */
  readonly trailers: Fields;
}

/** What a request asks of its connection. */
export interface RequestOrigin {
  readonly remote: Endpoint;
  readonly maxBodyBytes: number;
  abortSignal(): AbortSignal;
  admit(): void;
}

/** One for all requests without content, which are most. */
const NO_CONTENT = Promise.resolve(Buffer.alloc(0));

export class HttpRequest {
  #query: URLSearchParams | undefined;
  #claimed = false;

  constructor(
    /** Request line and fields as the parser accepted them. */
    readonly head: RequestHead,
    readonly source: BodySource | undefined,
    private readonly origin: RequestOrigin,
  ) {}

  /** As sent: methods are case-sensitive (RFC 9110, 9.1). */
  get method(): string {
    return this.head.method;
  }

  /** The request target as sent. */
  get target(): string {
    return this.head.target;
  }

  /** The path as sent, percent-encodings and all: decode a segment, never the whole. */
  get path(): string {
    const whole = this.head.pathAndQuery;
    const end = whole.indexOf("?");
    return end < 0 ? whole : whole.slice(0, end);
  }

  /** The query as sent, without its "?"; "" where there is none. */
  get queryText(): string {
    const whole = this.head.pathAndQuery;
    const start = whole.indexOf("?");
    return start < 0 ? "" : whole.slice(start + 1);
  }

  /** The query as form data: decoded names and values. */
  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.queryText);
    return this.#query;
  }

  /** Host and port that the request is for (RFC 9112, 3.3). */
  get host(): string {
    return this.head.host;
  }

  get fields(): Fields {
    return this.head.fields;
  }

  /** Fields sent after chunked content; none before the content is read. */
  get trailers(): Fields {
    return this.source?.trailers ?? Fields.none;
  }

  /** "1.1" or "1.0". */
  get version(): string {
    return `1.${this.head.minorVersion}`;
  }

  /** The other end of the connection. */
  get remote(): Endpoint {
    return this.origin.remote;
  }

  /** Keeps the connection a place: its client has shown that it may ask (maxNewcomers in limits.ts). */
  admit(): void {
    this.origin.admit();
  }

  /**
   * Aborted when the connection is lost before the answer is sent. A client that has only ended its
   * own side may still read the answer, and is not gone.
   */
  get signal(): AbortSignal {
    return this.origin.abortSignal();
  }

  /**
   * The content in pieces as it arrives, once. Reading throws HttpError when the content is malformed,
   * too large or too slow (let it pass, and the server answers as it should), ClientGone when the
   * client is gone.
   */
  get body(): AsyncIterable<Buffer> {
    return this.#pieces();
  }

  /**
   * All of the content, once.
   * @param maxBytes at most the server's own maxBodyBytes
   * @throws HttpError BODY_TOO_LARGE beyond it; TypeError when it was asked for before
   */
  bytes(maxBytes: number = this.origin.maxBodyBytes): Promise<Buffer> {
    if (this.#claimed || this.source !== undefined) return this.#gather(maxBytes);
    this.#claimed = true;
    return NO_CONTENT;
  }

  /** All of the content as UTF-8. @throws HttpError BAD_CONTENT when it is not */
  async text(maxBytes?: number): Promise<string> {
    const bytes = await this.bytes(maxBytes);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw new HttpError("BAD_CONTENT", "the content is not UTF-8");
    }
  }

  /** All of the content as JSON. @throws HttpError BAD_CONTENT when it is not */
  async json(maxBytes?: number): Promise<unknown> {
    const text = await this.text(maxBytes);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new HttpError("BAD_CONTENT", "the content is not JSON");
    }
  }

  async #gather(maxBytes: number): Promise<Buffer> {
    this.#claim();
    let gathered = Buffer.alloc(0);
    if (this.source === undefined) return gathered;
    const announced = this.head.contentLength;
    if (announced > maxBytes) throw new HttpError("BODY_TOO_LARGE");
    let length = 0;
    for (let piece = await this.source.read(); piece; piece = await this.source.read()) {
      if (piece.length === announced) return piece;
      length += piece.length;
      if (length > maxBytes) throw new HttpError("BODY_TOO_LARGE");
      if (length > gathered.length) {
        // Doubling keeps a body that comes a byte at a time linear; its length is not trusted.
        const grown = Buffer.allocUnsafe(2 * length);
        gathered.copy(grown, 0, 0, length - piece.length);
        gathered = grown;
      }
      piece.copy(gathered, length - piece.length);
    }
    return gathered.subarray(0, length);
  }

  async *#pieces(): AsyncGenerator<Buffer> {
    this.#claim();
    if (this.source === undefined) return;
    for (let piece = await this.source.read(); piece; piece = await this.source.read()) yield piece;
  }

  #claim(): void {
    if (this.#claimed) throw new TypeError("the content of a request can be read once");
    this.#claimed = true;
  }
}
