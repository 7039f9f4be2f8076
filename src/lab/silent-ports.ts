// Filtered ports, as behind a firewall that drops: servers that accept nothing and whose queues are full.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as afterPolling, setTimeout as pause } from "node:timers/promises";
import { startBusyServer } from "./busy-server";

/** Without an answer for so long, a queue is full: the system answers on the loopback at once, or not at all. */
const FULL_AFTER_MS = 100;

export interface SilentPorts {
  readonly ports: readonly number[];
  /** Ends the servers and the connections in their queues. */
  stop(): Promise<void>;
}

/** `count` ports of `host` on which a connection is neither made nor refused. */
export async function startSilentPorts(count: number, host: string): Promise<SilentPorts> {
  const busy = await startBusyServer(1, host, count);
  const waiting: Socket[] = [];
  const fill = async (port: number) => {
    for (;;) {
      const socket = connect({ host, port });
      socket.on("error", () => {}); // it is reset in the end
      waiting.push(socket);
      await Promise.race([once(socket, "connect"), pause(FULL_AFTER_MS)]);
      // On a busy machine the time can be up before this process has looked at what came.
      await afterPolling();
      if (!socket.connecting) continue;
      socket.destroy();
      return;
    }
  };
  const stop = async () => {
    for (const socket of waiting) socket.destroy();
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
