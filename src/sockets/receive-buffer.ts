/** Bytes that have arrived and have not been received yet: a queue of chunks, read like a stream. */

export class ReceiveBuffer {
  #chunks: Buffer[] = [];
  /** Bytes of the first chunk that have been taken already. */
  #taken = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Takes 1 to `maxBytes` bytes, joined as the kernel would join them; something must be there. */
  take(maxBytes: number): Buffer {
    const wanted = Math.min(maxBytes, this.#bytes);
    const first = this.#chunks[0];
    const available = first.length - this.#taken;
    if (available > wanted) {
      this.#taken += wanted;
      this.#bytes -= wanted;
      return first.subarray(this.#taken - wanted, this.#taken);
    }
    const head = this.#taken === 0 ? first : first.subarray(this.#taken);
    this.#bytes -= available;
    this.#taken = 0;
    if (available === wanted) {
      this.#chunks.shift();
      return head;
    }
    return this.#join(head, wanted);
  }

  clear(): void {
    this.#chunks = [];
    this.#taken = 0;
    this.#bytes = 0;
  }

  #join(head: Buffer, wanted: number): Buffer {
    const joined = Buffer.allocUnsafe(wanted);
    let filled = head.copy(joined);
    let used = 1;
    while (filled < wanted) {
      const chunk = this.#chunks[used];
      const copied = chunk.copy(joined, filled, 0, wanted - filled);
      filled += copied;
      this.#bytes -= copied;
      if (copied === chunk.length) used++;
      else this.#taken = copied;
    }
    this.#chunks.splice(0, used);
    return joined;
  }
}
