// Several servers under the same load, in alternating rounds; medians, and ratios to the baseline.
import { type BenchSection, median } from "../section";
import { type Peer, startPeer } from "./peer";

/** Many short rounds: what else the machine does in the meantime hits all servers alike. */
const ROUNDS = 11;
const WARM_UP_MS = 500;
const ROUND_MS = 700;
/** What src/sockets may cost beside plain Node, unless a section says otherwise. */
const MAX_COST = 1.1;

export interface ComparedServer {
  readonly name: string;
  /** Its file in this folder; or else what starts it. */
  readonly file?: string;
  readonly start?: () => Promise<Peer>;
  /** The server that the others are divided by. */
  readonly baseline?: boolean;
}

interface CpuSum {
  us: number;
  exchanges: number;
}

/**
 * Measures every server ROUNDS times, in turn; the first is ours. A row has the exchanges per
 * second, the server's CPU time per exchange (where /proc tells it), and both over the baseline's:
 * `rate` and `cost`. The cost holds also where the load, and not the server, is the limit.
 */
export async function compare(
  section: string,
  exchange: string,
  servers: readonly ComparedServer[],
  load: (port: number, ms: number) => Promise<number>,
  maxCost = MAX_COST,
): Promise<BenchSection> {
  const missing: string[] = [];
  const running: { server: ComparedServer; peer: Peer; rates: number[]; cpu: CpuSum }[] = [];
  try {
    for (const server of servers) {
      try {
        running.push({
          server,
          peer: await (server.start?.() ?? startPeer(server.file ?? "")),
          rates: [],
          cpu: { us: 0, exchanges: 0 },
        });
      } catch (error) {
        missing.push(`${server.name}: ${error instanceof Error ? error.message : error}`);
      }
    }
    for (const { peer } of running) await load(peer.port, WARM_UP_MS);
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? running : [...running].reverse();
      for (const { peer, rates, cpu } of order) {
        const cpuBefore = peer.cpuUs();
        const start = performance.now();
        const done = await load(peer.port, ROUND_MS);
        rates.push(done / ((performance.now() - start) / 1_000));
        const cpuAfter = peer.cpuUs();
        if (cpuBefore !== undefined && cpuAfter !== undefined) {
          cpu.us += cpuAfter - cpuBefore;
          cpu.exchanges += done;
        }
      }
    }
  } finally {
    await Promise.all(running.map(({ peer }) => peer.stop()));
  }
  const medians = running.map(({ server, rates, cpu }) => ({
    server,
    perSecond: median(rates),
    // Over all rounds: the system counts in ticks that are long beside one round.
    cpuUs: cpu.exchanges > 0 ? cpu.us / cpu.exchanges : undefined,
  }));
  const baseline = medians.find(({ server }) => server.baseline);
  if (baseline === undefined) throw new Error(`${section}: the baseline could not be started`);
  const rows = medians.map(({ server, perSecond, cpuUs }) => ({
    name: server.name,
    [`${exchange}/s`]: perSecond,
    rate: perSecond / baseline.perSecond,
    "CPU us": cpuUs,
    cost: cpuUs === undefined || !baseline.cpuUs ? undefined : cpuUs / baseline.cpuUs,
    limit: server === servers[0] && Number.isFinite(maxCost) ? maxCost : undefined,
  }));
  const [ours] = rows;
  const cost = ours?.cost ?? 1 / (ours?.rate ?? 1);
  const overLimit = cost > maxCost ? [`${ours?.name} costs ${cost.toFixed(3)}`] : [];
  return {
    section,
    unit: `${exchange}, ratios to ${baseline.server.name}`,
    rows,
    missing,
    overLimit,
    charts: [
      {
        title: `${section} servers`,
        unit: `${exchange} per second`,
        bars: medians.map(({ server, perSecond }) => ({
          label: server.name,
          value: perSecond,
          note: `${(perSecond / baseline.perSecond).toFixed(2)} x ${baseline.server.name}`,
          ours: server === servers[0],
        })),
      },
    ],
  };
}
