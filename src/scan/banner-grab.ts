/** Asks every open port for its banner, some at a time. */
import { BANNER_PROBES_MAX } from "./limits";
import type { HostReport, OpenPort, ScanReport, ServiceBanner } from "./report";

export type GrabBanner = (address: string, port: number) => Promise<ServiceBanner>;

/** The report with what `grab` learned at each open port; unchanged where the scan was stopped. */
export async function grabBanners(
  report: ScanReport,
  grab: GrabBanner,
  signal?: AbortSignal,
  inFlightMax = BANNER_PROBES_MAX,
): Promise<ScanReport> {
  const waiting = report.hosts.flatMap((host) => host.open.map((port) => ({ host, port })));
  const banners = new Map<OpenPort, ServiceBanner>();
  const slot = async () => {
    for (let next = waiting.shift(); next && !signal?.aborted; next = waiting.shift()) {
      const { host, port } = next;
      banners.set(port, await grab(host.address, port.port));
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlightMax, waiting.length) }, slot));
  const hosts = report.hosts.map(
    (host): HostReport => ({
      ...host,
      open: host.open.map((port) => ({ ...port, ...banners.get(port) })),
    }),
  );
  return { ...report, hosts };
}
