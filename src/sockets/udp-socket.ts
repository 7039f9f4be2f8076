/** A UDP socket: datagrams out and in, each one whole, with no connection between them. */
import type { Socket } from "node:dgram";
import { isIP } from "node:net";
import { type CallOptions, checkHost, checkRemotePort, toBytes } from "./arguments";
import { type Address, type Endpoint, endpointOf } from "./endpoint";
import { type Operation, type SocketError, socketError, toSocketError, traced } from "./errors";
import { DATAGRAM_MAX_BYTES, SEND_QUEUE_MAX_BYTES } from "./limits";
import { resolve } from "./lookup";
import { boundTo, openUdp } from "./udp-open";
import { type Datagram, UdpReceiver } from "./udp-receiver";
import { checkCall, waitNoLonger } from "./waiting-calls";

/**
 * A socket from `bind` or `udpSocket`. UDP keeps the boundaries of messages and promises nothing
 * else (RFC 768): a datagram arrives whole or not at all, perhaps twice, perhaps out of order.
 *
 * What arrives waits in a queue of DATAGRAM_QUEUE_MAX_BYTES; when it is full, newer datagrams are
 * dropped, as a kernel does, and counted in `dropped` (those that the kernel dropped are not).
 *
 * A datagram to a port that no program has is answered with ICMP 'port unreachable'. An
 * unconnected socket does not hear of it (RFC 1122, 4.1.3.3, as Linux does it): `sendto` resolves
 * and nothing comes back. After `connect`, the next call rejects with REFUSED.
 */
export class UdpSocket {
  #socket: Socket | undefined;
  #binding: Promise<Socket> | undefined;
  #family: "IPv4" | "IPv6" | undefined;
  #local: Endpoint | undefined;
  #peer: Endpoint | undefined;
  #sendingBytes = 0;
  readonly #receiver = new UdpReceiver(
    () => this.#place(),
    () => this.#socket,
  );
  #failure: ((operation: Operation) => SocketError) | undefined;
  #closing: Promise<void> | undefined;
  #onClosed: (() => void) | undefined;

  /** For `bind` and `udpSocket`. Without a family the first destination decides. */
  constructor(family?: "IPv4" | "IPv6") {
    this.#family = family;
  }

  /** Where it is bound; port 0 while the system has not bound it yet. */
  get local(): Endpoint {
    if (this.#local === undefined && this.#socket !== undefined) {
      const bound = boundTo(this.#socket);
      if (bound.port !== 0) this.#local = bound;
      return bound;
    }
    return this.#local ?? endpointOf(this.#family === "IPv6" ? "::" : "0.0.0.0", 0);
  }

  /** The peer that `connect` chose. */
  get peer(): Endpoint | undefined {
    return this.#peer;
  }

  /** Datagrams that were dropped since the queue was full. */
  get dropped(): number {
    return this.#receiver.dropped;
  }

  /** Datagrams that have arrived and have not been received. */
  get waiting(): number {
    return this.#receiver.waiting;
  }

  /** True once `close` or `destroy` was called. */
  get closed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Receives one datagram, whole up to `maxBytes` bytes; the rest of a longer one is lost, which
   * `truncated` tells. An empty datagram is a datagram. Calls that wait are served in order; one
   * that times out or is aborted takes nothing. On an unbound socket it waits for the first
   * `sendto` to bind it.
   *
   * Rejects with TIMED_OUT, ABORTED, CLOSED, and on a connected socket REFUSED (the socket can be
   * used again); RangeError or TypeError for a `maxBytes` that is not a positive integer.
   */
  recvfrom(maxBytes = DATAGRAM_MAX_BYTES, options?: CallOptions): Promise<Datagram> {
    return this.#receiver.recvfrom(maxBytes, options);
  }

  /**
   * Sends `data` (a string as UTF-8) as one datagram and resolves with the number of bytes when
   * the kernel has taken it: not when it has arrived, if it does. The first call binds an unbound
   * socket to a port of the system's choice on all addresses.
   *
   * Rejects with MESSAGE_TOO_LONG, UNKNOWN_HOST, UNREACHABLE, PERMISSION_DENIED (broadcast, or a
   * firewall), ADDRESS_NOT_AVAILABLE (an address of the other family), QUEUE_FULL, TIMED_OUT,
   * ABORTED, CLOSED; RangeError or TypeError for a bad port, host or data.
   */
  sendto(
    data: string | Uint8Array,
    to: { readonly host: string; readonly port: number },
    options?: CallOptions,
  ): Promise<number> {
    return this.#send("sendto", data, to, options);
  }

  /**
   * Chooses one peer: from then on `send` needs no address, datagrams from elsewhere are not
   * received, and the system reports that the peer's port is unreachable. No packet is sent. Calling
   * it again chooses another peer.
   * Rejects with UNKNOWN_HOST, UNREACHABLE, CLOSED.
   */
  async connect(to: { readonly host: string; readonly port: number }): Promise<void> {
    const address = { host: checkHost(to.host), port: checkRemotePort(to.port) };
    const { socket, host } = await this.#prepare(address, "connect");
    try {
      if (this.#peer !== undefined) socket.disconnect();
      await new Promise<void>((resolve, reject) => {
        // Node passes the callback an error, although its types do not say so.
        socket.connect(address.port, host, (error?: Error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      throw traced(toSocketError(error, "connect", address));
    }
    const peer = socket.remoteAddress();
    this.#peer = endpointOf(peer.address, peer.port, peer.family);
  }

  /** Sends `data` to the peer that `connect` chose; otherwise as `sendto`, and REFUSED. */
  send(data: string | Uint8Array, options?: CallOptions): Promise<number> {
    return this.#send("send", data, undefined, options);
  }

  /** Closes; resolves when the port is free. Calls that wait reject with CLOSED. Idempotent. */
  close(): Promise<void> {
    this.#end((operation) => socketError("CLOSED", operation, this.#place()));
    return this.#closing ?? Promise.resolve();
  }

  /** Closes; every call rejects with ABORTED because of `reason`: what an aborted signal does. */
  destroy(reason?: unknown): void {
    this.#end((operation) => socketError("ABORTED", operation, this.#place(), { cause: reason }));
  }

  /** Datagrams as they arrive, until the socket closes. Leaving the loop leaves it open. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Datagram> {
    return this.#receiver.datagrams();
  }

  /** For `bind`: opens the socket and binds it. */
  async bindTo(host: string, port: number): Promise<void> {
    try {
      const { address, family } = await resolve(host, this.#family);
      await this.#bind(family, address, port);
    } catch (error) {
      await this.close();
      throw traced(toSocketError(error, "bind", { host, port }));
    }
  }

  /** For `bind`: what to do once when the socket has closed. */
  onceClosed(callback: () => void): void {
    this.#onClosed = callback;
  }

  // Not an async function: servers send an answer for each datagram, and promises cost.
  #send(
    operation: "send" | "sendto",
    data: string | Uint8Array,
    to: Address | undefined,
    options: CallOptions | undefined,
  ): Promise<number> {
    try {
      const bytes = toBytes(data);
      const family = to === undefined ? 0 : isIP(to.host);
      if (to !== undefined) {
        if (family === 0) checkHost(to.host);
        checkRemotePort(to.port);
      }
      this.#checkPeer(to);
      const place = to ?? this.#place();
      if (options !== undefined) checkCall(options, operation, place);
      this.#checkOpen(operation);
      if (this.#sendingBytes > SEND_QUEUE_MAX_BYTES) {
        const what = `${this.#sendingBytes} bytes of earlier sends still wait`;
        throw socketError("QUEUE_FULL", operation, place, { what });
      }
      const socket = this.#socket;
      const mine = this.#family === "IPv6" ? 6 : 4;
      if (socket !== undefined && (to === undefined || family === mine)) {
        return this.#sendNow(socket, operation, bytes, to, options);
      }
      return this.#prepare(place, operation).then(({ socket, host }) =>
        this.#sendNow(socket, operation, bytes, { host, port: place.port }, options),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #sendNow(
    socket: Socket,
    operation: "send" | "sendto",
    bytes: Uint8Array,
    to: Address | undefined,
    options: CallOptions | undefined,
  ): Promise<number> {
    this.#sendingBytes += bytes.length;
    return new Promise<number>((resolve, reject) => {
      const place = to ?? this.#place();
      const stopWaiting = options && waitNoLonger(options, operation, place, reject);
      const sent = (error: Error | null, count: number) => {
        this.#sendingBytes -= bytes.length;
        stopWaiting?.();
        if (error) reject(this.#failure?.(operation) ?? toSocketError(error, operation, place));
        else resolve(count);
      };
      if (to === undefined) socket.send(bytes, sent);
      else socket.send(bytes, to.port, to.host, sent);
    }).then(undefined, rethrow);
  }

  #checkPeer(to: Address | undefined): void {
    if (to === undefined && this.#peer === undefined) {
      throw new TypeError("send needs a peer: call connect first, or use sendto");
    }
    if (to !== undefined && this.#peer !== undefined) {
      throw new TypeError("sendto is for sockets without a peer: this one has one, so use send");
    }
  }

  /**
   * Looks a host up, and opens and binds the socket if need be. Before Node is asked to send:
   * what it looks up or binds for by itself, it forgets when it is closed, callbacks and all.
   */
  async #prepare(to: Address, operation: Operation): Promise<{ socket: Socket; host: string }> {
    try {
      const { address, family } = await resolve(to.host, this.#family);
      this.#checkOpen(operation);
      this.#binding ??= this.#bind(family, undefined, 0);
      const socket = await this.#binding;
      this.#checkOpen(operation);
      return { socket, host: address };
    } catch (error) {
      throw traced(toSocketError(error, operation, to));
    }
  }

  /** Opens and binds the socket. What arrives from then on is received, from the first datagram on. */
  #bind(family: "IPv4" | "IPv6", address: string | undefined, port: number): Promise<Socket> {
    this.#family = family;
    const { socket, bound } = openUdp(family, address, port, (open) =>
      this.#receiver.listenTo(open),
    );
    this.#socket = socket;
    this.#binding = bound;
    return bound;
  }

  #checkOpen(operation: Operation): void {
    if (this.#failure !== undefined) throw this.#failure(operation);
  }

  #end(failure: (operation: Operation) => SocketError): void {
    if (this.#failure !== undefined) return;
    this.#local = this.local;
    this.#failure = failure;
    this.#receiver.close(() => failure("recvfrom"));
    this.#closing = new Promise((resolve) => {
      if (this.#socket === undefined) resolve();
      else this.#socket.close(resolve);
    });
    this.#onClosed?.();
  }

  #place(): Endpoint {
    return this.#peer ?? this.local;
  }
}

function rethrow(error: unknown): never {
  throw traced(error);
}
