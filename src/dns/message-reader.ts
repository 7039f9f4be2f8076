/**
 * Reads names and numbers out of a message, and never beyond its end.
 *
 *     +--+--+--+--+--+--+--+--+          +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *     |0  0 |     LENGTH      | label    |1  1 |              OFFSET                    | pointer
 *     +--+--+--+--+--+--+--+--+          +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *
 * A name is a sequence of labels that ends with a label of length 0, or with a pointer to the rest of a name
 * that stands earlier in the message (RFC 1035, 4.1.4).
 */
import { DnsError } from "./dns-error";
import { NAME_MAX_BYTES } from "./limits";
import { joinLabels, labelText } from "./name";

const POINTER_BITS = 0xc0;

export class MessageReader {
  /** The byte to read next. */
  at = 0;

  constructor(readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  uint8(): number {
    return this.bytes[this.#take(1)];
  }

  uint16(): number {
    return this.bytes.readUInt16BE(this.#take(2));
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.#take(4));
  }

  raw(length: number): Buffer {
    const start = this.#take(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Each pointer must lead to before the place that the last one led to: so a loop cannot be. */
  name(): string {
    const labels: string[] = [];
    let earliest = this.at;
    let after: number | undefined; // where reading goes on: behind the first pointer
    let length = 1;
    for (;;) {
      const size = this.uint8();
      if (size === 0) break;
      if (size >= POINTER_BITS) {
        const target = ((size & ~POINTER_BITS) << 8) | this.uint8();
        after ??= this.at;
        if (target >= earliest) throw new DnsError("BAD_POINTER", `to byte ${target}`);
        earliest = target;
        this.at = target;
        continue;
      }
      if ((size & POINTER_BITS) !== 0) throw new DnsError("BAD_LABEL");
      length += 1 + size;
      if (length > NAME_MAX_BYTES) throw new DnsError("LONG_NAME");
      const start = this.#take(size);
      labels.push(labelText(this.bytes, start, start + size));
    }
    if (after !== undefined) this.at = after;
    return joinLabels(labels);
  }

  #take(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.length) throw new DnsError("CUT_SHORT");
    this.at = start + length;
    return start;
  }
}
