/** Asks every open port what it is, some at a time. */
import { VISITS_MAX } from "./limits";
import type { Greeting, HostReport, OpenPort, ScanReport } from "./report";

export type Visit = (address: string, port: number) => Promise<Greeting>;

/** The report with what `visit` learned at each open port; unchanged where the scan was stopped. */
export async function greetAll(
  report: ScanReport,
  visit: Visit,
  signal?: AbortSignal,
  visitsMax = VISITS_MAX,
): Promise<ScanReport> {
  const waiting = report.hosts.flatMap((host) => host.open.map((port) => ({ host, port })));
  const greeted = new Map<OpenPort, Greeting>();
  const visitor = async () => {
    for (let next = waiting.shift(); next && !signal?.aborted; next = waiting.shift()) {
      const { host, port } = next;
      greeted.set(port, await visit(host.address, port.port));
    }
  };
  await Promise.all(Array.from({ length: Math.min(visitsMax, waiting.length) }, visitor));
  const hosts = report.hosts.map(
    (host): HostReport => ({
      ...host,
      open: host.open.map((port) => ({ ...port, ...greeted.get(port) })),
    }),
  );
  return { ...report, hosts };
}
