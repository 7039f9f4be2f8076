// Several servers under the same load, in alternating rounds; medians, and ratios to the baseline.
import { type Peer, startPeer } from "./peer";

const ROUNDS = 5;
const WARM_UP_MS = 500;
const ROUND_MS = 1_500;

export interface ComparedServer {
  readonly name: string;
  /** Its file in this folder. */
  readonly file: string;
  /** The server that the others are divided by. */
  readonly baseline?: boolean;
}

export interface ComparedRow {
  readonly name: string;
  /** Exchanges per second, the median of the rounds. */
  readonly perSecond: number;
  /** CPU time that the server spent on one exchange, the median; undefined where nobody tells. */
  readonly cpuUs: number | undefined;
  /** `perSecond` over the baseline's. */
  readonly rate: number;
  /** `cpuUs` over the baseline's: the cost, also where the load and not the server is the limit. */
  readonly cost: number | undefined;
}

export interface Comparison {
  readonly section: string;
  readonly unit: string;
  readonly rows: readonly ComparedRow[];
  /** Servers that could not be started, and why. */
  readonly missing: readonly string[];
}

/** Measures every server ROUNDS times, in turn, so that what else the machine does hits all alike. */
export async function compare(
  section: string,
  unit: string,
  servers: readonly ComparedServer[],
  load: (port: number, ms: number) => Promise<number>,
): Promise<Comparison> {
  const missing: string[] = [];
  const running: { server: ComparedServer; peer: Peer; rates: number[]; cpus: number[] }[] = [];
  try {
    for (const server of servers) {
      try {
        running.push({ server, peer: await startPeer(server.file), rates: [], cpus: [] });
      } catch (error) {
        missing.push(`${server.name}: ${error instanceof Error ? error.message : error}`);
      }
    }
    for (const { peer } of running) await load(peer.port, WARM_UP_MS);
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? running : [...running].reverse();
      for (const { peer, rates, cpus } of order) {
        const cpuBefore = peer.cpuUs();
        const start = performance.now();
        const done = await load(peer.port, ROUND_MS);
        rates.push(done / ((performance.now() - start) / 1_000));
        const cpuAfter = peer.cpuUs();
        if (cpuBefore !== undefined && cpuAfter !== undefined) {
          cpus.push((cpuAfter - cpuBefore) / done);
        }
      }
    }
  } finally {
    await Promise.all(running.map(({ peer }) => peer.stop()));
  }
  const medians = running.map(({ server, rates, cpus }) => ({
    server,
    perSecond: median(rates) ?? 0,
    cpuUs: median(cpus),
  }));
  const baseline = medians.find(({ server }) => server.baseline);
  if (baseline === undefined) throw new Error(`${section}: the baseline could not be started`);
  const rows = medians.map(({ server, perSecond, cpuUs }) => ({
    name: server.name,
    perSecond,
    cpuUs,
    rate: perSecond / baseline.perSecond,
    cost: cpuUs === undefined || !baseline.cpuUs ? undefined : cpuUs / baseline.cpuUs,
  }));
  return { section, unit, rows, missing };
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : mean(sorted[middle - 1], sorted[middle]);
}

function mean(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : (a + b) / 2;
}
