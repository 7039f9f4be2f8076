/**
 * The way out of a connection: small writes are gathered into one, large ones are cut, and a
 * response that writes a lot waits until the client has taken it.
 */

import type { Socket } from "node:net";

/** Up to this size, bytes are joined to the text before them: one write costs more than the copy. */
const JOIN_BYTES = 4096;
/** Text gathered beyond this goes to the socket without waiting for more. */
const GATHER_CHARACTERS = 64 * 1024;

export class Outgoing {
  /** Gathered and not yet written; one byte a character. */
  #text = "";
  #flushing = false;
  #onDrained: (() => void) | undefined;

  constructor(private readonly socket: Socket) {}

  /** Whether the client takes less than it is given. */
  get blocked(): boolean {
    return this.socket.writableNeedDrain;
  }

  /** Whether bytes are still to be taken by the system. */
  get pending(): boolean {
    return this.#text !== "" || this.socket.writableLength > 0;
  }

  /** Sends text with one byte a character. */
  text(text: string): void {
    this.#text += text;
    if (this.#text.length > GATHER_CHARACTERS) this.flush();
  }

  /** Sends bytes. */
  bytes(bytes: Uint8Array): void {
    if (bytes.length <= JOIN_BYTES) {
      const joined = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
      this.text(joined);
      return;
    }
    this.socket.cork();
    this.flush();
    this.socket.write(bytes);
    this.socket.uncork();
  }

  /** Writes what was gathered. */
  flush(): void {
    const text = this.#text;
    if (text === "") return;
    this.#text = "";
    if (this.socket.writable) this.socket.write(text, "latin1");
  }

  /** Writes what was gathered, once the answers that are ready by then have joined it. */
  flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    process.nextTick(flushNow, this);
  }

  /** Resolves when the client has taken enough, or is gone. */
  drained(): Promise<void> {
    this.flush();
    if (!this.blocked || this.socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }

  /** Call when the socket drained, or closed. False if no call waited. */
  wake(): boolean {
    const resolve = this.#onDrained;
    this.#onDrained = undefined;
    resolve?.();
    return resolve !== undefined;
  }

  /** For flushSoon only: a method of each instance would cost memory for each connection. */
  flushed(): void {
    this.#flushing = false;
    this.flush();
  }
}

function flushNow(outgoing: Outgoing): void {
  outgoing.flushed();
}
