/** An HTTP/1.1 server on node:net: `const server = await serve({ port }, handler)`. */

import { createServer, type Server, type Socket } from "node:net";
import { format } from "node:util";
import { printError } from "../program/print";
import { safeText } from "../program/safe-text";
import { onAbort } from "../sockets/abort";
import { checkBacklog, checkHost, checkPort } from "../sockets/arguments";
import { type Endpoint, endpointOf, formatEndpoint } from "../sockets/endpoint";
import { toSocketError, traced } from "../sockets/errors";
import { ACCEPT_QUEUE_MAX_CONNECTIONS, DEFAULT_HOST } from "../sockets/limits";
import { Clock } from "./clock";
import { Connection, type ConnectionKeeper } from "./connection";
import type { Handler } from "./exchange";
import { DEFAULT_METHODS, type ErrorResponse, plainError } from "./exchange-rules";
import type { HttpRequest } from "./http-request";
import { type HttpLimits, withLimits } from "./limits";
import type { ConnectionHost } from "./responder";

export type { Handler } from "./exchange";

export interface ServeOptions {
  /** By default 127.0.0.1: this machine only. */
  readonly host?: string;
  /** 0 lets the system choose; `server.local.port` says which. */
  readonly port: number;
  /** Connections that wait to be accepted; the system may allow fewer. */
  readonly backlog?: number;
  /** Stops the server when aborted, as `stop` does. */
  readonly signal?: AbortSignal;
  /** In place of the defaults in limits.ts. */
  readonly limits?: Partial<HttpLimits>;
  /** Methods that reach the handler; any other is answered 501. By default all of RFC 9110 and PATCH, but for TRACE and CONNECT. */
  readonly methods?: readonly string[];
  /**
   * Closes the server to pages of other sites (own-site.ts): it answers requests for these host names,
   * for localhost and for IP addresses, others with 421; and those of a page of another site with 403.
   */
  readonly hosts?: readonly string[];
  /** True if `OPTIONS *`, about the server as a whole, is the handler's to answer, as for a server that
   * wants a token first; else the server answers it. */
  readonly asterisk?: boolean;
  /** Makes the error responses that no handler makes; by default a line of text. */
  readonly errorResponse?: ErrorResponse;
  /** Told what a handler threw; without it, standard error is. The client learns nothing of it. */
  readonly onError?: (error: unknown, request: HttpRequest | undefined) => unknown;
}

/**
 * Listens, and has `handler` answer each request.
 * @throws SocketError when it cannot listen; RangeError or TypeError for an option that makes no sense
 */
export async function serve(options: ServeOptions, handler: Handler): Promise<HttpServer> {
  const host = checkHost(options.host ?? DEFAULT_HOST);
  const port = checkPort(options.port);
  const backlog = checkBacklog(options.backlog ?? ACCEPT_QUEUE_MAX_CONNECTIONS);
  const limits = withLimits(options.limits);
  options.signal?.throwIfAborted();
  const listener = createServer({ allowHalfOpen: true, noDelay: true });
  const server = new HttpServer(listener, limits, options, handler);
  try {
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen({ host, port, backlog, exclusive: true }, () => {
        listener.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    await server.stop();
    throw traced(toSocketError(error, "listen", { host, port }));
  }
  server.watch(options.signal);
  return server;
}

export class HttpServer implements ConnectionHost, ConnectionKeeper {
  readonly limits: HttpLimits;
  readonly clock: Clock;
  readonly methods: ReadonlySet<string>;
  readonly handler: Handler;
  readonly errorResponse: ErrorResponse;
  readonly asterisk: boolean;
  readonly hosts: readonly string[] | undefined;
  /** Resolves when the server has stopped and its last connection is closed. */
  readonly closed: Promise<void>;
  readonly #listener: Server;
  readonly #connections = new Set<Connection>();
  /** Those that were not admitted, the oldest first. Empty where maxNewcomers sets no limit. */
  readonly #newcomers = new Set<Connection>();
  readonly #onError: ServeOptions["onError"];
  #stopping = false;
  #drainDeadline = Number.POSITIVE_INFINITY;
  #local: Endpoint | undefined;
  #forgetSignal = (): void => undefined;
  #resolveClosed = (): void => undefined;

  /** Use `serve`. */
  constructor(listener: Server, limits: HttpLimits, options: ServeOptions, handler: Handler) {
    this.limits = limits;
    this.methods = new Set(options.methods ?? DEFAULT_METHODS);
    this.handler = handler;
    this.hosts = options.hosts;
    this.asterisk = options.asterisk ?? false;
    this.errorResponse = guarded(options.errorResponse ?? plainError, this);
    this.#listener = listener;
    this.#onError = options.onError;
    const timeouts = Object.entries(limits).filter(([name]) => name.endsWith("Ms"));
    const shortestMs = Math.min(...timeouts.map(([, timeoutMs]) => timeoutMs as number));
    this.clock = new Clock(shortestMs, () => this.#tick());
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    listener.on("connection", (socket) => this.#accept(socket));
  }

  /** Where it listens; it stays known after the server stopped. */
  get local(): Endpoint {
    if (this.#local === undefined) {
      const address = this.#listener.address();
      if (address === null || typeof address === "string") throw new TypeError("it never listened");
      this.#local = endpointOf(address.address, address.port);
    }
    return this.#local;
  }

  /** `http://127.0.0.1:8000`. */
  get url(): string {
    return `http://${formatEndpoint(this.local)}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#connections.size;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** For `serve`: stops when `signal` is aborted. */
  watch(signal: AbortSignal | undefined): void {
    this.#local = this.local;
    // A listener that fails to accept, for want of file descriptors for example, goes on listening.
    this.#listener.on("error", (error) => this.report(error, undefined));
    if (signal === undefined) return;
    if (signal.aborted) void this.stop();
    else this.#forgetSignal = onAbort(signal, () => void this.stop());
  }

  /**
   * Accepts no more connections, closes the idle ones, lets the requests in flight be answered, and
   * cuts what is left after drainTimeoutMs. Resolves when all is closed.
   */
  stop(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#forgetSignal();
      this.#drainDeadline = this.clock.after(this.limits.drainTimeoutMs);
      this.#listener.close();
      for (const connection of this.#connections) connection.stop();
      this.#settle();
    }
    return this.closed;
  }

  /** For connections: tells `onError` of what a handler threw. */
  report(error: unknown, request: HttpRequest | undefined): void {
    if (this.#onError === undefined) {
      complain(request ? `${request.method} ${request.path} failed:` : "Server:", error);
      return;
    }
    const failed = (failure: unknown) => complain("onError failed:", failure);
    try {
      Promise.resolve(this.#onError(error, request)).catch(failed);
    } catch (failure) {
      failed(failure);
    }
  }

  /** For connections: this one is closed. */
  forget(connection: Connection): void {
    this.#connections.delete(connection);
    this.#newcomers.delete(connection);
    if (this.#stopping) this.#settle();
  }

  /** For connections: the client of this one may ask. */
  admit(connection: Connection): void {
    this.#newcomers.delete(connection);
  }

  #accept(socket: Socket): void {
    const connection = new Connection(this, socket, this);
    this.#connections.add(connection);
    if (this.limits.maxNewcomers !== Number.POSITIVE_INFINITY) this.#makeRoom(connection);
    const over = this.#connections.size - this.limits.maxConnections;
    if (over > this.limits.maxTurnedAway) connection.destroy();
    else if (over > 0) connection.turnAway();
  }

  #makeRoom(newcomer: Connection): void {
    this.#newcomers.add(newcomer);
    if (this.#newcomers.size <= this.limits.maxNewcomers) return;
    const [oldest] = this.#newcomers;
    this.#newcomers.delete(oldest);
    this.#connections.delete(oldest);
    oldest.destroy();
  }

  #tick(): void {
    const { now } = this.clock;
    const cut = now >= this.#drainDeadline;
    for (const connection of this.#connections) {
      if (cut) connection.destroy();
      else connection.checkDeadlines(now);
    }
  }

  #settle(): void {
    if (this.#connections.size > 0) return;
    this.clock.stop();
    this.#resolveClosed();
  }
}

/** Prints to standard error. A message can hold what a client sent, so escape sequences in it are made visible. */
function complain(what: string, error: unknown): void {
  printError(safeText(format("%s", what, error)));
}

/** `make`; where it throws, that is reported, and a line of text is sent instead. */
function guarded(make: ErrorResponse, server: HttpServer): ErrorResponse {
  return (status, detail, fields) => {
    try {
      return make(status, detail, fields);
    } catch (error) {
      server.report(error, undefined);
      return plainError(status, detail, fields);
    }
  };
}
