/** A listening TCP socket: connections wait in a queue until `accept` takes them. */
import { createServer, type Server, type Socket } from "node:net";
import { onAbort } from "./abort";
import { type CallOptions, checkBacklog, checkHost, checkPort } from "./arguments";
import { type Endpoint, endpointOf, isWildcard } from "./endpoint";
import { type SocketError, socketError, toSocketError, traced } from "./errors";
import { iterate } from "./iteration";
import { ACCEPT_QUEUE_MAX_CONNECTIONS, DEFAULT_BACKLOG_CONNECTIONS, DEFAULT_HOST } from "./limits";
import { TcpSocket } from "./tcp-socket";
import { abortError, WaitingCalls } from "./waiting-calls";

export interface ListenOptions {
  /** The address to listen on, or a name that leads to one. By default 127.0.0.1: this machine. */
  readonly host?: string;
  /** 0 lets the system choose; `server.local.port` tells which. */
  readonly port: number;
  /** Completed connections that the kernel may hold for us (it may cap the number). */
  readonly backlog?: number;
  /** Send small writes at once instead of gathering them (TCP_NODELAY) on accepted sockets. */
  readonly noDelay?: boolean;
  /** Aborting it closes the server and destroys every connection accepted from it. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a listening socket: `socket`, `bind` and `listen` in one. Rejects with ADDRESS_IN_USE,
 * ADDRESS_NOT_AVAILABLE, PERMISSION_DENIED (a port below 1024), UNKNOWN_HOST, ABORTED; RangeError
 * or TypeError for a bad port, host or backlog.
 */
export async function listen(options: ListenOptions): Promise<TcpServer> {
  const host = checkHost(options.host ?? DEFAULT_HOST);
  const port = checkPort(options.port);
  const backlog = checkBacklog(options.backlog ?? DEFAULT_BACKLOG_CONNECTIONS);
  const { signal } = options;
  const place = { host, port };
  if (signal?.aborted) throw abortError(signal, "listen", place);
  // Paused, so that what a client sends waits in the kernel until its connection is accepted.
  const server = createServer({
    allowHalfOpen: true,
    pauseOnConnect: true,
    noDelay: options.noDelay ?? false,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port, backlog, exclusive: true }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    throw traced(toSocketError(error, "listen", place));
  }
  const listening = new TcpServer(server, signal);
  if (signal?.aborted) {
    await listening.close();
    throw abortError(signal, "listen", place);
  }
  return listening;
}

/**
 * A server from `listen`.
 *
 * Two queues stand before `accept`. The kernel's backlog holds connections whose handshake is
 * complete; Node takes them from it as soon as its event loop turns, so it fills only while the
 * program computes. Then this server holds them, at most ACCEPT_QUEUE_MAX_CONNECTIONS, with what
 * the clients sent still in the kernel, unread. Where a full backlog makes a client's kernel try
 * again, a full queue here answers with a reset, counted in `overflowed`.
 */
export class TcpServer {
  /** Where it listens, with the real port. */
  readonly local: Endpoint;
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  readonly #accepting: WaitingCalls<TcpSocket>;
  readonly #accepted = new Set<TcpSocket>();
  readonly #onGone = (socket: TcpSocket) => {
    this.#accepted.delete(socket);
    this.#forgetSignalWhenDone();
  };
  /** Connections to one address all have it; of those to any address, each has its own. */
  readonly #localOfAccepted: Endpoint | undefined;
  #failure: (() => SocketError) | undefined;
  #closing: Promise<void> | undefined;
  #forgetSignal: (() => void) | undefined;
  #overflowed = 0;

  /** For `listen`: wraps a server of Node's that is listening. */
  constructor(server: Server, signal?: AbortSignal) {
    const address = server.address();
    if (address === null || typeof address === "string") {
      throw new TypeError("the server does not listen on an IP address");
    }
    this.#server = server;
    this.local = endpointOf(address.address, address.port, address.family);
    this.#localOfAccepted = isWildcard(this.local.host) ? undefined : this.local;
    this.#accepting = new WaitingCalls("accept", this.local, server, (socket) => ({
      accepted: TcpSocket.nodeSocketOf(socket),
    }));
    server.on("connection", (socket) => this.#onConnection(socket));
    // The system could not hand over one connection (out of descriptors); others will follow.
    server.on("error", (error) => {
      this.#accepting.shiftCall()?.reject(toSocketError(error, "accept", this.local));
    });
    if (signal !== undefined) {
      this.#forgetSignal = onAbort(signal, () => this.#abort(signal));
    }
  }

  /** Connections that wait for an `accept`. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Connections that were reset because too many waited already. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /** True once `close` was called or the server's signal has aborted. */
  get closed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Takes the connection that has waited longest, or waits for one. Several calls that wait are
   * served in order; one that times out or is aborted takes no connection. Rejects with CLOSED
   * when the server closes, ABORTED, TIMED_OUT, TOO_MANY_OPEN_FILES.
   */
  async accept(options?: CallOptions): Promise<TcpSocket> {
    if (options !== undefined) this.#accepting.check(options);
    if (this.#failure !== undefined) throw this.#failure();
    const ready = this.#waiting.shift();
    if (ready !== undefined) return this.#accepting.served(this.#accept(ready));
    try {
      const socket = await this.#accepting.wait(1, options);
      if (socket !== undefined) return socket;
    } catch (error) {
      throw traced(error);
    }
    throw socketError("CLOSED", "accept", this.local);
  }

  /**
   * Stops listening; resolves when the port is free. Connections that were accepted live on,
   * those that waited are reset, calls that wait reject with CLOSED. Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close(() => socketError("CLOSED", "accept", this.local));
    return this.#closing;
  }

  /**
   * Connections in the order of their arrival, until the server closes or its signal aborts.
   * Leaving the loop leaves the server listening.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<TcpSocket> {
    return iterate({
      over: () => this.#failure !== undefined,
      ready: () => {
        const socket = this.#waiting.shift();
        return socket === undefined ? undefined : this.#accepting.served(this.#accept(socket));
      },
      wait: (owner) => this.#accepting.wait(1, undefined, owner),
      takeBack: (owner) => this.#accepting.takeBack(owner),
    });
  }

  #onConnection(socket: Socket): void {
    const call = this.#accepting.shift();
    if (call !== undefined) {
      call.resolve(this.#accept(socket));
    } else if (this.#waiting.length < ACCEPT_QUEUE_MAX_CONNECTIONS) {
      this.#waiting.push(socket);
    } else {
      this.#overflowed++;
      refuse(socket);
    }
  }

  #accept(socket: Socket): TcpSocket {
    const accepted = new TcpSocket(socket, this.#onGone, this.#localOfAccepted);
    this.#accepted.add(accepted);
    socket.resume();
    return accepted;
  }

  /** The signal matters for as long as the server listens or a connection from it is open. */
  #forgetSignalWhenDone(): void {
    if (this.#failure !== undefined && this.#accepted.size === 0) this.#forgetSignal?.();
  }

  #abort(signal: AbortSignal): void {
    this.#closing ??= this.#close(() => abortError(signal, "accept", this.local));
    for (const socket of this.#accepted) socket.destroy(signal.reason);
  }

  async #close(failure: () => SocketError): Promise<void> {
    this.#failure = failure;
    this.#accepting.endAll(failure);
    for (const socket of this.#waiting.splice(0)) refuse(socket);
    this.#server.close();
    this.#forgetSignalWhenDone();
    // Node reports 'close' only when every accepted socket has gone. The port itself is free at
    // the end of this turn of the event loop, when it releases descriptors.
    await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  }
}

/** Ends a connection that was not accepted, as a kernel does when its listening socket closes. */
function refuse(socket: Socket): void {
  socket.on("error", () => {}); // its client may have gone first
  socket.resetAndDestroy();
}
