/** The closed set of error codes: what each means, what to do, and which system codes lead to it. */

export type SocketErrorCode =
  | "REFUSED"
  | "TIMED_OUT"
  | "UNKNOWN_HOST"
  | "UNREACHABLE"
  | "RESET"
  | "CLOSED_EARLY"
  | "CLOSED"
  | "ABORTED"
  | "ADDRESS_IN_USE"
  | "ADDRESS_NOT_AVAILABLE"
  | "PERMISSION_DENIED"
  | "MESSAGE_TOO_LONG"
  | "QUEUE_FULL"
  | "TOO_MANY_OPEN_FILES"
  | "OTHER";

/** What each code says happened, and what a person should do next. */
export const MEANINGS: Record<SocketErrorCode, readonly [what: string, advice: string]> = {
  REFUSED: [
    "connection refused",
    "Nothing listens there: check the host and the port, and that the server is running.",
  ],
  TIMED_OUT: [
    "timed out",
    "The peer did not answer in time: check the address and any firewall between, or allow more time.",
  ],
  UNKNOWN_HOST: [
    "unknown host",
    "Check the spelling of the host name, and that this machine can reach a name server.",
  ],
  UNREACHABLE: [
    "network or host unreachable",
    "Check that this machine is on a network with a route to it, and that the address is right.",
  ],
  RESET: [
    "connection reset by the peer",
    "The other program ended the connection abruptly: look at its output for the reason, then connect again.",
  ],
  CLOSED_EARLY: [
    "the peer closed the connection before the exchange was over",
    "Check that the other program speaks the protocol you expect, then connect again.",
  ],
  CLOSED: [
    "the socket is closed on this side",
    "Use the socket only before it is closed, or open a new one.",
  ],
  ABORTED: ["stopped on request", "Nothing needs mending: this program asked for the call to end."],
  ADDRESS_IN_USE: [
    "address already in use",
    "Stop the program that holds the port (`ss -ltunp` or `lsof -i` names it), or choose another port; with port 0 the system chooses one.",
  ],
  ADDRESS_NOT_AVAILABLE: [
    "address not available",
    "Choose an address that this machine has (`ip addr` lists them), such as 127.0.0.1.",
  ],
  PERMISSION_DENIED: [
    "permission denied",
    "A firewall on this machine or a missing privilege forbids it: ask its administrator.",
  ],
  MESSAGE_TOO_LONG: [
    "message too long",
    "A UDP datagram carries at most 65507 bytes over IPv4: send less at a time, or use TCP.",
  ],
  QUEUE_FULL: [
    "too much is waiting to be sent",
    "Await each send before the next, so that a slow peer sets the pace.",
  ],
  TOO_MANY_OPEN_FILES: [
    "too many open files and sockets",
    "Close sockets that are no longer needed, or raise the limit (`ulimit -n`).",
  ],
  OTHER: ["failed", "Look up the system's error code in `man 3 errno`."],
};

/** The operating system's and Node's names for what went wrong. */
export const CODES: Readonly<Record<string, SocketErrorCode>> = {
  ECONNREFUSED: "REFUSED",
  ETIMEDOUT: "TIMED_OUT",
  ERR_SOCKET_CONNECTION_TIMEOUT: "TIMED_OUT",
  ENOTFOUND: "UNKNOWN_HOST",
  EAI_AGAIN: "UNKNOWN_HOST",
  EAI_NONAME: "UNKNOWN_HOST",
  EAI_NODATA: "UNKNOWN_HOST",
  EAI_FAIL: "UNKNOWN_HOST",
  EHOSTUNREACH: "UNREACHABLE",
  ENETUNREACH: "UNREACHABLE",
  EHOSTDOWN: "UNREACHABLE",
  ENETDOWN: "UNREACHABLE",
  ECONNRESET: "RESET",
  ECONNABORTED: "RESET",
  EPIPE: "CLOSED_EARLY",
  EADDRINUSE: "ADDRESS_IN_USE",
  EADDRNOTAVAIL: "ADDRESS_NOT_AVAILABLE",
  EAFNOSUPPORT: "ADDRESS_NOT_AVAILABLE",
  EACCES: "PERMISSION_DENIED",
  EPERM: "PERMISSION_DENIED",
  EMSGSIZE: "MESSAGE_TOO_LONG",
  EMFILE: "TOO_MANY_OPEN_FILES",
  ENFILE: "TOO_MANY_OPEN_FILES",
  ERR_STREAM_DESTROYED: "CLOSED",
  ERR_STREAM_WRITE_AFTER_END: "CLOSED",
  ERR_SERVER_NOT_RUNNING: "CLOSED",
  ERR_SOCKET_DGRAM_NOT_RUNNING: "CLOSED",
};
