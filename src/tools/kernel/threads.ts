// What the two threads of a kernel say to each other. The server thread owns every ZeroMQ socket; the
// main thread compiles and runs cells. So a busy cell never keeps heartbeats, interrupts or a shutdown
// from being answered.

import type { MessagePort } from "node:worker_threads";
import type { Versions } from "./kernel-info";
import type { Content } from "./protocol";
import { GUARD_WORD } from "./repairs/guards";

/** Handed to the server thread when it starts. */
export interface ServerOptions {
  /** Where packages are resolved from. */
  root: string;
  connectionFile: string;
  versions: Versions;
  /** Brings a message for each SIGINT. */
  signals: MessagePort;
  /** Memory of the TextRing that carries printed text. */
  ring: SharedArrayBuffer;
  /** Memory of the SharedState. */
  state: SharedArrayBuffer;
}

/** From the server thread to the main thread. */
export type ToEngine =
  | { type: "request"; request: number; msgType: string; content: Content; metadata: Content }
  | { type: "interrupt"; interrupt: number }
  /** A loop that blocked the main thread was ended by force; repair what that left behind. */
  | { type: "terminated" }
  | { type: "shutdown" };

/** From the main thread to the server thread. `textUntil` orders a message after the text before it. */
export type ToServer =
  | { type: "ready" }
  | { type: "text" }
  | {
      type: "publish";
      request: number;
      msgType: string;
      content: Content;
      textUntil: number;
    }
  | { type: "reply"; request: number; content: Content; textUntil: number }
  | { type: "interrupted"; interrupt: number };

/** Words both threads read and write without waiting for each other. */
export class SharedState {
  /** Non-zero: loops in cells shall end (see repairs/guards). */
  static readonly END_LOOPS = GUARD_WORD;
  /** Non-zero while the compiler runs: it must not be ended half-way, its state would be lost. */
  static readonly COMPILING = 1;
  /** How many interrupts were asked for so far. */
  static readonly INTERRUPTS = 2;
  /** How many loops in cells have ended because they were told to. */
  static readonly LOOPS_ENDED = 3;
  private static readonly WORDS = 4;

  readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(SharedState.WORDS * Int32Array.BYTES_PER_ELEMENT);
  }

  get compiling(): boolean {
    return Atomics.load(this.words, SharedState.COMPILING) !== 0;
  }

  get interrupts(): number {
    return Atomics.load(this.words, SharedState.INTERRUPTS);
  }

  get endLoops(): boolean {
    return Atomics.load(this.words, SharedState.END_LOOPS) !== 0;
  }

  set endLoops(end: boolean) {
    Atomics.store(this.words, SharedState.END_LOOPS, end ? 1 : 0);
  }

  get loopsEnded(): number {
    return Atomics.load(this.words, SharedState.LOOPS_ENDED);
  }

  countLoopEnd(): void {
    Atomics.add(this.words, SharedState.LOOPS_ENDED, 1);
  }

  countInterrupt(): number {
    return Atomics.add(this.words, SharedState.INTERRUPTS, 1) + 1;
  }

  /** Runs `work` as a stretch that an interrupt waits for. */
  compile<T>(work: () => T): T {
    Atomics.add(this.words, SharedState.COMPILING, 1);
    try {
      return work();
    } finally {
      Atomics.sub(this.words, SharedState.COMPILING, 1);
    }
  }
}
