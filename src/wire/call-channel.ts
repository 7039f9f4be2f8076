/**
 * The calls of a program, where its sockets announce them. Node shows a recorder what the sockets
 * do, but not that a program waits in `accept()` for it: `src/sockets` announces that.
 */
import type { CallMessage } from "../sockets/announce";

export { CALL_CHANNEL, type CallMessage, type CallName } from "../sockets/announce";

/** True if the message is one: any code may publish on a channel. */
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
