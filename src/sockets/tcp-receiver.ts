/** The receiving half of a TCP connection: bytes that have arrived, and the calls that wait for them. */
import type { Socket } from "node:net";
import type { CallResult } from "./announce";
import { type CallOptions, checkMaxBytes } from "./arguments";
import type { Endpoint } from "./endpoint";
import { type SocketError, socketError, traced } from "./errors";
import { iterate } from "./iteration";
import { RECEIVE_BUFFER_MAX_BYTES, RECEIVE_PAUSE_BYTES } from "./limits";
import { ReceiveBuffer } from "./receive-buffer";
import { WaitingCalls } from "./waiting-calls";

export class TcpReceiver {
  readonly #socket: Socket;
  readonly #remote: Endpoint;
  readonly #received = new ReceiveBuffer();
  readonly #calls: WaitingCalls<Buffer>;
  /** Makes the error that ended the connection, for a call that it fails. */
  #failure: (() => SocketError) | undefined;
  /** The peer has sent its last byte. */
  #ended = false;
  /** We have asked Node to stop reading. */
  #paused = false;
  /** This side ended the connection, so nothing will be received any more. */
  #over = false;

  /** For a connected socket of Node's that nothing else reads. */
  constructor(socket: Socket, remote: Endpoint) {
    this.#socket = socket;
    this.#remote = remote;
    this.#calls = new WaitingCalls("recv", remote, socket, bytesTaken);
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
  }

  /** Bytes that have arrived and have not been received yet. */
  get buffered(): number {
    return this.#received.bytes + this.#socket.readableLength;
  }

  /** True when the peer's last byte has arrived. */
  get ended(): boolean {
    return this.#ended;
  }

  /** See TcpSocket.recv. */
  async recv(maxBytes: number, options?: CallOptions): Promise<Buffer> {
    checkMaxBytes(maxBytes);
    if (options !== undefined) this.#calls.check(options);
    const ready = this.#ready(maxBytes);
    if (ready !== undefined) return this.#calls.served(ready);
    try {
      const chunk = await this.#calls.wait(maxBytes, options);
      if (chunk !== undefined) return chunk;
    } catch (error) {
      throw traced(error);
    }
    throw socketError("CLOSED", "recv", this.#remote);
  }

  /** See TcpSocket's iterator. */
  chunks(): AsyncIterableIterator<Buffer> {
    const notEmpty = (chunk: Buffer | undefined) => (chunk?.length ? chunk : undefined);
    return iterate({
      over: () =>
        (this.#ended && this.#received.bytes === 0) ||
        (this.#over && this.#failure?.().code === "CLOSED"),
      ready: () => {
        const chunk = this.#ready(RECEIVE_BUFFER_MAX_BYTES);
        return chunk === undefined ? undefined : this.#calls.served(chunk);
      },
      wait: (owner) => this.#calls.wait(RECEIVE_BUFFER_MAX_BYTES, undefined, owner).then(notEmpty),
      takeBack: (owner) => this.#calls.takeBack(owner),
    });
  }

  /** The peer will send no more: calls that wait get the end of the stream. */
  end(): void {
    this.#ended = true;
    for (let call = this.#calls.shift(); call; call = this.#calls.shift()) {
      call.resolve(Buffer.alloc(0));
    }
  }

  /** The connection has failed. What had arrived before is still to be received. */
  fail(failure: () => SocketError): void {
    for (let chunk = this.#socket.read(); chunk !== null; chunk = this.#socket.read()) {
      this.#received.push(chunk);
    }
    this.#failure ??= failure;
    this.#calls.rejectAll(this.#failure);
  }

  /**
   * This side ends the connection: what arrived is dropped, loops end, and calls that wait reject.
   * With `loopsToo` loops reject as well.
   */
  close(failure: () => SocketError, loopsToo: boolean): void {
    if (loopsToo) this.#calls.rejectAll(failure);
    this.#over = true;
    this.#ended = false;
    this.#failure = failure;
    this.#received.clear();
    this.#calls.endAll(failure);
  }

  /** What a recv gets without waiting, if it need not wait. Throws what ended the connection. */
  #ready(maxBytes: number): Buffer | undefined {
    if (this.#received.bytes > 0) return this.#take(maxBytes);
    if (this.#ended) return Buffer.alloc(0);
    if (this.#failure !== undefined) throw this.#failure();
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
    if (this.#received.bytes === 0 && this.#calls.fits(chunk.length)) {
      this.#calls.shift()?.resolve(chunk);
      return;
    }
    this.#received.push(chunk);
    while (this.#received.bytes > 0) {
      const call = this.#calls.shift();
      if (call === undefined) break;
      call.resolve(this.#received.take(call.maxBytes));
    }
    if (this.#received.bytes >= RECEIVE_PAUSE_BYTES) {
      this.#paused = true;
      this.#socket.pause();
    }
  }
}

function bytesTaken(data: Buffer): CallResult {
  return data.length === 0 ? {} : { data };
}
