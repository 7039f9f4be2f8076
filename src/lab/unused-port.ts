// A port on which no program listens, for a cell or a test that wants to be refused.

import { SocketError } from "../sockets/errors";
import { listen } from "../sockets/tcp";

/** Above the ports of services, and below those that systems lend to clients and to port 0. */
const RANGE = { first: 10_000, last: 32_000 } as const;
const TRIES_MAX = 100;

/**
 * A port of `host` that was free just now, and that the system gives only to a program that asks for
 * it by number: so it stays free, unless by a rare chance.
 *
 * @throws Error when a hundred ports in a row were taken
 */
export async function unusedPort(host = "127.0.0.1"): Promise<number> {
  for (let i = 0; i < TRIES_MAX; i += 1) {
    const port = RANGE.first + Math.floor(Math.random() * (RANGE.last - RANGE.first));
    try {
      await (await listen({ host, port })).close();
      return port;
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
    }
  }
  throw new Error(`of ${TRIES_MAX} ports none was free`);
}
