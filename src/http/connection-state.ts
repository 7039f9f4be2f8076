/**
 * The states of a connection and the steps between them: a table to read, which every step is checked
 * against.
 *
 *     idle ──▶ head ──▶ handling ──▶ holding ──▶ sending ──▶ dropping ──▶ idle
 *
 * Steps are left out where there is nothing to do: a short answer to a GET goes from handling to idle.
 */

export type ConnectionState =
  /** Nothing of a next request has arrived. */
  | "idle"
  /** The head of a request is arriving. */
  | "head"
  /** A handler has the request; its content is read as the handler asks for it. */
  | "handling"
  /** The response is ready; content that the handler did not ask for is dropped before it is sent. */
  | "holding"
  /** Content that comes in pieces is being sent. */
  | "sending"
  /** The response is sent; the rest of the request's content is dropped. */
  | "dropping"
  /** The last response is written, and the end of the stream after it. */
  | "closing"
  /** All is sent; the client has a while to close too (RFC 9112, 9.6). */
  | "lingering"
  /** The socket is closed. */
  | "gone";

const STEPS: Readonly<Record<ConnectionState, readonly ConnectionState[]>> = {
  // From idle and head to sending: a rejected request is answered without a handler.
  idle: ["handling", "head", "sending", "closing", "gone"],
  head: ["handling", "idle", "sending", "closing", "gone"],
  handling: ["idle", "holding", "sending", "dropping", "closing", "gone"],
  holding: ["idle", "sending", "dropping", "closing", "gone"],
  sending: ["idle", "dropping", "closing", "gone"],
  dropping: ["idle", "closing", "gone"],
  closing: ["lingering", "gone"],
  lingering: ["gone"],
  gone: [],
};

/** `to`, if a connection may go there from `from`. @throws Error when it may not: a fault of this server */
export function step(from: ConnectionState, to: ConnectionState): ConnectionState {
  if (!STEPS[from].includes(to)) throw new Error(`a connection cannot go from ${from} to ${to}`);
  return to;
}

/** True once the last response is written: what the client still sends is not read. */
export function isClosing(state: ConnectionState): boolean {
  return state === "closing" || state === "lingering" || state === "gone";
}
