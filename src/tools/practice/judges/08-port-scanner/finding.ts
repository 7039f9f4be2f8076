/** What a port scanner is for: it finds what is open, all of it, and nothing else. */

import type { Socket } from "node:net";
import { unusedPort } from "../../../../lab/unused-port";
import { formatPorts } from "../../../../scan/ports";
import type { Step } from "../../judging/judge";
import { FALSE, LISTED, MISSED, MISSED_SOME } from "./hints";
import { type Found, failure, find, replayOpen } from "./scan";
import { closedPort, scannedHost, serve, serveLow } from "./servers";

function expectOpen(found: Found, port: number): void {
  const state = found.stateOf(port);
  if (state === "open") return;
  const what = `Expected port ${port} to be open, where a server listens, and the scan says: ${state}.`;
  throw failure(found, what, MISSED[state], { replay: replayOpen(found, port) });
}

function expectClosed(found: Found, port: number, why: string): void {
  const state = found.stateOf(port);
  if (state === "closed") return;
  throw failure(
    found,
    `Expected port ${port} to be closed, where ${why}, and the scan says: ${state}.`,
    FALSE[state],
  );
}

/** Ports of the range that is searched: enough for a second thread, and no multiple of anything that comes in batches. */
const RANGE_PORTS = 9_001;
/** Below what systems lend out, so that nobody else's connection is among them. */
const RANGE_FIRST = { least: 10_000, most: 20_000 } as const;
const SERVERS = 48;

export const FINDING: readonly Step[] = [
  {
    name: "finds the one port that is open",
    edit: "port_probes",
    async run(context) {
      const host = await scannedHost(context);
      const { port } = await serve(context);
      expectOpen(await find(context, host, `${port}`), port);
    },
  },
  {
    name: "says that a port is closed where nobody listens",
    edit: "port_prober",
    async run(context) {
      const host = await scannedHost(context);
      const port = await unusedPort(host);
      expectClosed(await find(context, host, `${port}`), port, "nobody listens");
    },
  },
  {
    name: "tells open from closed among ports that nobody could foresee",
    edit: "port_probes",
    async run(context) {
      const host = await scannedHost(context);
      const open = [await serve(context), await serve(context), await serveLow(context)];
      const closed = [await closedPort(context), await unusedPort(host), await unusedPort(host)];
      const all = [...open.map(({ port }) => port), ...closed].sort((a, b) => a - b);
      const found = await find(context, host, formatPorts(all));
      for (const { port } of open) expectOpen(found, port);
      for (const port of closed) expectClosed(found, port, "nobody listens");
    },
  },
  {
    name: "asks every port of a range, the last one too",
    edit: "port_probes",
    async run(context) {
      const host = await scannedHost(context);
      const { port } = await serveLow(context);
      const found = await find(context, host, `${port - 12}-${port}`);
      for (let other = port - 12; other < port; other += 1) {
        if (found.stateOf(other) === "not reported") {
          throw failure(
            found,
            `Expected every port of the range in the report, and ${other} is not.`,
            LISTED,
          );
        }
      }
      expectOpen(found, port);
    },
  },
  {
    name: "no longer says open when the server has gone",
    edit: "port_probes",
    async run(context) {
      const host = await scannedHost(context);
      const server = await serveLow(context);
      expectOpen(await find(context, host, `${server.port}`), server.port);
      await server.close();
      const found = await find(context, host, `${server.port}`);
      expectClosed(found, server.port, "nobody listens any more");
    },
  },
  {
    name: `misses none of ${SERVERS} servers among ${RANGE_PORTS} ports`,
    edit: "port_probes",
    async run(context) {
      const host = await scannedHost(context);
      const { least, most } = RANGE_FIRST;
      const first = least + Math.floor(Math.random() * (most - least));
      const range = Array.from({ length: RANGE_PORTS }, (_, i) => first + i);
      // The borders are where ports get lost.
      const wanted = [first, first + RANGE_PORTS - 1];
      while (wanted.length < SERVERS * 2)
        wanted.push(first + 1 + Math.floor(Math.random() * (RANGE_PORTS - 2)));
      const ports = new Set<number>();
      for (const port of wanted) {
        if (ports.size === SERVERS) break;
        const server = await serve(context, MANNERS[ports.size % MANNERS.length], port).catch(
          () => undefined,
        );
        if (server) ports.add(port);
      }
      const found = await find(context, host, `${first}-${first + RANGE_PORTS - 1}`);
      const missed = [...ports]
        .filter((port) => found.stateOf(port) !== "open")
        .sort((a, b) => a - b);
      if (missed.length > 0) throw failure(found, missedText(found, missed), MISSED_SOME);
      const unsaid = range.filter((port) => found.stateOf(port) === "not reported");
      if (unsaid.length > 0) {
        const what = `Expected all of ${RANGE_PORTS} ports in the report, and ${unsaid.length} are not: ${shortened(unsaid)}.`;
        throw failure(found, what, LISTED);
      }
    },
  },
];

/** Servers differ in what they do when a scanner comes and goes. */
const MANNERS = [
  undefined,
  (client: Socket) => client.end("220 ready\r\n"),
  (client: Socket) => client.end(),
];

function missedText(found: Found, missed: readonly number[]): string {
  const states = [...new Set(missed.map((port) => found.stateOf(port)))].join(", ");
  return `Expected ${SERVERS} servers to be found, and ${missed.length} were missed (${states}): ${shortened(missed)}.`;
}

function shortened(ports: readonly number[]): string {
  const text = formatPorts(ports);
  return text.length <= 80 ? text : `${text.slice(0, text.lastIndexOf(",", 80))},...`;
}
