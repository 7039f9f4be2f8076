/**
 * Observes TCP servers and sockets of `node:net`, and so those of HTTP and TLS on top of them.
 *
 * Nothing is read from a socket and no listener is added to one, since either could start its
 * flow. Instead the methods by which Node itself brings bytes to a stream (`push`) and takes them
 * from it (`_writeGeneric`, `_final`), and by which a stream ends (`_destroy`), are replaced on
 * the one object by others that look at the arguments and pass them on unchanged. Addresses are
 * asked of the handle, since the public getters keep what they once told.
 *
 * One thing has to be arranged: Node's HTTP server lets its parser take the bytes from the system
 * past JavaScript. It does so only with a connection that no other consumer has taken, so observed
 * ones are marked as taken; Node then feeds the parser from 'data' events, as it does with TLS.
 */
import { Server as HttpServer } from "node:http";
import { Server, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { codeOf, type Observed, recordedBytes, recordedChunk } from "./observed";
import { Observer } from "./observer";
import { beforeEvents, override } from "./override";
import type { Place } from "./recording-data";

interface Handle {
  getsockname?(out: { address?: string; port?: number }): number;
  getpeername?(out: { address?: string; port?: number }): number;
  _consumed?: boolean;
}

/** The inside of a net.Socket: undocumented, and the same from Node 12 to 26. */
interface Inside {
  _handle: Handle | null;
  resetAndClosing?: boolean;
  _writeGeneric(writev: boolean, data: unknown, encoding: string, done: unknown): void;
  _final(done: (error?: Error | null) => void): void;
  _destroy(error: Error | null, done: (error?: Error | null) => void): void;
}

// Node's types leave out what begins with an underscore.
const inside = (socket: Socket) => socket as unknown as Inside;

function address(handle: Handle | null, which: "getsockname" | "getpeername"): Place | undefined {
  const out: { address?: string; port?: number } = {};
  const ask = handle?.[which];
  if (ask === undefined || Reflect.apply(ask, handle, [out]) !== 0) return undefined;
  return out.address === undefined ? undefined : { host: out.address, port: out.port ?? 0 };
}

/** Where a connect goes, from any of its forms; undefined for a path (a Unix domain socket). */
export function destination(args: readonly unknown[]): Place | undefined {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === "object" && first !== null) {
    const { port, host, path } = first as { port?: unknown; host?: unknown; path?: unknown };
    if (path !== undefined && path !== null) return undefined;
    return { host: String(host ?? "localhost"), port: Number(port) };
  }
  if (first === undefined || Number.isNaN(Number(first))) return undefined;
  return { host: typeof args[1] === "string" ? args[1] : "localhost", port: Number(first) };
}

export class TcpObserver extends Observer {
  /** A server that will listen or listens already. */
  server(server: Server): Observed {
    const known = this.get(server);
    if (known !== undefined) return known;
    const observed: Observed = { kind: "tcp server" };
    const restore = [
      beforeEvents(server, (event, [subject]) => this.#beforeServerEvent(server, event, subject)),
      override(server, "close", (original, active) => (...args: unknown[]) => {
        if (active() && server.listening) this.report(observed, { type: "stop listening" });
        return Reflect.apply(original, server, args);
      }),
    ];
    this.keep(server, observed, restore);
    this.serverAddress(server);
    return observed;
  }

  /** Learns where a server listens. */
  serverAddress(server: Server): void {
    const observed = this.get(server);
    const address = server.address();
    if (observed === undefined || address === null || typeof address === "string") return;
    observed.local = { host: address.address, port: address.port };
  }

  /** A socket that is about to connect. */
  connecting(socket: Socket, to: Place): void {
    this.forget(socket);
    const observed: Observed = { kind: "tcp client", remote: to };
    this.#attach(socket, observed);
    this.report(observed, { type: "connect", to });
  }

  /** A server's end of a new connection, before the program is told of it. */
  accepted(socket: Socket, server: Server): void {
    // Unix domain sockets have no such address.
    if (this.get(socket) !== undefined) return;
    if (address(inside(socket)._handle, "getsockname") === undefined) return;
    const observed: Observed = { kind: "tcp accepted", server: this.server(server) };
    this.#addresses(socket, observed);
    this.#attach(socket, observed);
    this.report(observed, { type: "accepted" });
  }

  /** A socket that was connected before the observation began. */
  existing(socket: Socket): void {
    if (this.get(socket) !== undefined || socket.connecting) return;
    const { server } = socket as { server?: unknown };
    const kind = server instanceof Server ? "tcp accepted" : "tcp client";
    const observed: Observed = { kind };
    this.#addresses(socket, observed);
    if (observed.remote === undefined) return;
    if (server instanceof Server) observed.server = this.server(server);
    this.#attach(socket, observed);
  }

  #beforeServerEvent(server: Server, event: string, subject: unknown): void {
    if (!(subject instanceof Socket)) return;
    const handle = inside(subject)._handle;
    if (event === "connection" && !(subject instanceof TLSSocket)) {
      this.accepted(subject, server);
    } else if (event === "secureConnection") {
      this.#secured(subject);
    }
    if (server instanceof HttpServer && handle !== null) handle._consumed = true;
  }

  /** TLS on a server: a second socket around the accepted one, with the bytes in the clear. */
  #secured(socket: Socket): void {
    const { _parent: parent } = socket as { _parent?: object };
    const observed = parent === undefined ? undefined : this.get(parent);
    if (observed === undefined || this.get(socket) !== undefined) return;
    observed.tls = true;
    const handle = inside(socket)._handle;
    if (handle !== null) handle._consumed = true;
    this.#attach(socket, observed);
  }

  #addresses(socket: Socket, observed: Observed): void {
    const handle = inside(socket)._handle;
    observed.local = address(handle, "getsockname") ?? observed.local;
    observed.remote = address(handle, "getpeername") ?? observed.remote;
  }

  #attach(socket: Socket, observed: Observed): void {
    if (socket instanceof TLSSocket) observed.tls = true;
    const report = this.report;
    const restore = [
      beforeEvents(socket, (event, args) => this.#beforeSocketEvent(socket, observed, event, args)),
      override(socket, "push", (original, active) => (chunk: unknown, ...rest: unknown[]) => {
        if (active() && chunk instanceof Uint8Array && chunk.byteLength > 0) {
          report(observed, { type: "receive", ...recordedBytes(chunk) });
        } else if (active() && chunk === null && !observed.endSeen && !socket.destroyed) {
          observed.endSeen = true;
          report(observed, { type: "end received" });
        }
        return Reflect.apply(original, socket, [chunk, ...rest]);
      }),
      override(
        inside(socket),
        "_writeGeneric",
        (original, active) => (writev: boolean, data: unknown, encoding: string, done: unknown) => {
          // While it connects Node keeps the data, and calls again once it is connected.
          if (active() && !socket.connecting && inside(socket)._handle !== null) {
            for (const [chunk, charset] of chunksOf(writev, data, encoding)) {
              report(observed, { type: "send", ...recordedChunk(chunk, charset) });
            }
          }
          Reflect.apply(original, socket, [writev, data, encoding, done]);
        },
      ),
      override(inside(socket), "_final", (original, active) => (done) => {
        if (active() && !socket.pending && !observed.ended) {
          observed.ended = true;
          report(observed, { type: "end sent" });
        }
        Reflect.apply(original, socket, [done]);
      }),
      override(inside(socket), "_destroy", (original, active) => (error, done) => {
        if (active()) this.#destroyed(socket, observed, error);
        Reflect.apply(original, socket, [error, done]);
      }),
      ...this.#ownBuffer(socket, observed),
    ];
    this.keep(socket, observed, restore);
  }

  /** With the `onread` option Node writes into the program's buffer and never calls `push`. */
  #ownBuffer(socket: Socket, observed: Observed): (() => void)[] {
    const key = Object.getOwnPropertySymbols(socket).find((one) => one.description === "kBufferCb");
    const holder = socket as object as Record<symbol, unknown>;
    if (key === undefined || typeof holder[key] !== "function") return [];
    return [
      override(holder, key, (original, active) => (bytes: number, buffer: Uint8Array) => {
        if (active()) {
          this.report(observed, { type: "receive", ...recordedBytes(buffer.subarray(0, bytes)) });
        }
        return Reflect.apply(original as () => unknown, socket, [bytes, buffer]);
      }),
    ];
  }

  #beforeSocketEvent(socket: Socket, observed: Observed, event: string, args: unknown[]): void {
    if (event === "connect") {
      this.#addresses(socket, observed);
      this.report(observed, { type: "connected" });
    } else if (event === "connectionAttemptFailed") {
      const [host, port, , error] = args;
      const to = { host: String(host), port: Number(port) };
      this.report(observed, { type: "attempt failed", to, code: codeOf(error) });
    }
  }

  #destroyed(socket: Socket, observed: Observed, error: Error | null): void {
    if (!observed.closed) {
      observed.closed = true;
      if (observed.local === undefined) this.#addresses(socket, observed);
      if (error !== null && error !== undefined) {
        const { syscall } = error as { syscall?: string };
        this.report(observed, { type: "error", code: codeOf(error), syscall });
      }
      const reset = inside(socket).resetAndClosing === true;
      this.report(observed, { type: reset ? "reset" : "close" });
    }
    this.forget(socket);
  }
}

/** What the program wrote, write by write: Node hands several to the system as a list. */
function chunksOf(writev: boolean, data: unknown, encoding: string): [unknown, string][] {
  if (!writev) return [[data, encoding]];
  return (data as { chunk: unknown; encoding: string }[]).map((one) => [one.chunk, one.encoding]);
}
