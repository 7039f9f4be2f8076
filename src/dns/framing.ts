/**
 * Messages over TCP: two bytes before each tell its length (RFC 1035, 4.2.2). A stream may cut or join them
 * anywhere, and a client may send several without waiting (RFC 7766, 6.2.1.1).
 */
import { HEADER_BYTES } from "./decode";
import { DnsError } from "./dns-error";
import { MESSAGE_MAX_BYTES } from "./limits";

const LENGTH_BYTES = 2;

/** The message with its length before it, to be sent with one call. @throws DnsError LONG_MESSAGE */
export function frame(message: Uint8Array): Buffer {
  if (message.length > MESSAGE_MAX_BYTES) throw new DnsError("LONG_MESSAGE");
  const framed = Buffer.alloc(LENGTH_BYTES + message.length);
  framed.writeUInt16BE(message.length);
  framed.set(message, LENGTH_BYTES);
  return framed;
}

/** Puts the messages of a stream together again. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** True when a message has begun and is not whole. */
  get unfinished(): boolean {
    return this.#bytes > 0;
  }

  /**
   * Takes bytes as they came.
   * @returns the messages that are whole now
   * @throws DnsError EMPTY_FRAME for a length that has no room for a header: the stream is lost
   */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      if (this.#bytes < LENGTH_BYTES) return messages;
      if (this.#chunks[0].length < LENGTH_BYTES) this.#join();
      const length = this.#chunks[0].readUInt16BE();
      if (length < HEADER_BYTES) throw new DnsError("EMPTY_FRAME", `${length} bytes`);
      const end = LENGTH_BYTES + length;
      if (this.#bytes < end) return messages;
      this.#join();
      messages.push(this.#chunks[0].subarray(LENGTH_BYTES, end));
      this.#chunks = [this.#chunks[0].subarray(end)];
      this.#bytes -= end;
    }
  }

  #join(): void {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}
