/** The receiving half of a UDP socket: datagrams that have arrived, and the calls that wait for them. */
import type { RemoteInfo, Socket } from "node:dgram";
import { type CallOptions, checkMaxBytes } from "./arguments";
import type { Endpoint } from "./endpoint";
import { type SocketError, socketError, toSocketError, traced } from "./errors";
import { iterate } from "./iteration";
import { DATAGRAM_MAX_BYTES, DATAGRAM_OVERHEAD_BYTES, DATAGRAM_QUEUE_MAX_BYTES } from "./limits";
import { WaitingCalls } from "./waiting-calls";

/** What `recvfrom` returns. */
export interface Datagram {
  /** The payload, or its first `maxBytes` bytes. */
  readonly data: Buffer;
  readonly from: Endpoint;
  /** The datagram was longer than `maxBytes`, and the rest of it is lost. */
  readonly truncated: boolean;
}

export class UdpReceiver {
  readonly #arrived: { data: Buffer; from: RemoteInfo }[] = [];
  #arrivedBytes = 0;
  #dropped = 0;
  readonly #place: () => Endpoint;
  readonly #calls: WaitingCalls<Datagram>;
  /** An error that the system reported between two calls: the next recvfrom gets it. */
  #error: Error | undefined;
  #failure: (() => SocketError) | undefined;

  /** `place` names the socket in errors; `socket` is Node's own, once it is open. */
  constructor(place: () => Endpoint, socket: () => Socket | undefined) {
    this.#place = place;
    this.#calls = new WaitingCalls("recvfrom", place, socket, ({ data }) => ({ data }));
  }

  /** Datagrams that were dropped since the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Datagrams that have arrived and have not been received. */
  get waiting(): number {
    return this.#arrived.length;
  }

  /** See UdpSocket.recvfrom. */
  async recvfrom(maxBytes: number, options?: CallOptions): Promise<Datagram> {
    checkMaxBytes(maxBytes);
    if (options !== undefined) this.#calls.check(options);
    try {
      const datagram = this.#ready(maxBytes) ?? (await this.#calls.wait(maxBytes, options));
      if (datagram !== undefined) return datagram;
    } catch (error) {
      throw traced(error);
    }
    throw socketError("CLOSED", "recvfrom", this.#place());
  }

  /** Datagrams as they arrive, until the socket closes. */
  datagrams(): AsyncIterableIterator<Datagram> {
    return iterate({
      over: () => this.#failure !== undefined,
      ready: () => this.#ready(DATAGRAM_MAX_BYTES),
      wait: (owner) => this.#calls.wait(DATAGRAM_MAX_BYTES, undefined, owner),
      takeBack: (owner) => this.#calls.takeBack(owner),
    });
  }

  /** Takes datagrams and errors from Node's socket. */
  listenTo(socket: Socket): void {
    socket.on("error", (error) => this.#onError(error));
    socket.on("message", (data, from) => this.#onMessage(data, from));
  }

  /** The socket is closed: what has arrived is dropped, loops end, calls that wait reject. */
  close(failure: () => SocketError): void {
    this.#failure = failure;
    this.#arrived.length = 0;
    this.#arrivedBytes = 0;
    this.#calls.endAll(failure);
  }

  #ready(maxBytes: number): Datagram | undefined {
    if (this.#failure !== undefined) throw this.#failure();
    if (this.#error !== undefined) {
      const error = this.#error;
      this.#error = undefined;
      throw toSocketError(error, "recvfrom", this.#place());
    }
    const first = this.#arrived.shift();
    if (first === undefined) return undefined;
    this.#arrivedBytes -= first.data.length + DATAGRAM_OVERHEAD_BYTES;
    return this.#calls.served(cut(first.data, first.from, maxBytes));
  }

  #onMessage(data: Buffer, from: RemoteInfo): void {
    const call = this.#calls.shift();
    if (call !== undefined) {
      call.resolve(cut(data, from, call.maxBytes));
      return;
    }
    const bytes = data.length + DATAGRAM_OVERHEAD_BYTES;
    if (this.#arrivedBytes + bytes > DATAGRAM_QUEUE_MAX_BYTES) {
      this.#dropped++;
      return;
    }
    this.#arrivedBytes += bytes;
    this.#arrived.push({ data, from });
  }

  #onError(error: Error): void {
    const call = this.#calls.shift();
    if (call !== undefined) call.reject(toSocketError(error, "recvfrom", this.#place()));
    else this.#error = error;
  }
}

function cut(data: Buffer, from: RemoteInfo, maxBytes: number): Datagram {
  const truncated = data.length > maxBytes;
  return {
    data: truncated ? data.subarray(0, maxBytes) : data,
    from: { host: from.address, port: from.port, family: from.family },
    truncated,
  };
}
