// Printed text on its way from the main thread to the server thread: a ring in shared memory.
// A cell that never yields still shows what it prints, and one that prints faster than the front end
// reads is held back instead of filling memory.

export interface TextRecord {
  /** The execute request whose cell printed it. */
  request: number;
  name: "stdout" | "stderr";
  bytes: Uint8Array;
}

/** A power of two, so that positions may wrap at 2^32. */
export const RING_BYTES = 1 << 20;
const MAX_RECORD_BYTES = 1 << 16;
const HEADER_BYTES = 8;
/** A blocked writer looks up this often, so that an interrupt can end it. */
const WAIT_SLICE_MS = 20;

const WRITTEN = 0;
const READ = 1;
const READER_IDLE = 2;
const CONTROL_BYTES = 16;

export class TextRing {
  private readonly control: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly headers: Uint32Array;

  constructor(memory: SharedArrayBuffer) {
    this.control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.bytes = new Uint8Array(memory, CONTROL_BYTES);
    this.headers = new Uint32Array(memory, CONTROL_BYTES);
  }

  static allocate(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(CONTROL_BYTES + RING_BYTES);
    new Int32Array(memory)[READER_IDLE] = 1;
    return memory;
  }

  /** The position after everything written so far. */
  get written(): number {
    return Atomics.load(this.control, WRITTEN);
  }

  /**
   * Appends bytes; waits (blocking this thread) while the ring is full.
   * @returns true when the reader was idle and must be woken.
   */
  write(request: number, name: TextRecord["name"], data: Uint8Array): boolean {
    let wake = false;
    for (let at = 0; at < data.length; at += MAX_RECORD_BYTES) {
      const piece = data.subarray(at, at + MAX_RECORD_BYTES);
      this.append(request, name, piece);
      wake = Atomics.exchange(this.control, READER_IDLE, 0) === 1 || wake;
      // The rest may have to wait for a reader that does not yet know: the caller wakes it first.
      if (wake && at + MAX_RECORD_BYTES < data.length) {
        this.onWake?.();
        wake = false;
      }
    }
    return wake;
  }

  /** Set by the writer: wakes the reader in the middle of a long write. */
  onWake: (() => void) | undefined;

  /** Set by the writer: whether to stop waiting for a reader. */
  giveUp: (() => boolean) | undefined;

  private append(request: number, name: TextRecord["name"], piece: Uint8Array): void {
    const needed = HEADER_BYTES + align(piece.length);
    const written = Atomics.load(this.control, WRITTEN);
    for (;;) {
      const read = Atomics.load(this.control, READ);
      if (RING_BYTES - ((written - read) >>> 0) >= needed) break;
      // The text of a cell that is being interrupted is given up.
      if (this.giveUp?.()) return;
      Atomics.wait(this.control, READ, read, WAIT_SLICE_MS);
    }
    const start = offset(written);
    this.headers[start / 4] = request;
    this.headers[start / 4 + 1] = piece.length * 2 + (name === "stderr" ? 1 : 0);
    const body = offset(written + HEADER_BYTES);
    const first = Math.min(piece.length, RING_BYTES - body);
    this.bytes.set(piece.subarray(0, first), body);
    this.bytes.set(piece.subarray(first), 0);
    // Published last: a writer ended half-way leaves nothing visible.
    Atomics.store(this.control, WRITTEN, (written + needed) | 0);
  }

  /** The next record, or undefined when the reader has come to `until`. */
  read(until: number): TextRecord | undefined {
    const read = Atomics.load(this.control, READ);
    if (((until - read) | 0) <= 0) return undefined;
    const start = offset(read);
    const request = this.headers[start / 4] as number;
    const packed = this.headers[start / 4 + 1] as number;
    const length = packed >>> 1;
    const body = offset(read + HEADER_BYTES);
    const bytes = new Uint8Array(length);
    const first = Math.min(length, RING_BYTES - body);
    bytes.set(this.bytes.subarray(body, body + first));
    bytes.set(this.bytes.subarray(0, length - first), first);
    Atomics.store(this.control, READ, (read + HEADER_BYTES + align(length)) | 0);
    Atomics.notify(this.control, READ);
    return { request, name: packed & 1 ? "stderr" : "stdout", bytes };
  }

  /** Declares the reader idle. @returns false when text came in meanwhile: read on. */
  rest(): boolean {
    Atomics.store(this.control, READER_IDLE, 1);
    if (this.written === Atomics.load(this.control, READ)) return true;
    // The writer may have seen the flag and sent a wake-up: one too many does no harm.
    Atomics.store(this.control, READER_IDLE, 0);
    return false;
  }
}

function align(length: number): number {
  return (length + HEADER_BYTES - 1) & ~(HEADER_BYTES - 1);
}

function offset(position: number): number {
  return (position >>> 0) & (RING_BYTES - 1);
}
