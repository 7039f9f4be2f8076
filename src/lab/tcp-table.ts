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
  const rows = tables.flatMap((name) => {
    try {
      return readFileSync(`/proc/net/${name}`, "utf8").split("\n").slice(1);
    } catch {
      return [];
    }
  });
  if (rows.length === 0) return undefined;
  // Most rows of a busy machine are of other states: they need not be taken apart.
  const likely = rows.filter((row) => row.includes(` ${STATES[state]} `));
  return likely.flatMap((row) => {
    const [, local = "", remote = "", found] = row.trim().split(/\s+/);
    if (found !== STATES[state]) return [];
    const [localAddress = "", localPort = ""] = local.split(":");
    const [remoteAddress = "", remotePort = ""] = remote.split(":");
    const port = (hex: string) => Number.parseInt(hex, 16);
    return [
      { localAddress, localPort: port(localPort), remoteAddress, remotePort: port(remotePort) },
    ];
  });
}

/** An IPv4 address as the table writes it. */
export function tableAddress(host: string): string {
  const bytes = host.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return bytes.reverse().join("").toUpperCase();
}
