/**
 * Announces that a program called `accept`, `recv` or `recvfrom`, and what the call returned: on a
 * diagnostics channel, as Node announces its own sockets. Nothing else shows that a call waits. `src/wire` draws it. Without a subscriber it costs one property read.
 */

import type { Socket as UdpSocket } from "node:dgram";
import { channel } from "node:diagnostics_channel";
import type { Server, Socket } from "node:net";

/** Published with CallMessage objects. */
export const CALL_CHANNEL = "socket-lab.call";

/** Only calls that take something from a socket: what is sent shows on the wire by itself. */
export type CallName = "accept" | "recv" | "recvfrom";

/** What a call that succeeded took. */
export interface CallResult {
  /** Of an accept: the connection. */
  readonly accepted?: Socket;
  /** Of a recv or recvfrom: the bytes; none for the end of a stream. */
  readonly data?: Uint8Array;
}

export interface CallMessage extends CallResult {
  readonly phase: "start" | "end";
  readonly call: CallName;
  /** One object for one call, the same at its start and at its end. */
  readonly id: object;
  /** Node's own socket that is called: a Server for accept, a dgram Socket for recvfrom. */
  readonly target: Server | Socket | UdpSocket;
  /** At the end of a call that failed. An end with no result and no error was taken back. */
  readonly error?: unknown;
}

/** Node's socket that a call is made on; a function where it is opened later. */
export type CallTarget = CallMessage["target"] | (() => CallMessage["target"] | undefined);

const calls = channel(CALL_CHANNEL);

/** True if the channel has a subscriber. */
export function callsAreHeard(): boolean {
  return calls.hasSubscribers;
}

/** Publishes the start or the end of a call; nothing while its socket is not open. */
export function announce(call: CallName, target: CallTarget, what: CallPhase): void {
  const socket = typeof target === "function" ? target() : target;
  if (socket === undefined) return;
  const message: CallMessage = { ...what, call, target: socket };
  calls.publish(message);
}

type CallPhase = Omit<CallMessage, "call" | "target">;
