/** A person fills in the worked solution of Part 8 region by region: where does the check stop each time? */
import { test } from "vitest";
import { PORT_SCANNER } from "../../../src/tools/practice/judges/08-port-scanner/judge";
import { expectMovesForward } from "./support/moves-forward";
import type { Stage } from "./support/stops";

const [FIRST, CLOSED] = PORT_SCANNER.steps.map(({ name }) => name);
const SILENT = "tells a port that does not answer from a closed one, and gives it up";
const AT_ONCE = "asks many at once: 40 ports that do not answer take seconds";
const BANNER = "shows what a service says of itself";
const SERVER = "asks one that waits to be asked for its name, in HTTP";
const HARMLESS = "makes harmless what a service says: no control characters, no endless lines";

/**
 * In the order in which a person would write them: regions, and the step at which the check then stops. The last
 * one makes it the lab's own program, which passes all steps below.
 */
const LAST = "port-banner 3";
const ORDER: readonly Stage[] = [
  [["port-prober 0"], FIRST, "crashes"],
  [["port-probes 0"], CLOSED, "crashes"],
  [["port-prober 1"], SILENT],
  [["port-prober 2"], AT_ONCE],
  [["port-probes 1"], BANNER],
  [["port-banner 1", "port-banner 0"], SERVER],
  [["port-banner 2"], HARMLESS],
];

test("the check of Part 8 moves forward with each region, from the first step to the last", {
  timeout: 120_000,
}, async () => {
  await expectMovesForward(PORT_SCANNER, ORDER, LAST, {
    says: "port_scanner stops at a TODO of the cell port-prober: note that the port is open",
    how: "crashes",
  });
});
