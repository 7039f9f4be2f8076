/** Why a socket call failed: one error class, a closed set of codes, and advice for each. */
import { type Address, formatEndpoint } from "./endpoint";

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

/** The call that failed, as a message names it. */
export type Operation =
  | "listen"
  | "accept"
  | "connect"
  | "recv"
  | "send"
  | "shutdown"
  | "close"
  | "bind"
  | "recvfrom"
  | "sendto";

/** What each code says happened, and what a person should do next. */
const MEANINGS: Record<SocketErrorCode, readonly [what: string, advice: string]> = {
  REFUSED: [
    "connection refused",
    "Nothing listens there: check the host and the port, and that the server is running.",
  ],
  TIMED_OUT: [
    "timed out",
    "The other side did not answer in time: check the address and any firewall between, or allow more time.",
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
    "connection reset by the other side",
    "The other program ended the connection abruptly: look at its output for the reason, then connect again.",
  ],
  CLOSED_EARLY: [
    "the other side closed the connection before the exchange was over",
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
    "Ports below 1024 need privileges on most systems: choose one from 1024 to 65535.",
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
const CODES: Readonly<Record<string, SocketErrorCode>> = {
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

export interface SocketErrorDetails {
  /** One sentence; by default the advice that goes with the code. */
  readonly advice?: string;
  /** The operating system's own name: `ECONNREFUSED`. */
  readonly systemCode?: string;
  /** The system call that failed: `connect`. */
  readonly syscall?: string;
  /** What the call was for: the address to listen on, or the other end. */
  readonly endpoint?: Address;
  readonly cause?: unknown;
}

/**
 * A socket call failed. The message is one line that names the call and the endpoint:
 * `connect 127.0.0.1:8080: connection refused`.
 */
export class SocketError extends Error {
  override readonly name = "SocketError";
  /** What happened, from a closed set. */
  readonly code: SocketErrorCode;
  /** One sentence: what a person should do next. */
  readonly advice: string;
  /** The operating system's name for it, where it was the one that refused. */
  readonly systemCode?: string;
  readonly syscall?: string;
  /** What the call was for, where one is known: the address to listen on, or the other end. */
  readonly endpoint?: Address;

  constructor(code: SocketErrorCode, message: string, details: SocketErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.advice = details.advice ?? MEANINGS[code][1];
    if (details.systemCode !== undefined) this.systemCode = details.systemCode;
    if (details.syscall !== undefined) this.syscall = details.syscall;
    if (details.endpoint !== undefined) this.endpoint = details.endpoint;
  }
}

/** Where a call was going: an endpoint, or the name of a socket that has none yet. */
export type Place = Address | string;

/** A SocketError in the house's words: `recv 127.0.0.1:8080: timed out after 50 ms`. */
export function socketError(
  code: SocketErrorCode,
  operation: Operation,
  place: Place,
  details: SocketErrorDetails & { what?: string } = {},
): SocketError {
  const where = typeof place === "string" ? place : formatEndpoint(place);
  const what = details.what ?? MEANINGS[code][0];
  const endpoint = typeof place === "string" ? undefined : place;
  return new SocketError(code, `${operation} ${where}: ${what}`, { endpoint, ...details });
}

/** An error of the operating system or of Node, as far as it tells. */
interface SystemError extends Error {
  code?: string;
  syscall?: string;
  errors?: unknown;
}

/**
 * Explains an error of `node:net` or `node:dgram`. A SocketError comes back as it is; what is not
 * an error of the system (a bug) becomes code OTHER with the original as its cause.
 */
export function toSocketError(error: unknown, operation: Operation, place: Place): SocketError {
  if (error instanceof SocketError) return error;
  if (!(error instanceof Error)) {
    return socketError("OTHER", operation, place, { what: `failed: ${error}`, cause: error });
  }
  const found = mostTelling(error);
  const systemCode = found.code;
  const code = CODES[systemCode ?? ""] ?? "OTHER";
  const details = { systemCode, syscall: found.syscall, cause: error };
  if (code === "OTHER") {
    const what = `failed with ${systemCode ?? found.message}`;
    return socketError(code, operation, place, { ...details, what });
  }
  if (systemCode === "EAFNOSUPPORT") {
    const what = "address of another family (IPv4, IPv6) than the socket's";
    const advice = "Use addresses of one family, or a socket for each.";
    return socketError(code, operation, place, { ...details, advice, what });
  }
  if (systemCode === "EAI_AGAIN") {
    const advice = "No name server answered: check this machine's network, then try again.";
    return socketError(code, operation, place, {
      ...details,
      advice,
      what: "host name not resolved",
    });
  }
  if (code === "PERMISSION_DENIED" && operation !== "listen" && operation !== "bind") {
    const advice =
      "A broadcast must be allowed first (in Node: `setBroadcast(true)`); anything else is forbidden by a firewall on this machine or a missing privilege.";
    return socketError(code, operation, place, { ...details, advice });
  }
  return socketError(code, operation, place, details);
}

/** Node tries every address of a name and reports all failures at once: pick the one that helps. */
function mostTelling(error: SystemError): SystemError {
  if (!Array.isArray(error.errors)) return error;
  const attempts = error.errors.filter((one): one is SystemError => one instanceof Error);
  for (const code of ["ECONNREFUSED", "ETIMEDOUT"]) {
    const found = attempts.find((one) => one.code === code);
    if (found !== undefined) return found;
  }
  return attempts[0] ?? error;
}

/**
 * Points an error's stack at the call that is being awaited, instead of at the event that
 * failed: V8 follows awaits, so the caller's line is in it.
 */
export function traced(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error, traced);
  return error;
}

/** One line for a person: what happened, and what to do next. */
export function explain(error: unknown): string {
  if (error instanceof SocketError) return `${error.message}. ${error.advice}`;
  return error instanceof Error ? error.message : String(error);
}
