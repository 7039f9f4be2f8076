/** Writes names and numbers into a message; a name that was written before becomes a pointer to it. */
import { DnsError } from "./dns-error";
import { LABEL_MAX_BYTES, MESSAGE_MAX_BYTES, NAME_MAX_BYTES } from "./limits";
import { labelBytes, labelsOf, wireLength } from "./name";

const POINTER = 0xc000;
/** A pointer has 14 bits for its offset. */
const OFFSET_MAX = 0x3fff;
const FIRST_BYTES = 512;

export class MessageWriter {
  #bytes = Buffer.alloc(FIRST_BYTES);
  #length = 0;
  /** Where each name, and each end of one, was written first. */
  readonly #offsets = new Map<string, number>();

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  result(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  uint8(value: number): void {
    const at = this.#grow(1); // before #bytes is read: it may be replaced
    this.#bytes.writeUInt8(checked(value, 0xff), at);
  }

  uint16(value: number): void {
    const at = this.#grow(2); // before #bytes is read: it may be replaced
    this.#bytes.writeUInt16BE(checked(value, 0xffff), at);
  }

  uint32(value: number): void {
    const at = this.#grow(4); // before #bytes is read: it may be replaced
    this.#bytes.writeUInt32BE(checked(value, 0xffff_ffff), at);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Writes over two bytes that were written before. */
  patchUint16(at: number, value: number): void {
    this.#bytes.writeUInt16BE(checked(value, 0xffff), at);
  }

  /**
   * Writes an absolute name. `compress: false` is for data in which no pointer may stand (RFC 3597, 4).
   * @throws DnsError for a name that is none
   */
  name(name: string, { compress = true } = {}): void {
    // A text is never shorter than its bytes on the wire, but for the root's own.
    if (name.length >= NAME_MAX_BYTES && wireLength(name) > NAME_MAX_BYTES) {
      throw new DnsError("LONG_NAME", name);
    }
    let rest = name;
    for (const label of labelsOf(name)) {
      const known = compress ? this.#offsets.get(rest) : undefined;
      if (known !== undefined) {
        this.uint16(POINTER | known);
        return;
      }
      if (this.#length <= OFFSET_MAX && !this.#offsets.has(rest)) {
        this.#offsets.set(rest, this.#length);
      }
      const bytes = labelBytes(label);
      if (bytes.length === 0) throw new DnsError("EMPTY_LABEL", name);
      if (bytes.length > LABEL_MAX_BYTES) throw new DnsError("LONG_LABEL", label);
      this.uint8(bytes.length);
      this.raw(bytes);
      rest = rest.slice(label.length + 1);
    }
    this.uint8(0);
  }

  #grow(by: number): number {
    const start = this.#length;
    this.#length += by;
    if (this.#length > MESSAGE_MAX_BYTES) throw new DnsError("LONG_MESSAGE");
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(
        Math.min(MESSAGE_MAX_BYTES, Math.max(2 * this.#bytes.length, this.#length)),
      );
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    return start;
  }
}

function checked(value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new DnsError("BAD_VALUE", `${value}, and the most is ${max}`);
}
