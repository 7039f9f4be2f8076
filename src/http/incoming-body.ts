/** The content of one request, read from the parser as a handler asks for it. */

import { Fields } from "./fields";
import { ClientGone, type HttpError } from "./http-error";
import type { BodySource } from "./http-request";
import type { RequestParser } from "./request-parser";

/** What the content needs of its connection. */
export interface BodyFeed {
  /** Resolves when more was received, or the client is gone (then false). */
  more(): Promise<boolean>;
  /** Says that the content is wanted (RFC 9110, 10.1.1). */
  sendContinue(): void;
}

export class IncomingBody implements BodySource {
  trailers = Fields.none;
  /** Whether anybody asked for it. */
  touched = false;
  /** Whether the request is read to its end. */
  done = false;
  /** What is wrong with it, once known. */
  failure: HttpError | ClientGone | undefined;
  #closed = false;

  constructor(
    private readonly parser: RequestParser,
    private readonly feed: BodyFeed,
    /** Whether the client waits for "100 Continue" before it sends the content. */
    public expectsContinue: boolean,
  ) {}

  async read(): Promise<Buffer | undefined> {
    if (this.#closed) throw new TypeError("the request is answered; its content is gone");
    for (;;) {
      this.touched = true;
      const piece = this.take();
      if (this.failure !== undefined) throw this.failure;
      if (piece !== undefined || this.done) return piece;
      if (this.expectsContinue) {
        this.expectsContinue = false;
        this.feed.sendContinue();
      }
      if (!(await this.feed.more())) this.failure ??= new ClientGone();
    }
  }

  /** The next piece that is here; undefined when there is none, or at the end, or on failure. */
  take(): Buffer | undefined {
    if (this.done || this.failure !== undefined) return undefined;
    const event = this.parser.next();
    if (event === undefined || event.type === "head") return undefined;
    this.expectsContinue = false;
    if (event.type === "body") return event.bytes;
    if (event.type === "end") {
      this.done = true;
      this.trailers = event.trailers;
    } else {
      this.failure = event.error;
    }
    return undefined;
  }

  /** Drops what is here. Returns the bytes dropped. */
  discard(): number {
    let bytes = 0;
    for (let piece = this.take(); piece !== undefined; piece = this.take()) bytes += piece.length;
    return bytes;
  }

  /** Lets nobody read on: the answer is sent. */
  close(): void {
    this.#closed = true;
  }
}
