/** Node's UDP sockets: opened and bound, and where they are bound. */
import { createSocket, type Socket } from "node:dgram";
import { type Endpoint, endpointOf } from "./endpoint";

/**
 * Opens the system's socket and binds it, by default to all addresses. `bound` resolves after
 * `onBound` was called, in time for the first datagram, and rejects where it cannot be bound.
 */
export function openUdp(
  family: "IPv4" | "IPv6",
  address: string | undefined,
  port: number,
  onBound: (socket: Socket) => void,
): { readonly socket: Socket; readonly bound: Promise<Socket> } {
  const type = family === "IPv6" ? "udp6" : "udp4";
  // Node looks up every destination again, although all that come here are addresses.
  const socket = createSocket({ type, lookup: (host, _, found) => found(null, host, 0) });
  const bound = new Promise<Socket>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off("error", reject);
      onBound(socket);
      resolve(socket);
    });
  });
  return { socket, bound };
}

/** Where a socket is bound; port 0 when it is not bound yet. */
export function boundTo(socket: Socket): Endpoint {
  try {
    const { address, port } = socket.address();
    return endpointOf(address, port);
  } catch {
    return endpointOf(undefined, 0); // not bound yet
  }
}
