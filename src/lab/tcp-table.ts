// The system's own list of TCP sockets, where it has one to read: Linux, proc(5).

import { readFileSync } from "node:fs";

/** The numbers of include/net/tcp_states.h in Linux. */
const STATES = { SYN_SENT: "02", TIME_WAIT: "06", LISTEN: "0A" } as const;

export interface TcpRow {
  /** The four bytes of an IPv4 address as one number of a little-endian machine, in hexadecimal. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/**
 * The sockets in this state, of IPv4 and then IPv6; undefined where the system does not tell so. Each look takes
 * the system milliseconds, for IPv4 and for IPv6.
 */
export function tcpSockets(
  state: keyof typeof STATES,
  tables: readonly ("tcp" | "tcp6")[] = ["tcp", "tcp6"],
): TcpRow[] | undefined {
  const texts = tables.flatMap((name) => {
    try {
      return [readFileSync(`/proc/net/${name}`, "utf8")];
    } catch {
      return [];
    }
  });
  if (texts.length === 0) return undefined;
  // A look can find thousands of sockets, most of them in other states.
  const row = new RegExp(`^ *\\d+: (\\w+):(\\w+) (\\w+):(\\w+) ${STATES[state]} `, "gm");
  const port = (hex = "") => Number.parseInt(hex, 16);
  return texts.flatMap((text) =>
    Array.from(text.matchAll(row), ([, localAddress = "", local, remoteAddress = "", remote]) => {
      return { localAddress, localPort: port(local), remoteAddress, remotePort: port(remote) };
    }),
  );
}

/** An IPv4 address as the table writes it. */
export function tableAddress(host: string): string {
  const bytes = host.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return bytes.reverse().join("").toUpperCase();
}
