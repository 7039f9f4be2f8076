/** The states of a TCP connection at both ends, followed packet by packet (RFC 9293, section 3.3.2). */
import type { Packet } from "./tcpdump";

export type TcpState =
  | "CLOSED"
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT";

/** What moves an end: it sends or receives a flag, or its own SYN or FIN is acknowledged. */
type Step = "send SYN" | "receive SYN" | "acknowledged" | "send FIN" | "receive FIN";

const NEXT: Partial<Record<TcpState, Partial<Record<Step, TcpState>>>> = {
  CLOSED: { "send SYN": "SYN-SENT" },
  LISTEN: { "receive SYN": "SYN-RECEIVED" },
  "SYN-SENT": { acknowledged: "ESTABLISHED" },
  "SYN-RECEIVED": { acknowledged: "ESTABLISHED" },
  ESTABLISHED: { "send FIN": "FIN-WAIT-1", "receive FIN": "CLOSE-WAIT" },
  "FIN-WAIT-1": { acknowledged: "FIN-WAIT-2", "receive FIN": "CLOSING" },
  "FIN-WAIT-2": { "receive FIN": "TIME-WAIT" },
  CLOSING: { acknowledged: "TIME-WAIT" },
  "CLOSE-WAIT": { "send FIN": "LAST-ACK" },
  "LAST-ACK": { acknowledged: "CLOSED" },
};

interface End {
  state: TcpState;
  /** The acknowledgement that covers the last SYN or FIN of this end. */
  awaited: number | undefined;
}

/** The states of both ends after a packet has been sent and received. */
export interface States {
  readonly client: TcpState;
  readonly server: TcpState;
}

/** The states after each packet of one connection, from its first SYN on. */
export function statesAfter(packets: readonly Packet[]): States[] {
  const client: End = { state: "CLOSED", awaited: undefined };
  const server: End = { state: "LISTEN", awaited: undefined };
  return packets.map((packet) => {
    const [sender, receiver] = packet.from === "client" ? [client, server] : [server, client];
    follow(packet, sender, receiver);
    return { client: client.state, server: server.state };
  });
}

function follow({ flags, seq, ack, bytes }: Packet, sender: End, receiver: End): void {
  if (flags.includes("R")) {
    sender.state = "CLOSED";
    receiver.state = "CLOSED";
    return;
  }
  // tcpdump prints a SYN's own number as it is, and counts from it afterwards: a SYN is number 0.
  if (flags.includes("S")) sender.awaited = 1;
  if (flags.includes("F")) sender.awaited = seq + bytes + 1;
  if (flags.includes("S")) move(sender, "send SYN");
  if (flags.includes("F")) move(sender, "send FIN");
  if (flags.includes(".") && receiver.awaited !== undefined && ack >= receiver.awaited) {
    receiver.awaited = undefined;
    move(receiver, "acknowledged");
  }
  if (flags.includes("S")) move(receiver, "receive SYN");
  if (flags.includes("F")) move(receiver, "receive FIN");
}

function move(end: End, step: Step): void {
  end.state = NEXT[end.state]?.[step] ?? end.state;
}
