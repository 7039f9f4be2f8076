/** One end of a TCP connection, with the calls of the BSD sockets made awaitable. */
import type { Socket } from "node:net";
import type { CallResult } from "./announce";
import { type CallOptions, checkMaxBytes, toBytes } from "./arguments";
import { type Endpoint, endpointOf } from "./endpoint";
import { type Operation, type SocketError, socketError, toSocketError, traced } from "./errors";
import { iterate } from "./iteration";
import {
  CLOSE_DISCARD_MAX_MS,
  CLOSE_FLUSH_MAX_MS,
  RECEIVE_BUFFER_MAX_BYTES,
  RECEIVE_PAUSE_BYTES,
  SEND_QUEUE_MAX_BYTES,
} from "./limits";
import { ReceiveBuffer } from "./receive-buffer";
import { checkCall, WaitingCalls, waitNoLonger } from "./waiting-calls";

const NOTHING = new Uint8Array();

/**
 * A connection from `connect` or `accept`. TCP carries a stream of bytes, not messages (RFC 9293,
 * section 3.8): the kernel may join what two sends wrote, or cut what one did.
 */
export class TcpSocket {
  /** This end. */
  readonly local: Endpoint;
  /** The other end; port 0 when the peer had gone before its address could be read. */
  readonly remote: Endpoint;

  readonly #socket: Socket;
  readonly #received = new ReceiveBuffer();
  readonly #receiving: WaitingCalls<Buffer>;
  /** The peer has sent its last byte. */
  #ended = false;
  /** We have asked Node to stop reading. */
  #paused = false;
  /** Makes the error that ended the connection, afresh for each call that it fails. */
  #failure: ((operation: Operation) => SocketError) | undefined;
  /** This side ended the connection, so nothing is to be received any more. */
  #over = false;
  #shutdown: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** The descriptor is released. */
  #gone = false;
  #onClosed: (() => void) | undefined;
  #lingering: NodeJS.Timeout | undefined;

  /**
   * For `connect` and `accept`: wraps a connected socket of Node's that nobody else reads. `local`
   * spares asking the system for what a server knows.
   */
  constructor(socket: Socket, onGone?: (gone: TcpSocket) => void, local?: Endpoint) {
    this.#socket = socket;
    this.local = local ?? endpointOf(socket.localAddress, socket.localPort, socket.localFamily);
    this.remote = endpointOf(socket.remoteAddress, socket.remotePort, socket.remoteFamily);
    this.#receiving = new WaitingCalls("recv", this.remote, socket, bytesTaken);
    socket.on("error", (error) => this.#onError(error));
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    socket.on("end", () => this.#onEnd());
    socket.on("close", () => {
      this.#onGone();
      onGone?.(this);
    });
  }

  /** Node's own socket: for announcing calls, not for reading beside this one. */
  static nodeSocketOf(socket: TcpSocket): Socket {
    return socket.#socket;
  }

  /** Bytes that have arrived and have not been received yet. */
  get buffered(): number {
    return this.#received.bytes + this.#socket.readableLength;
  }

  /** True once `close`, `reset` or `destroy` was called, or the connection has failed. */
  get closed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Receives 1 to `maxBytes` bytes, as soon as any are there: it does not wait for more. Resolves
   * with an empty Buffer at the end of the stream (the peer has shut down or closed), and again
   * on every later call. Bytes that arrived before the call are kept for it. Several calls that
   * wait are served in order. A call that times out or is aborted takes nothing.
   *
   * Rejects with RESET when the peer ended the connection abruptly (after the bytes that had
   * arrived by then), CLOSED when this side closes, TIMED_OUT, ABORTED; RangeError or TypeError
   * for a `maxBytes` that is not a positive integer.
   */
  async recv(maxBytes: number, options?: CallOptions): Promise<Buffer> {
    checkMaxBytes(maxBytes);
    if (options !== undefined) this.#receiving.check(options);
    const ready = this.#ready(maxBytes);
    if (ready !== undefined) return this.#receiving.served(ready);
    try {
      const chunk = await this.#receiving.wait(maxBytes, options);
      if (chunk !== undefined) return chunk;
    } catch (error) {
      throw traced(error);
    }
    throw this.#closedError("recv");
  }

  /**
   * Sends all of `data` (a string as UTF-8). Resolves when the kernel has taken the last byte, so
   * a peer that does not read makes it wait; it does not mean that the peer has received any.
   * Sends go out in the order of the calls. Leave the bytes unchanged until it resolves.
   *
   * A send that times out or is aborted may have sent a part, and the rest may still follow:
   * nobody can take bytes back from a stream, so `reset` the connection.
   *
   * Rejects with QUEUE_FULL, sending nothing, while more than SEND_QUEUE_MAX_BYTES of earlier
   * sends wait; RESET or CLOSED_EARLY when the peer is gone; CLOSED after `close` or `shutdown`;
   * TIMED_OUT, ABORTED; TypeError for other data.
   */
  async send(data: string | Uint8Array, options?: CallOptions): Promise<void> {
    const bytes = toBytes(data);
    if (options !== undefined) checkCall(options, "send", this.remote);
    if (this.#failure !== undefined) throw this.#failure("send");
    if (this.#shutdown !== undefined) {
      const what = "the sending side is shut down";
      throw socketError("CLOSED", "send", this.remote, { what });
    }
    const queued = this.#socket.writableLength;
    if (queued > SEND_QUEUE_MAX_BYTES) {
      const what = `${queued} bytes of earlier sends still wait`;
      throw socketError("QUEUE_FULL", "send", this.remote, { what });
    }
    if (bytes.length === 0) return;
    const socket = this.#socket;
    socket.write(bytes);
    if (socket.errored !== null) throw this.#explained(socket.errored, "send");
    if (socket.writableLength === 0) return; // the kernel has taken it all at once
    try {
      await this.#flushed(options);
    } catch (error) {
      throw traced(error);
    }
  }

  /**
   * Half-closes: no more sends, the peer reads the end of the stream after what was sent, and this
   * side can still receive. Resolves when all is handed to the kernel; idempotent.
   * Rejects with RESET, CLOSED_EARLY or CLOSED when the connection has ended otherwise.
   */
  shutdown(): Promise<void> {
    this.#shutdown ??= new Promise((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure("shutdown"));
      else {
        this.#socket.end((error?: Error | null) => {
          if (error) reject(this.#explained(error, "shutdown"));
          else resolve();
        });
      }
    });
    return this.#shutdown;
  }

  /**
   * Closes both ways and resolves when the descriptor is released; idempotent, never rejects.
   * Calls that wait to receive reject with CLOSED. What was sent is flushed first: for at most
   * CLOSE_FLUSH_MAX_MS while the peer does not take it, then the connection is reset.
   *
   * Where the peer sent bytes that nobody received, an operating system would answer them with a
   * reset, which can destroy our last bytes before the peer reads them (RFC 1122, 4.2.2.13). So
   * `close` then discards what comes until the peer has ended too, for at most
   * CLOSE_DISCARD_MAX_MS.
   */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#onClosed = resolve;
      this.#beginClose();
      if (this.#gone) resolve();
    });
    return this.#closing;
  }

  /**
   * Ends the connection abruptly (RST): what was sent and not delivered is lost, and the peer's
   * next recv fails with a reset. Calls that wait here reject with CLOSED.
   */
  reset(): void {
    this.#endHere((operation) => this.#closedError(operation));
    const socket = this.#socket;
    // libuv refuses a reset while the FIN of a shutdown is on its way: let that finish first.
    if (socket.writableEnded && !socket.writableFinished && socket.writableLength === 0) {
      socket.once("finish", () => socket.resetAndDestroy());
    } else if (!socket.destroyed) {
      socket.resetAndDestroy();
    }
  }

  /**
   * Ends the connection at once without flushing; every call rejects with ABORTED because of
   * `reason`. This is what an aborted `signal` of `listen` or `connect` does.
   */
  destroy(reason?: unknown): void {
    if (this.#over && this.#gone) return;
    const failure = (operation: Operation) =>
      socketError("ABORTED", operation, this.remote, { cause: reason });
    this.#receiving.rejectAll(() => failure("recv"));
    this.#endHere(failure);
    this.#socket.destroy();
  }

  /**
   * Chunks as they arrive, until the end of the stream or until this side closes. Throws what
   * `recv` would. Leaving the loop leaves the socket open, with the rest to be received.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer> {
    const notEmpty = (chunk: Buffer | undefined) => (chunk?.length ? chunk : undefined);
    return iterate({
      over: () =>
        (this.#ended && this.#received.bytes === 0) ||
        (this.#over && this.#failure?.("recv").code === "CLOSED"),
      ready: () => {
        const chunk = this.#ready(RECEIVE_BUFFER_MAX_BYTES);
        return chunk === undefined ? undefined : this.#receiving.served(chunk);
      },
      wait: (owner) =>
        this.#receiving.wait(RECEIVE_BUFFER_MAX_BYTES, undefined, owner).then(notEmpty),
      takeBack: (owner) => this.#receiving.takeBack(owner),
    });
  }

  /** What a recv gets without waiting, if it need not wait. Throws what ended the connection. */
  #ready(maxBytes: number): Buffer | undefined {
    if (this.#received.bytes > 0) return this.#take(maxBytes);
    if (this.#ended) return Buffer.alloc(0);
    if (this.#failure !== undefined) throw this.#failure("recv");
    return undefined;
  }

  #take(maxBytes: number): Buffer {
    const taken = this.#received.take(maxBytes);
    if (this.#paused && this.#received.bytes < RECEIVE_PAUSE_BYTES) {
      this.#paused = false;
      this.#socket.resume();
    }
    return taken;
  }

  #onData(chunk: Buffer): void {
    if (this.#over) return;
    if (this.#received.bytes === 0 && this.#receiving.fits(chunk.length)) {
      this.#receiving.shift()?.resolve(chunk);
      return;
    }
    this.#received.push(chunk);
    while (this.#received.bytes > 0) {
      const call = this.#receiving.shift();
      if (call === undefined) break;
      call.resolve(this.#received.take(call.maxBytes));
    }
    if (this.#received.bytes >= RECEIVE_PAUSE_BYTES) {
      this.#paused = true;
      this.#socket.pause();
    }
  }

  #onEnd(): void {
    if (this.#over || this.#wasReset()) return;
    this.#ended = true;
    for (let call = this.#receiving.shift(); call; call = this.#receiving.shift()) {
      call.resolve(Buffer.alloc(0));
    }
  }

  /**
   * Where bytes and a reset have arrived together, libuv reports the bytes and then an end. An
   * empty write, which sends nothing, brings the reset to light (its 'error' event follows); EPIPE
   * is a reset after a real end. Once we have shut down this cannot be asked, and such a reset
   * reads as the end.
   */
  #wasReset(): boolean {
    const socket = this.#socket;
    if (this.#shutdown !== undefined || socket.writableLength > 0) return false;
    socket.write(NOTHING);
    return (
      socket.errored !== null && !("code" in socket.errored && socket.errored.code === "EPIPE")
    );
  }

  #onError(error: Error): void {
    if (this.#over) return;
    // What had arrived before the failure is still to be received.
    for (let chunk = this.#socket.read(); chunk !== null; chunk = this.#socket.read()) {
      this.#received.push(chunk);
    }
    this.#failure ??= (operation) => toSocketError(error, operation, this.remote);
    this.#receiving.rejectAll(() => this.#failure?.("recv"));
  }

  /** This side ends the connection: what waits is told why, what arrived is dropped. */
  #endHere(failure: (operation: Operation) => SocketError): void {
    this.#over = true;
    this.#ended = false;
    this.#failure = failure;
    this.#received.clear();
    this.#receiving.endAll(() => failure("recv"));
  }

  #closedError(operation: Operation): SocketError {
    return socketError("CLOSED", operation, this.remote);
  }

  /** Node reports a write that the end of the connection cut short; say what ended it. */
  #explained(error: Error | null | undefined, operation: Operation): SocketError {
    if (this.#failure !== undefined) return this.#failure(operation);
    const reason = this.#socket.errored ?? error;
    if (reason) return toSocketError(reason, operation, this.remote);
    return this.#closedError(operation);
  }

  /** Resolves when the kernel has taken what was written so far: an empty write queues behind it. */
  #flushed(options: CallOptions | undefined): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      const stopWaiting = options && waitNoLonger(options, "send", this.remote, reject);
      socket.write(NOTHING, (error) => {
        stopWaiting?.();
        // Node calls back without an error for a write that the end of its socket cut short.
        if (error || socket.destroyed) reject(this.#explained(error, "send"));
        else resolve();
      });
    });
  }

  #beginClose(): void {
    const socket = this.#socket;
    const unread = this.buffered > 0 && !this.#ended;
    this.#endHere((operation) => this.#closedError(operation));
    if (this.#gone || socket.destroyed) return;
    if (socket.writableLength === 0 && !unread) {
      socket.destroy();
      return;
    }
    socket.resume(); // what still comes is discarded, and cannot hold up a peer that only writes
    this.#lingering = setTimeout(() => this.reset(), CLOSE_FLUSH_MAX_MS);
    socket.end(() => {
      clearTimeout(this.#lingering);
      if (socket.destroyed) return;
      if (unread) this.#lingering = setTimeout(() => socket.destroy(), CLOSE_DISCARD_MAX_MS);
      else socket.destroy();
    });
  }

  #onGone(): void {
    this.#gone = true;
    clearTimeout(this.#lingering);
    this.#onClosed?.();
  }
}

function bytesTaken(data: Buffer): CallResult {
  return data.length === 0 ? {} : { data };
}
