/**
 * Observes the sockets of `node:dgram`, as observe-tcp does: no listener is added. What is sent is
 * seen at the handle, below name look-up and the queue of what was sent before the socket was bound.
 */
import type { Socket } from "node:dgram";
import { getSystemErrorName } from "node:util";
import { codeOf, type Observed, recordedBytes } from "./observed";
import { Observer } from "./observer";
import { beforeEvents, override } from "./override";
import type { Place } from "./recording-data";

interface Handle {
  /** (request, list, count, port, address, callback), or without port and address if connected. */
  send(...args: unknown[]): number;
}

interface State {
  readonly handle: Handle | null;
}

/** The inside of a dgram.Socket, behind a symbol: undocumented, and the same from Node 12 to 26. */
function stateOf(socket: Socket): State | undefined {
  const key = Object.getOwnPropertySymbols(socket).find(
    (one) => one.description === "state symbol",
  );
  return key === undefined ? undefined : (socket as object as Record<symbol, State>)[key];
}

export class UdpObserver extends Observer {
  /** A socket that was just made, or one that is in use already. */
  socket(socket: Socket): void {
    if (this.get(socket) !== undefined) return;
    const observed: Observed = { kind: "udp" };
    const state = stateOf(socket);
    const handle = state?.handle ?? undefined;
    learnAddress(socket, observed);
    let bySend = false;
    const restore = [
      beforeEvents(socket, (event, args) =>
        this.#beforeEvent(socket, observed, event, args, bySend),
      ),
      override(socket, "bind", (original, active) => (...args: unknown[]) => {
        if (active()) {
          bySend = boundBySend(args);
          observed.systemPort = !(requestedPort(args) > 0);
        }
        return Reflect.apply(original, socket, args);
      }),
      override(socket, "close", (original, active) => (...args: unknown[]) => {
        const result = Reflect.apply(original, socket, args);
        // It may wait for what is queued, and is then called again.
        if (active() && stateOf(socket)?.handle === null) this.#closed(socket, observed);
        return result;
      }),
    ];
    if (handle !== undefined) {
      restore.push(
        override(handle, "send", (original, active) => (...args: unknown[]) => {
          const result: number = Reflect.apply(original, handle, args);
          if (active()) this.#sent(socket, observed, args, result);
          return result;
        }),
      );
    }
    this.keep(socket, observed, restore);
  }

  #beforeEvent(
    socket: Socket,
    observed: Observed,
    event: string,
    args: unknown[],
    bySend: boolean,
  ): void {
    if (event === "listening") {
      learnAddress(socket, observed);
      this.report(observed, { type: "bind", bySend });
    } else if (event === "message" && args[0] instanceof Uint8Array) {
      const { address, port } = args[1] as { address: string; port: number };
      const from = { host: address, port };
      this.report(observed, { type: "receive datagram", from, ...recordedBytes(args[0]) });
    } else if (event === "error") {
      const { syscall } = args[0] as { syscall?: string };
      this.report(observed, { type: "error", code: codeOf(args[0]), syscall });
    }
  }

  #sent(socket: Socket, observed: Observed, args: unknown[], result: number): void {
    const list = args[1];
    if (!Array.isArray(list)) return;
    const [port, host] = [args[3], args[4]];
    const to =
      typeof port === "number" && typeof host === "string" ? { host, port } : peerOf(socket);
    const data = Buffer.concat(
      list.map((one: Uint8Array) => Buffer.from(one.buffer, one.byteOffset, one.byteLength)),
    );
    const code = result < 0 ? getSystemErrorName(result) : undefined;
    learnAddress(socket, observed);
    this.report(observed, { type: "send datagram", to, code, ...recordedBytes(data) });
  }

  #closed(socket: Socket, observed: Observed): void {
    if (observed.closed) return;
    observed.closed = true;
    this.report(observed, { type: "close" });
    this.forget(socket);
  }
}

/** Asking for an address throws while there is none. */
function learnAddress(socket: Socket, observed: Observed): void {
  try {
    const { address, port } = socket.address();
    if (port !== 0) observed.local = { host: address, port };
  } catch {
    // Not bound yet, or closed: nothing to learn.
  }
}

function peerOf(socket: Socket): Place {
  try {
    const { address, port } = socket.remoteAddress();
    return { host: address, port };
  } catch {
    return { host: "unknown", port: 0 };
  }
}

function requestedPort(args: readonly unknown[]): number {
  const first = args[0];
  if (typeof first !== "object" || first === null) return Number(first ?? 0);
  return Number((first as { port?: unknown }).port ?? 0);
}

/** Node binds an unbound socket that sends or connects by `bind({ port: 0, exclusive: true }, null)`. */
function boundBySend(args: readonly unknown[]): boolean {
  return args.length === 2 && args[1] === null && requestedPort(args) === 0;
}
