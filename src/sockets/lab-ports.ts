/** The lab's own ports, taken where they are free, so that `curl` works as it is written. */
import { formatEndpoint } from "./endpoint";
import { SocketError } from "./errors";
import { DEFAULT_HOST } from "./limits";
import { listen } from "./tcp";
import { bind } from "./udp";

/** The ports of the original lab. */
export const LAB_PORTS = { tcp: 8080, udp: 9090, http: 8000 } as const;

/**
 * The port for a cell to listen on: `preferred` when it is free for TCP and UDP, otherwise 0 (the
 * system chooses), after saying so on standard output. Always 0, silently, when the environment
 * has SOCKET_LAB_PORTS=system, so that any number of runs go side by side. Another program may
 * still take the port between this call and the next.
 */
export async function labPort(preferred: number, host: string = DEFAULT_HOST): Promise<number> {
  if (process.env.SOCKET_LAB_PORTS === "system") return 0;
  try {
    await (await listen({ host, port: preferred })).close();
    await (await bind({ host, port: preferred })).close();
    return preferred;
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    const why = error.code === "ADDRESS_IN_USE" ? "in use" : "not to be had here";
    console.log(
      `${formatEndpoint({ host, port: preferred })} is ${why}, so the system chooses a port.`,
    );
    return 0;
  }
}
