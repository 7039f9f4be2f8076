/**
 * The bytes received and not yet read, however they were cut.
 *
 * Readers move `pos` forward and never look back past `mark`. A message head that lies in one piece
 * is read where it lies; one that was cut is gathered in a buffer that doubles, so that each byte is
 * copied a constant number of times however many pieces it came in.
 */

const NOTHING = Buffer.alloc(0);
const GATHER_BYTES = 512;

export class ReceiveBuffer {
  /** The piece being read: from `pos` up to `end`. */
  bytes: Buffer = NOTHING;
  pos = 0;
  end = 0;
  /** Start of what must stay in one piece, or -1. */
  mark = -1;
  #owned = false;
  #waiting: Buffer[] = [];
  #nextWaiting = 0;
  #waitingBytes = 0;

  /** Bytes received and not yet read. */
  get length(): number {
    return this.end - this.pos + this.#waitingBytes;
  }

  /** Takes the bytes in; they must not change afterwards. */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    const bytes = Buffer.isBuffer(piece)
      ? piece
      : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (this.pos === this.end && this.mark < 0 && this.#waitingBytes === 0) {
      this.#read(bytes);
    } else {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
    }
  }

  /** Call at `pos === end`: makes the next piece readable. False when there is none. */
  more(): boolean {
    if (this.#waitingBytes === 0) return false;
    const piece = this.#waiting[this.#nextWaiting++];
    this.#waitingBytes -= piece.length;
    if (this.#waitingBytes === 0) {
      this.#waiting = [];
      this.#nextWaiting = 0;
    }
    if (this.mark < 0) this.#read(piece);
    else this.#append(piece);
    return true;
  }

  /** Forgets what was received. */
  clear(): void {
    this.#read(NOTHING);
    this.mark = -1;
    this.#waiting = [];
    this.#nextWaiting = 0;
    this.#waitingBytes = 0;
  }

  #read(piece: Buffer): void {
    this.bytes = piece;
    this.pos = 0;
    this.end = piece.length;
    this.#owned = false;
  }

  #append(piece: Buffer): void {
    const kept = this.end - this.mark;
    if (!this.#owned || this.end + piece.length > this.bytes.length) {
      // Never reused: pieces of a body may still be read from the buffer that is left behind.
      const room = Math.max(GATHER_BYTES, 2 * (kept + piece.length));
      const gathered = Buffer.allocUnsafeSlow(room);
      this.bytes.copy(gathered, 0, this.mark, this.end);
      this.pos -= this.mark;
      this.mark = 0;
      this.end = kept;
      this.bytes = gathered;
      this.#owned = true;
    }
    piece.copy(this.bytes, this.end);
    this.end += piece.length;
  }
}
