/** What a scanner does where no answer comes: waits, but not for ever, and for many ports at once, but not for all. */

import { setTimeout as pause } from "node:timers/promises";
import { startSilentPorts } from "../../../../lab/silent-ports";
import { tableAddress, tcpSockets } from "../../../../lab/tcp-table";
import { unusedPort } from "../../../../lab/unused-port";
import type { Step, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { MIXED_UP, NO_ANSWER, NO_WINDOW, NOT_FILTERED } from "./hints";
import { type Found, failure, find, patiently, replaySilent } from "./scan";
import { scannedHost, serve } from "./servers";

/** A scan of one silent port that is asked again, with the greater patience, takes less than half of it. */
const SILENT_LIMIT_MS = 15_000;

async function silentPorts(context: StepContext, count: number): Promise<readonly number[]> {
  const silent = await startSilentPorts(count, await scannedHost(context));
  context.after(() => silent.stop());
  return silent.ports;
}

function expectFiltered(found: Found, ports: readonly number[]): void {
  for (const port of ports) {
    const state = found.stateOf(port);
    if (state === "filtered") continue;
    throw failure(
      found,
      `Expected port ${port} to be filtered, which does not answer, and the scan says: ${state}.`,
      NOT_FILTERED[state],
      { replay: replaySilent(found, port) },
    );
  }
}

/** One after the other these take more than twice the limit, or three times that when each is asked again. */
const MANY = { ports: 40, timeoutMs: 600, limitMs: 10_000 } as const;

const ONE_BY_ONE: Hints = [
  `${MANY.ports} ports that do not answer: one after the other they take ${(MANY.ports * MANY.timeoutMs) / 1_000} seconds at least, at once a second or two.`,
  "Waiting can be done in parallel. Each place of the window asks, and takes another probe when its own is over; there are as many places as --concurrency says.",
  "`for (let i = 0; i < work.window; i += 1) probers.push(new ProberClass(net, work, closed));`",
];

const WINDOW = { ports: 24, size: 6, timeoutMs: 200 } as const;
/** A place that falls free is taken at once, and the system's list is not read in one moment: it may show both, on a busy machine more. */
const IN_FLIGHT_MAX = 3 * WINDOW.size;

export const WAITING: readonly Step[] = [
  {
    name: "tells a port that does not answer from a closed one, and gives it up",
    edit: "port_prober",
    async run(context) {
      const host = await scannedHost(context);
      const [silent, closed, open] = [
        await silentPorts(context, 1),
        await unusedPort(host),
        await serve(context),
      ];
      const ports = [...silent, closed, open.port].join(",");
      const options = { limitMs: SILENT_LIMIT_MS, hang: NO_ANSWER };
      const found = await patiently(
        context,
        [500, 2_000],
        (timeoutMs) =>
          find(context, host, ports, ["--no-banners", "--timeout", `${timeoutMs}`], options),
        (report) =>
          report.stateOf(closed) !== "filtered" && report.stateOf(open.port) !== "filtered",
      );
      expectFiltered(found, silent);
      for (const [port, state] of [
        [closed, "closed"],
        [open.port, "open"],
      ] as const) {
        if (found.stateOf(port) === state) continue;
        const what = `Expected port ${port} to be ${state}, beside one that does not answer, and the scan says: ${found.stateOf(port)}.`;
        throw failure(found, what, MIXED_UP);
      }
    },
  },
  {
    name: `asks many at once: ${MANY.ports} ports that do not answer take seconds`,
    edit: "port_probes",
    async run(context) {
      const silent = await silentPorts(context, MANY.ports);
      const more = [
        "--no-banners",
        "--timeout",
        `${MANY.timeoutMs}`,
        "--concurrency",
        `${MANY.ports}`,
      ];
      const options = { limitMs: MANY.limitMs, hang: ONE_BY_ONE };
      expectFiltered(
        await find(context, await scannedHost(context), silent.join(","), more, options),
        silent,
      );
    },
  },
  {
    name: "never has more probes under way than --concurrency allows",
    edit: "port_probes",
    async run(context) {
      const host = await scannedHost(context);
      const silent = await silentPorts(context, WINDOW.ports);
      const watch = watchProbes(host, silent);
      context.after(() => watch.stop());
      const { timeoutMs, size } = WINDOW;
      const more = ["--no-banners", "--timeout", `${timeoutMs}`, "--concurrency", `${size}`];
      const found = await find(context, host, silent.join(","), more);
      await watch.stop();
      const most = watch.most();
      if (most !== undefined && most > IN_FLIGHT_MAX) {
        const what = `Expected at most ${size} probes under way, and there were ${most} at the same time.`;
        throw failure(found, what, NO_WINDOW, { replay: undefined });
      }
      expectFiltered(found, silent);
      // No window of this size, however good, is through with them sooner.
      const leastMs = (WINDOW.ports / size) * timeoutMs;
      if (found.elapsedMs < leastMs) {
        const what = `Expected a scan of at least ${leastMs} ms for ${WINDOW.ports} ports that do not answer, ${size} at a time and each waited for ${timeoutMs} ms, and it took ${found.elapsedMs} ms.`;
        throw failure(found, what, NO_WINDOW, { replay: undefined });
      }
    },
  },
];

/** While a probe waits; each look takes the system milliseconds. */
const LOOK_EVERY_MS = WINDOW.timeoutMs;

/** Counts who is trying to connect to the ports; `most` is undefined where the system does not tell. */
function watchProbes(host: string, ports: readonly number[]) {
  const wanted = new Set(ports);
  const address = tableAddress(host);
  const stopped = new AbortController();
  let most: number | undefined;
  const looking = (async () => {
    while (!stopped.signal.aborted) {
      const asking = tcpSockets("SYN_SENT", ["tcp"]);
      if (asking === undefined) return;
      const here = asking.filter(
        (row) => row.remoteAddress === address && wanted.has(row.remotePort),
      );
      most = Math.max(most ?? 0, here.length);
      await pause(LOOK_EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    most: () => most,
    stop: async () => {
      stopped.abort();
      await looking;
    },
  };
}
