/** Calls that wait for something to arrive, served first come, first served. */
import { onAbort } from "./abort";
import {
  announce,
  type CallName,
  type CallResult,
  type CallTarget,
  callsAreHeard,
} from "./announce";
import { type CallOptions, checkTimeout } from "./arguments";
import { type Operation, type Place, type SocketError, socketError } from "./errors";

/** A call that waits. It has left the queue when its result is given. */
export interface WaitingCall<T> {
  resolve(value: T | undefined): void;
  reject(error: unknown): void;
  /** The most bytes that the call takes; of no use to accept. */
  readonly maxBytes: number;
  /** Who made the call, so that an iteration can take its own back. */
  readonly owner: object | undefined;
  /** Takes the call's timer and its interest in a signal away. */
  release: (() => void) | undefined;
}

export class WaitingCalls<T> {
  #calls: WaitingCall<T>[] = [];
  readonly #operation: CallName;
  readonly #place: Place | (() => Place);
  readonly #target: CallTarget;
  readonly #told: (value: T) => CallResult;

  /** `target` and `told` are for announcing the calls: Node's socket, and what a result holds. */
  constructor(
    operation: CallName,
    place: Place | (() => Place),
    target: CallTarget,
    told: (value: T) => CallResult,
  ) {
    this.#operation = operation;
    this.#place = place;
    this.#target = target;
    this.#told = told;
  }

  /** Throws where a call cannot even begin: bad options, or a signal that has aborted already. */
  check(options: CallOptions): void {
    checkCall(options, this.#operation, this.#where());
  }

  /** True if a call waits that takes this many bytes at once. */
  fits(bytes: number): boolean {
    return this.#calls.length > 0 && this.#calls[0].maxBytes >= bytes;
  }

  /**
   * Waits to be served, but no longer than the options allow. Resolves with undefined only for a
   * call of an iteration (one with an owner) when the iteration is over.
   */
  wait(maxBytes: number, options?: CallOptions, owner?: object): Promise<T | undefined> {
    return new Promise<T | undefined>((resolve, reject) => {
      const call: WaitingCall<T> = { resolve, reject, maxBytes, owner, release: undefined };
      this.#calls.push(call);
      if (callsAreHeard()) this.#announce(call);
      if (options === undefined) return;
      call.release = waitNoLonger(options, this.#operation, this.#where(), (error) => {
        this.#remove(call);
        call.reject(error);
      });
    });
  }

  /** Passes on what a call found without waiting, after announcing it. */
  served(value: T): T {
    if (callsAreHeard()) {
      const id = {};
      announce(this.#operation, this.#target, { phase: "start", id });
      announce(this.#operation, this.#target, { phase: "end", id, ...this.#told(value) });
    }
    return value;
  }

  /** Says that a call waits, and later what became of it. */
  #announce(call: WaitingCall<T>): void {
    const { resolve, reject } = call;
    const tell = (phase: "start" | "end", result: CallResult & { error?: unknown } = {}) =>
      announce(this.#operation, this.#target, { phase, id: call, ...result });
    call.resolve = (value) => {
      tell("end", value === undefined ? {} : this.#told(value));
      resolve(value);
    };
    call.reject = (error) => {
      tell("end", { error });
      reject(error);
    };
    tell("start");
  }

  /** Takes the call that has waited longest; the caller gives it its result. */
  shift(): WaitingCall<T> | undefined {
    const call = this.#calls.shift();
    call?.release?.();
    return call;
  }

  /** Takes the first waiting call that is not part of an iteration: loops outlive one failure. */
  shiftCall(): WaitingCall<T> | undefined {
    const call = this.#calls.find((one) => one.owner === undefined);
    if (call !== undefined) this.#remove(call);
    return call;
  }

  /** Rejects every waiting call, each with an error of its own. */
  rejectAll(error: () => unknown): void {
    for (let call = this.shift(); call !== undefined; call = this.shift()) call.reject(error());
  }

  /** Ends every waiting call: an iteration is over (undefined), any other call is rejected. */
  endAll(error: () => unknown): void {
    for (let call = this.shift(); call !== undefined; call = this.shift()) {
      if (call.owner === undefined) call.reject(error());
      else call.resolve(undefined);
    }
  }

  /** Ends the waiting calls of one iteration, which are not awaited any more. */
  takeBack(owner: object): void {
    for (const call of this.#calls.filter((one) => one.owner === owner)) {
      this.#remove(call);
      call.resolve(undefined);
    }
  }

  #where(): Place {
    return typeof this.#place === "function" ? this.#place() : this.#place;
  }

  #remove(call: WaitingCall<T>): void {
    const index = this.#calls.indexOf(call);
    if (index >= 0) this.#calls.splice(index, 1);
    call.release?.();
  }
}

/** Throws where a call cannot even begin: bad options, or a signal that has aborted already. */
export function checkCall(options: CallOptions, operation: Operation, place: Place): void {
  checkTimeout(options.timeout);
  if (options.signal?.aborted) throw abortError(options.signal, operation, place);
}

/**
 * Calls `fail` once, when the options' timeout passes or their signal aborts. Returns a function
 * that stops waiting. A timeout of 0 fails at the next turn of the event loop.
 */
export function waitNoLonger(
  options: CallOptions,
  operation: Operation,
  place: Place,
  fail: (error: SocketError) => void,
): () => void {
  const { timeout, signal } = options;
  let timer: NodeJS.Timeout | undefined;
  let takeBack: (() => void) | undefined;
  const stop = () => {
    if (timer !== undefined) clearTimeout(timer);
    takeBack?.();
  };
  const timedOut = () => {
    stop();
    const what = `timed out after ${timeout} ms`;
    fail(socketError("TIMED_OUT", operation, place, { what }));
  };
  if (timeout !== undefined) timer = setTimeout(timedOut, timeout);
  if (signal !== undefined) {
    takeBack = onAbort(signal, () => {
      stop();
      fail(abortError(signal, operation, place));
    });
  }
  return stop;
}

/** What an aborted signal means: TIMED_OUT for `AbortSignal.timeout`, else ABORTED. */
export function abortError(signal: AbortSignal, operation: Operation, place: Place): SocketError {
  const cause: unknown = signal.reason;
  const timedOut = cause instanceof Error && cause.name === "TimeoutError";
  return socketError(timedOut ? "TIMED_OUT" : "ABORTED", operation, place, { cause });
}
