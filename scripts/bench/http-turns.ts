// HTTP servers under the same load, in turn: requests per second, latency, and CPU time per request.
import type { Load, LoadFigures, LoadShape } from "./peers/http-load";
import { type Peer, startPeer } from "./peers/peer";
import { median } from "./section";

export const ROUNDS = 7;

export interface HttpServerFile {
  readonly name: string;
  /** What `startPeer` starts. */
  readonly file: string;
}

export interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** CPU time of the server for a request, in microseconds; undefined where the system does not tell. */
  readonly cpuUs: number | undefined;
}

interface Running {
  readonly name: string;
  readonly peer: Peer;
  readonly figures: LoadFigures[];
  readonly cpuUs: number[];
}

/**
 * Measures each server ROUNDS times; medians, so that a moment in which the machine was busy does not
 * decide. A server that cannot be started is told of in `missing`.
 */
export async function inTurn(
  servers: readonly HttpServerFile[],
  load: Load,
  shape: LoadShape,
  missing: string[],
): Promise<Measured[]> {
  const running: Running[] = [];
  try {
    for (const { name, file } of servers) {
      try {
        running.push({ name, peer: await startPeer(file), figures: [], cpuUs: [] });
      } catch (error) {
        missing.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (const { peer } of running) await load(peer.port, shape);
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? running : [...running].reverse();
      for (const { peer, figures, cpuUs } of order) {
        const before = peer.cpuUs() ?? Number.NaN;
        const figure = await load(peer.port, shape);
        figures.push(figure);
        cpuUs.push(((peer.cpuUs() ?? Number.NaN) - before) / figure.requests);
      }
    }
  } finally {
    await Promise.all(running.map(({ peer }) => peer.stop()));
  }
  return running.map(({ name, figures, cpuUs }) => ({
    name,
    perSecond: median(figures.map(({ perSecond }) => perSecond)),
    p99Ms: median(figures.map(({ p99Ms }) => p99Ms)),
    cpuUs: cpuUs.some(Number.isNaN) ? undefined : median(cpuUs),
  }));
}
