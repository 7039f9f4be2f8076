/** One end of a TCP connection, with the calls of the BSD sockets made awaitable. */
import type { Socket } from "node:net";
import { type CallOptions, toBytes } from "./arguments";
import { type Endpoint, endpointOf } from "./endpoint";
import { type Operation, type SocketError, socketError, toSocketError, traced } from "./errors";
import { SEND_QUEUE_MAX_BYTES } from "./limits";
import { closeFlushed, hidesReset } from "./tcp-closing";
import { TcpReceiver } from "./tcp-receiver";
import { checkCall, waitNoLonger } from "./waiting-calls";

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
  readonly #receiver: TcpReceiver;
  /** Makes the error that ended the connection, afresh for each call that it fails. */
  #failure: ((operation: Operation) => SocketError) | undefined;
  /** This side ended the connection. */
  #over = false;
  #shutdown: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** The descriptor is released. */
  #gone = false;
  #onClosed: (() => void) | undefined;
  /** Stops the clock of a close that waits for the peer. */
  #stopClock: (() => void) | undefined;

  /**
   * For `connect` and `accept`: wraps a connected socket of Node's that nothing else reads. `local`
   * spares asking the system for what a server knows.
   */
  constructor(socket: Socket, onGone?: (gone: TcpSocket) => void, local?: Endpoint) {
    this.#socket = socket;
    this.local = local ?? endpointOf(socket.localAddress, socket.localPort, socket.localFamily);
    this.remote = endpointOf(socket.remoteAddress, socket.remotePort, socket.remoteFamily);
    this.#receiver = new TcpReceiver(socket, this.remote);
    socket.on("error", (error) => this.#onError(error));
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
    return this.#receiver.buffered;
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
  recv(maxBytes: number, options?: CallOptions): Promise<Buffer> {
    return this.#receiver.recv(maxBytes, options);
  }

  /**
   * Sends all of `data` (a string as UTF-8). Resolves when the kernel has taken the last byte, so
   * a peer that does not read makes it wait; it does not mean that the peer has received any.
   * Sends go out in the order of the calls. Leave the bytes unchanged until it resolves.
   *
   * A send that times out or is aborted may have sent a part, and the rest may still follow:
   * bytes cannot be taken back from a stream, so `reset` the connection.
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
   * Where the peer sent bytes that were not received, an operating system would answer them with a
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
    this.#endHere(failure, true);
    this.#socket.destroy();
  }

  /**
   * Chunks as they arrive, until the end of the stream or until this side closes. Throws what
   * `recv` would. Leaving the loop leaves the socket open, with the rest to be received.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer> {
    return this.#receiver.chunks();
  }

  #onEnd(): void {
    if (this.#over) return;
    // After a shutdown this cannot be asked, and such a reset reads as the end.
    if (this.#shutdown === undefined && hidesReset(this.#socket)) return;
    this.#receiver.end();
  }

  #onError(error: Error): void {
    if (this.#over) return;
    const failure = (operation: Operation) => toSocketError(error, operation, this.remote);
    this.#failure ??= failure;
    this.#receiver.fail(() => failure("recv"));
  }

  /** This side ends the connection: calls that wait are told why, what arrived is dropped. */
  #endHere(failure: (operation: Operation) => SocketError, loopsToo = false): void {
    this.#over = true;
    this.#failure = failure;
    this.#receiver.close(() => failure("recv"), loopsToo);
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
    const unread = this.buffered > 0 && !this.#receiver.ended;
    this.#endHere((operation) => this.#closedError(operation));
    if (this.#gone || socket.destroyed) return;
    this.#stopClock = closeFlushed(socket, unread, () => this.reset());
  }

  #onGone(): void {
    this.#gone = true;
    this.#stopClock?.();
    this.#onClosed?.();
  }
}
