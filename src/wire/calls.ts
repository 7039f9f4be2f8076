/**
 * The calls of a program, where its sockets announce them. Node shows a recorder what the sockets
 * do, but not that a program waits in `accept()` for it: that is known only to whoever offers
 * `accept()`. So src/sockets announces such calls on a diagnostics channel, as Node announces its
 * own (https://nodejs.org/api/diagnostics_channel.html), and anybody else may do the same:
 *
 *     const calls = channel("socket-lab.call");
 *     const call = {};                                          // the same object in both phases
 *     if (calls.hasSubscribers) calls.publish({ phase: "start", call: "recv", id: call, target });
 *     ...
 *     if (calls.hasSubscribers) calls.publish({ phase: "end", call: "recv", id: call, target, data });
 *
 * Without a subscriber this costs one property read.
 */
import type { Socket as UdpSocket } from "node:dgram";
import type { Server, Socket } from "node:net";

export const CALL_CHANNEL = "socket-lab.call";

/** Only calls that take something from a socket: what is sent shows on the wire by itself. */
export type CallName = "accept" | "recv" | "recvfrom";

export interface CallMessage {
  readonly phase: "start" | "end";
  readonly call: CallName;
  /** One object for one call, the same at its start and at its end. */
  readonly id: object;
  /** Node's own socket that is called: a Server for accept, a dgram Socket for recvfrom. */
  readonly target: Server | Socket | UdpSocket;
  /** At the end of an accept that succeeded: the connection. */
  readonly accepted?: Socket;
  /** At the end of a recv or recvfrom that succeeded: the bytes; none for the end of a stream. */
  readonly data?: Uint8Array;
  /** At the end of a call that failed. An end with no result and no error was taken back. */
  readonly error?: unknown;
}

/** Whether a message on the channel is one: a channel is open to everybody. */
export function isCallMessage(message: unknown): message is CallMessage {
  if (typeof message !== "object" || message === null) return false;
  const { phase, call, id, target } = message as Partial<CallMessage>;
  return (
    (phase === "start" || phase === "end") &&
    (call === "accept" || call === "recv" || call === "recvfrom") &&
    typeof id === "object" &&
    typeof target === "object"
  );
}
