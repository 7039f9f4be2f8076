/** A scanner in straits: with few descriptors to spare, and in a network where it meets itself. */

import { spawnSync } from "node:child_process";
import type { Step } from "../../judging/judge";
import { SELF, STARVED } from "./hints";
import { failure, find } from "./scan";
import { scannedHost, serveLow } from "./servers";

/** Descriptors of the process: Node itself needs about half of them. */
const OPEN_FILES = 64;
const FEW_FILES = ["sh", "-c", `ulimit -n ${OPEN_FILES} && exec "$@"`, "sh"];
const PORTS = 1_500;
const AT_ONCE = 1_000;

/** The system lends ports from these only, so that one of them is lent to ask itself before long. */
const LENT = { first: 40_000, last: 40_015 } as const;
/** A network of its own (Linux, network_namespaces(7)), where nobody listens. */
const ALONE = [
  ...["unshare", "-rn", "sh", "-c"],
  `ip link set lo up && echo "${LENT.first} ${LENT.last}" > /proc/sys/net/ipv4/ip_local_port_range && exec "$@"`,
  "sh",
];

export const SCARCE_RESOURCES: readonly Step[] = [
  {
    name: `loses no port when it may open ${OPEN_FILES} files only`,
    edit: "port_probes",
    further: true,
    async run(context) {
      const { port } = await serveLow(context);
      const more = [
        "--no-banners",
        "--timeout",
        `${context.limit(5_000)}`,
        "--concurrency",
        `${AT_ONCE}`,
      ];
      const range = `${port - PORTS + 1}-${port}`;
      const found = await find(context, await scannedHost(context), range, more, {
        under: FEW_FILES,
      });
      const all = Array.from({ length: PORTS }, (_, i) => port - i);
      const wrong = all.find((one) => found.stateOf(one) !== (one === port ? "open" : "closed"));
      if (wrong === undefined) return;
      const [wanted, came] = [wrong === port ? "open" : "closed", found.stateOf(wrong)];
      throw failure(
        found,
        `Expected port ${wrong} to be ${wanted}, and the scan says: ${came}.`,
        STARVED,
      );
    },
  },
  {
    name: "does not take a connection to itself for an open port",
    edit: "port_prober",
    further: true,
    possible: () => spawnSync(ALONE[0] ?? "", [...ALONE.slice(1), "true"]).status === 0,
    async run(context) {
      const range = `${LENT.first}-${LENT.last}`;
      const more = ["--no-banners", "--timeout", "2000"];
      for (let pass = 0; pass < 3; pass++) {
        const found = await find(context, "127.0.0.1", range, more, { under: ALONE });
        for (let port = LENT.first; port <= LENT.last; port++) {
          if (found.stateOf(port) !== "open") continue;
          const what = `Expected no open port where nobody listens, and the scan says that ${port} is open.`;
          throw failure(found, what, SELF, { replay: undefined });
        }
      }
    },
  },
];
