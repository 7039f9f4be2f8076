// Reading on after the last answer, so that closing does not cut that answer off.

import type { TcpSocket } from "../sockets/tcp";

const DRAIN_MAX_BYTES = 16 * 1024 * 1024;
const DRAIN_MAX_MS = 5_000;

/**
 * Receives and forgets what the peer still sends, until it ends its side too, and resolves with
 * the number of bytes. Closing a socket with unread bytes makes the system answer them with a
 * reset, which can destroy what we sent last before the peer has read it (RFC 1122, 4.2.2.13).
 * Ends after 16 MiB or 5 s whatever the peer does, and does not mind its leaving.
 */
export async function drain(
  socket: TcpSocket,
  maxBytes = DRAIN_MAX_BYTES,
  maxMs = DRAIN_MAX_MS,
): Promise<number> {
  const signal = AbortSignal.timeout(maxMs);
  let drained = 0;
  while (drained < maxBytes) {
    const piece = await socket.recv(maxBytes - drained, { signal }).catch(() => undefined);
    if (!piece?.length) break;
    drained += piece.length;
  }
  return drained;
}
