/** A socket while it is being observed, and the type of the listener that is told what it does. */

import { HEAD_BYTES } from "./limits";
import type { Place, RecordedBytes, WireAction } from "./recording-data";

/** What an observer knows of one socket. A socket that connects again is a new one. */
export interface Observed {
  readonly kind: "tcp server" | "tcp client" | "tcp accepted" | "udp";
  local?: Place;
  remote?: Place;
  server?: Observed;
  systemPort?: boolean;
  tls?: boolean;
  ended?: boolean;
  endSeen?: boolean;
  closed?: boolean;
}

/** Calls refer to objects, where a recording will have their numbers. */
export type ObservedAction =
  | Exclude<WireAction, { type: "call" | "return" }>
  | { readonly type: "call"; readonly call: string; readonly id: object }
  | ({
      readonly type: "return";
      readonly call: string;
      readonly id: object;
      readonly accepted?: Observed;
      readonly code?: string;
    } & Partial<RecordedBytes>);

export type ActionListener = (socket: Observed, action: ObservedAction) => void;

/** The size of some bytes and a copy of the first: the buffer may be used again. */
export function recordedBytes(data: Uint8Array): RecordedBytes {
  const head = Buffer.from(data.buffer, data.byteOffset, Math.min(data.byteLength, HEAD_BYTES));
  return { bytes: data.byteLength, head: head.toString("latin1") };
}

/** The same for what was passed to a write: of a long string only the beginning is encoded. */
export function recordedChunk(chunk: unknown, encoding: string | undefined): RecordedBytes {
  if (chunk instanceof Uint8Array) return recordedBytes(chunk);
  const text = String(chunk);
  const charset: BufferEncoding =
    encoding !== undefined && Buffer.isEncoding(encoding) ? encoding : "utf8";
  const { head } = recordedBytes(Buffer.from(text.slice(0, HEAD_BYTES * 2), charset));
  return { bytes: Buffer.byteLength(text, charset), head };
}

/** The system's or Node's code of an error: `ECONNRESET`. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "error";
  const { code, errors, name } = error as { code?: unknown; errors?: unknown; name?: unknown };
  if (typeof code === "string") return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return typeof name === "string" ? name : "error";
}
