// Ports that answer nobody, as behind a firewall: servers that accept nothing, and whose queues are full.

import { SocketError } from "../sockets/errors";
import { connect, type TcpSocket } from "../sockets/tcp";
import { startBusyServer } from "./busy-server";

/** Without an answer for so long, a queue is full: the loopback needs less than a millisecond. */
const FULL_AFTER_MS = 300;

export interface SilentPorts {
  readonly ports: readonly number[];
  /** Ends the servers and whoever waits in their queues. */
  stop(): Promise<void>;
}

/** `count` ports of `host` on which a connection is neither made nor refused. */
export async function startSilentPorts(count: number, host: string): Promise<SilentPorts> {
  const busy = await startBusyServer(1, host, count);
  const waiting: TcpSocket[] = [];
  const fill = async (port: number) => {
    try {
      for (;;) waiting.push(await connect({ host, port, timeout: FULL_AFTER_MS }));
    } catch (error) {
      if (!(error instanceof SocketError && error.code === "TIMED_OUT")) throw error;
    }
  };
  const stop = async () => {
    for (const socket of waiting) socket.reset();
    await busy.stop();
  };
  try {
    await Promise.all(busy.ports.map(fill));
  } catch (error) {
    await stop();
    throw error;
  }
  return { ports: busy.ports, stop };
}
