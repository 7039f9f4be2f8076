/** The judge of Part 8 against the worked solution, in parts and whole, against a scanner in Python, and against wrong ones. */
import { expect, test } from "vitest";
import { PORT_SCANNER } from "../../src/practice/judges/08-port-scanner";
import { ALL_PASSED, stops } from "./region-by-region";

/** In the order in which a person would write them: the region, and the step at which the check then stops. */
const ORDER: readonly [region: string, stopsAt: string][] = [
  ["port-probes 0", "finds the one port that is open"],
  ["port-probes 2", "finds the one port that is open"],
  ["port-probes 4", "says that a port is closed where nobody listens"],
  ["port-probes 3", "tells a port that does not answer from a closed one, and gives it up"],
  ["port-probes 1", "asks many at once: 60 ports that do not answer take seconds"],
  ["port-probes 5", "shows what a service says of itself"],
  ["port-banner 1", "shows what a service says of itself"],
  ["port-banner 0", "asks one that waits to be asked for its name, in HTTP"],
  ["port-banner 2", "makes harmless what a service says: no control characters, no endless lines"],
  ["port-banner 3", ALL_PASSED],
];

test("region by region the check moves forward, up to the end", { timeout: 120_000 }, async () => {
  const found = await stops(
    PORT_SCANNER,
    ORDER.map(([region]) => region),
  );
  expect(found.map(({ step }) => step)).toEqual([
    PORT_SCANNER.steps[0]?.name,
    ...ORDER.map(([, step]) => step),
  ]);
  console.log(found.map(({ what, cell }) => `${cell}: ${what}`).join("\n"));
});
