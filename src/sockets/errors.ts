/** Why a socket call failed: one error class, a closed set of codes, and advice for each. */
import { type Address, formatEndpoint } from "./endpoint";
import { CODES, MEANINGS, type SocketErrorCode } from "./error-meanings";

export type { SocketErrorCode } from "./error-meanings";

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
  return socketError(code, operation, place, {
    ...details,
    ...inDetail(systemCode, operation, place),
  });
}

const LISTENING: readonly Operation[] = ["listen", "bind"];
const SENDING: readonly Operation[] = ["send", "sendto"];

/** Words and advice for errors that mean different things in different calls. */
function inDetail(
  systemCode: string | undefined,
  operation: Operation,
  place: Place,
): { readonly what?: string; readonly advice?: string } {
  if (systemCode === "EAFNOSUPPORT") {
    const what = "address of another family (IPv4, IPv6) than the socket's";
    return { what, advice: "Use addresses of one family, or a socket for each." };
  }
  if (systemCode === "EAI_AGAIN") {
    const advice = "No name server answered: check this machine's network, then try again.";
    return { what: "host name not resolved", advice };
  }
  if (systemCode !== "EACCES") return {};
  if (LISTENING.includes(operation) && typeof place !== "string" && place.port < 1024) {
    return {
      advice: "Ports below 1024 need privileges on most systems: choose one from 1024 to 65535.",
    };
  }
  if (SENDING.includes(operation)) {
    return {
      advice:
        "A broadcast must be allowed first (in Node: `setBroadcast(true)`); anything else is forbidden by a firewall on this machine or a missing privilege.",
    };
  }
  return {};
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
