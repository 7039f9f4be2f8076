/** The content of one request: the connection puts pieces in, a handler takes them out. */

import { Fields } from "./fields";
import type { ClientGone, HttpError } from "./http-error";
import type { BodySource } from "./http-request";

/** What the content needs of its connection. */
export interface BodyFeed {
  /** Has the connection put in the next piece, the end or a failure, now if it is here, else later. */
  feed(): void;
  /** Tells the client that the content is wanted (RFC 9110, 10.1.1). */
  sendContinue(): void;
}

interface Reader {
  resolve(piece: Buffer | undefined): void;
  reject(error: Error): void;
}

export class IncomingBody implements BodySource {
  trailers = Fields.none;
  /** True once the handler asked for it. */
  touched = false;
  /** True once the request is read to its end. */
  done = false;
  /** What is wrong with it, once known. */
  failure: HttpError | ClientGone | undefined;
  /** Bytes that arrived and that the handler did not ask for. */
  droppedBytes = 0;
  #reader: Reader | undefined;
  #closed = false;

  constructor(
    private readonly source: BodyFeed,
    /** True while the client waits for "100 Continue" before it sends the content. */
    public expectsContinue: boolean,
    /** Milliseconds that the client may still take to send it. */
    public msLeft: number,
  ) {}

  /** True while the handler waits for a piece. */
  get wanted(): boolean {
    return this.#reader !== undefined;
  }

  async read(): Promise<Buffer | undefined> {
    if (this.#closed) throw new TypeError("the request is answered; its content is gone");
    this.touched = true;
    if (this.failure !== undefined) throw this.failure;
    if (this.done) return undefined;
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.source.feed();
      if (!this.wanted || !this.expectsContinue) return;
      this.expectsContinue = false;
      this.source.sendContinue();
    });
  }

  /** A piece for the handler that waits for one; dropped when none does. */
  push(piece: Buffer): void {
    this.expectsContinue = false;
    if (this.#reader === undefined) this.droppedBytes += piece.length;
    else this.#take().resolve(piece);
  }

  /** The content is complete. */
  end(trailers: Fields): void {
    this.expectsContinue = false;
    this.done = true;
    this.trailers = trailers;
    if (this.#reader !== undefined) this.#take().resolve(undefined);
  }

  /** The content will never be complete. */
  fail(failure: HttpError | ClientGone): void {
    this.expectsContinue = false;
    this.failure ??= failure;
    if (this.#reader !== undefined) this.#take().reject(this.failure);
  }

  /** Refuses to be read on: the response is sent. */
  close(): void {
    this.#closed = true;
  }

  #take(): Reader {
    const reader = this.#reader as Reader;
    this.#reader = undefined;
    return reader;
  }
}
