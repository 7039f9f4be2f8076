/** How a TCP connection ends: so that what was sent last arrives, and seen for what it is. */
import type { Socket } from "node:net";
import { CLOSE_DISCARD_MAX_MS, CLOSE_FLUSH_MAX_MS } from "./limits";

const NOTHING = new Uint8Array();

/**
 * Flushes and closes a socket of Node's: `reset` is called when the peer does not take what was
 * sent within CLOSE_FLUSH_MAX_MS. With `unread` bytes of the peer's it then discards what comes,
 * for at most CLOSE_DISCARD_MAX_MS, since a system answers unread bytes with a reset (RFC 1122,
 * 4.2.2.13). Returns a function that stops the clock, for when the socket is gone.
 */
export function closeFlushed(socket: Socket, unread: boolean, reset: () => void): () => void {
  if (socket.writableLength === 0 && !unread) {
    socket.destroy();
    return () => {};
  }
  socket.resume(); // what still comes is discarded, and cannot hold up a peer that only writes
  let timer = setTimeout(reset, CLOSE_FLUSH_MAX_MS);
  socket.end(() => {
    clearTimeout(timer);
    if (socket.destroyed) return;
    if (unread) timer = setTimeout(() => socket.destroy(), CLOSE_DISCARD_MAX_MS);
    else socket.destroy();
  });
  return () => clearTimeout(timer);
}

/**
 * True if an end that Node reports is a reset. Where bytes and a reset have arrived together, libuv
 * reports the bytes and then an end. An empty write, which sends nothing, brings the reset to light
 * (its 'error' event follows); EPIPE is a reset after a real end.
 */
export function hidesReset(socket: Socket): boolean {
  if (socket.writableLength > 0) return false;
  socket.write(NOTHING);
  return socket.errored !== null && !("code" in socket.errored && socket.errored.code === "EPIPE");
}
