/**
 * TCP in the calls of the BSD sockets, awaitable: `listen`, `accept`, `connect`, `recv`, `send`,
 * `shutdown`, `close`.
 */
import { connect as connectSocket } from "node:net";
import { onAbort } from "./abort";
import { checkHost, checkPort, checkRemotePort } from "./arguments";
import { toSocketError, traced } from "./errors";
import { DEFAULT_HOST } from "./limits";
import { TcpSocket } from "./tcp-socket";
import { abortError, checkCall, waitNoLonger } from "./waiting-calls";

export type { CallOptions } from "./arguments";
export { type ListenOptions, listen, TcpServer } from "./tcp-server";
export { TcpSocket } from "./tcp-socket";

export interface ConnectOptions {
  /** A name or an address, by default 127.0.0.1. A name's addresses are tried one by one. */
  readonly host?: string;
  readonly port: number;
  /** The address to connect from; the system chooses by default. */
  readonly localHost?: string;
  /** The port to connect from; the system chooses by default. */
  readonly localPort?: number;
  /** Milliseconds to wait at most for the connection; then TIMED_OUT. */
  readonly timeout?: number;
  /** Aborting it ends the attempt, and later the connection: as long as the socket lives. */
  readonly signal?: AbortSignal;
  /** Send small writes at once instead of gathering them (TCP_NODELAY). */
  readonly noDelay?: boolean;
}

/**
 * Opens a connection (`socket` and `connect` in one) and resolves when the handshake is done. The
 * server's program may not have accepted it yet: its kernel answers.
 *
 * Rejects with REFUSED, TIMED_OUT, UNKNOWN_HOST, UNREACHABLE, RESET, ADDRESS_NOT_AVAILABLE,
 * ADDRESS_IN_USE (of the local port), ABORTED; RangeError or TypeError for a bad port or host.
 */
export async function connect(options: ConnectOptions): Promise<TcpSocket> {
  const host = checkHost(options.host ?? DEFAULT_HOST);
  const port = checkRemotePort(options.port);
  const localPort = options.localPort === undefined ? undefined : checkPort(options.localPort);
  const place = { host, port };
  checkCall(options, "connect", place);
  const { signal } = options;
  const socket = connectSocket({
    host,
    port,
    localAddress: options.localHost,
    localPort,
    allowHalfOpen: true,
    noDelay: options.noDelay ?? false,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const stopWaiting = waitNoLonger(options, "connect", place, (error) => {
        socket.destroy();
        reject(error);
      });
      // Stays for as long as the socket: an error after the time is up has no other listener.
      socket.on("error", (error) => {
        stopWaiting();
        reject(toSocketError(error, "connect", place));
      });
      socket.once("connect", () => {
        stopWaiting();
        resolve();
      });
    });
  } catch (error) {
    throw traced(error);
  }
  if (signal === undefined) return new TcpSocket(socket);
  if (signal.aborted) {
    socket.destroy();
    throw abortError(signal, "connect", place);
  }
  const connected = new TcpSocket(socket, () => forgetSignal());
  const forgetSignal = onAbort(signal, () => connected.destroy(signal.reason));
  return connected;
}
