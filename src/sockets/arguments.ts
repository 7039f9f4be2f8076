/** Checks of what a caller passed, before anything is opened: mistakes of the program itself. */
import { PORT_MAX, TIMEOUT_MAX_MS } from "./limits";

/** What every call that waits understands. */
export interface CallOptions {
  /**
   * Milliseconds to wait at most, 0 to 2147483647; then the call rejects with TIMED_OUT. 0
   * takes only what has arrived already. Without it a call waits as long as it takes.
   */
  readonly timeout?: number;
  /** Aborting it makes the call reject with ABORTED (TIMED_OUT for `AbortSignal.timeout`). */
  readonly signal?: AbortSignal;
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function integer(name: string, value: number, min: number, max: number): number {
  if (typeof value !== "number") {
    throw new TypeError(`${name} must be a number, not ${shown(value)}`);
  }
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be an integer from ${min} to ${max}, not ${shown(value)}`);
  }
  return value;
}

/** A port to listen on: 0 lets the system choose. Throws RangeError or TypeError. */
export function checkPort(port: number): number {
  return integer("port", port, 0, PORT_MAX);
}

/** A port to reach: 0 stands for none. Throws RangeError or TypeError. */
export function checkRemotePort(port: number): number {
  return integer("port", port, 1, PORT_MAX);
}

/** True if a value can be the name of a host; only the system can tell if it is one. */
export function isHost(host: unknown): host is string {
  return typeof host === "string" && host !== "" && !/[\s\0]/.test(host);
}

/** Throws TypeError unless the host is a name or an address. */
export function checkHost(host: string): string {
  if (!isHost(host)) {
    throw new TypeError(`host must be a name or an address, not ${shown(host)}`);
  }
  return host;
}

export function checkMaxBytes(maxBytes: number): number {
  return integer("maxBytes", maxBytes, 1, Number.MAX_SAFE_INTEGER);
}

export function checkBacklog(backlog: number): number {
  return integer("backlog", backlog, 1, TIMEOUT_MAX_MS);
}

export function checkTimeout(timeout: number | undefined): void {
  if (timeout !== undefined) integer("timeout", Math.ceil(timeout), 0, TIMEOUT_MAX_MS);
}

/** The bytes to send: a string is sent as UTF-8. Throws TypeError for anything else. */
export function toBytes(data: string | Uint8Array): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof Uint8Array) return data;
  throw new TypeError(`data must be a string, a Buffer or a Uint8Array, not ${shown(data)}`);
}
