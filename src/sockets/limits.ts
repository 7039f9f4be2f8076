/** Every limit and default of the sockets, with its unit in its name. */

/** Where programs listen and connect unless told otherwise: this machine only. */
export const DEFAULT_HOST = "127.0.0.1";

/** Connections that the kernel may hold for us before Node takes them; Node's own default. */
export const DEFAULT_BACKLOG_CONNECTIONS = 511;

/**
 * Connections that Node has taken from the kernel and `accept` has not asked for yet. One more is
 * reset. 4096 is also what a Linux kernel keeps at most by default (net.core.somaxconn).
 */
export const ACCEPT_QUEUE_MAX_CONNECTIONS = 4096;

/** A TCP socket stops reading when this much has arrived and has not been received. */
export const RECEIVE_PAUSE_BYTES = 64 * 1024;

/**
 * The most that a TCP socket holds of what a peer sent and the program has not received: the mark above,
 * the read that crossed it, and what Node's own stream takes before it sees the pause. The rest
 * waits in the kernel, and then, held back by TCP's flow control, with the peer.
 */
export const RECEIVE_BUFFER_MAX_BYTES = 256 * 1024;

/** Bytes of earlier sends that the kernel has not taken yet, beyond which another is refused. */
export const SEND_QUEUE_MAX_BYTES = 1024 * 1024;

/** How long `close` lets a peer take what was sent before it gives up and resets. */
export const CLOSE_FLUSH_MAX_MS = 5_000;

/** How long `close` discards what a peer still sends, so that our last bytes reach it. */
export const CLOSE_DISCARD_MAX_MS = 1_000;

/** Longest timeout that Node's timers can measure: about 24.8 days. */
export const TIMEOUT_MAX_MS = 2 ** 31 - 1;

export const PORT_MAX = 65_535;

/** Longest UDP payload over IPv4: 65535 less 20 bytes of IP header and 8 of UDP header. */
export const UDP_PAYLOAD_MAX_BYTES = 65_507;

/** Size of the default `recvfrom`: no datagram is longer. */
export const DATAGRAM_MAX_BYTES = 65_535;

/** Datagrams that have arrived and have not been received, beyond which newer ones are dropped. */
export const DATAGRAM_QUEUE_MAX_BYTES = 1024 * 1024;

/** What a queued datagram counts besides its payload, so that empty ones are bounded too. */
export const DATAGRAM_OVERHEAD_BYTES = 256;
