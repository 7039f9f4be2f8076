/** UDP in the calls of the BSD sockets, awaitable: `bind`, `recvfrom`, `sendto`, `close`. */
import { onAbort } from "./abort";
import { checkHost, checkPort } from "./arguments";
import { DEFAULT_HOST } from "./limits";
import { UdpSocket } from "./udp-socket";
import { abortError } from "./waiting-calls";

export type { CallOptions } from "./arguments";
export type { Datagram } from "./udp-receiver";
export { UdpSocket } from "./udp-socket";

export interface BindOptions {
  /** The address to bind to, or a name that leads to one; it decides the family. */
  readonly host?: string;
  /** 0 lets the system choose; `socket.local.port` tells which. */
  readonly port: number;
  /** Aborting it closes the socket. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a UDP socket and binds it to an address (by default 127.0.0.1) and a port. Rejects with
 * ADDRESS_IN_USE, ADDRESS_NOT_AVAILABLE, PERMISSION_DENIED (a port below 1024), UNKNOWN_HOST,
 * ABORTED; RangeError or TypeError for a bad port or host.
 */
export async function bind(options: BindOptions): Promise<UdpSocket> {
  const host = checkHost(options.host ?? DEFAULT_HOST);
  const port = checkPort(options.port);
  const { signal } = options;
  if (signal?.aborted) throw abortError(signal, "bind", { host, port });
  const socket = new UdpSocket();
  await socket.bindTo(host, port);
  if (signal?.aborted) {
    await socket.close();
    throw abortError(signal, "bind", { host, port });
  }
  if (signal !== undefined) {
    socket.onceClosed(onAbort(signal, () => socket.destroy(signal.reason)));
  }
  return socket;
}

/**
 * A UDP socket that is bound to no port yet: the system binds it at the first `sendto`, whose
 * destination decides the family unless it is given.
 */
export function udpSocket(options: { readonly family?: "IPv4" | "IPv6" } = {}): UdpSocket {
  return new UdpSocket(options.family);
}
