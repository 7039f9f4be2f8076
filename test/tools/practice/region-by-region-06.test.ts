/** A person fills in the worked solution of Part 6 region by region, and the check moves forward with them. */
import { describe, expect, it } from "vitest";
import { HTTP_SERVER } from "../../../src/tools/practice/judges/06-http-server/judge";
import { regionsOf } from "./support/filled";
import { ALL_PASSED, type Stop, stopWith } from "./support/stops";

const FIRST = "accepts a client, and is there for the next one";
const HTTP = "answers a request in HTTP";
const PAGE = "shows the method, the path and the browser of a request";
const NOT_FOUND = "answers 404 Not Found to every other path, with a page that says so";
const MARKUP = "shows markup in a user agent as the text that it is";

/** In the order in which a person would write them: the region, and the step at which the check then stops. */
const ORDER: readonly [region: string, stopsAt: string][] = [
  ["http-server 1", FIRST],
  ["http-server 0", HTTP],
  ["http-response 1", HTTP],
  ["http-exchange 1", PAGE],
  ["http-routes 2", PAGE],
  ["http-reader 0", PAGE],
  ["http-reader 1", PAGE],
  ["http-request 0", PAGE],
  ["http-request 1", PAGE],
  ["http-head 0", PAGE],
  ["http-exchange 0", NOT_FOUND],
  ["http-routes 1", NOT_FOUND],
  ["http-routes 3", MARKUP],
  ["http-response 0", ALL_PASSED],
];

/** What goes beyond the challenge: the region, and a step that needs it. */
const FURTHER: readonly [region: string, step: string][] = [
  ["http-target 0", "leaves the query out of the path"],
  ["http-routes 0", "answers 405 to PUT, and says what it allows"],
  ["http-head 1", "answers 400 Bad Request to HTTP/1.1 without Host"],
  ["http-body 0", "answers 400 Bad Request to a length that is no number"],
  ["http-body 1", "reads a body in chunks, with a trailer"],
  ["http-drain 0", "hears out a client that still sends when it is refused"],
];

const required = ORDER.map(([region]) => region);

/** Where the check of a copy with these regions stops, of the challenge's own steps or of one. */
async function stopsAt(regions: readonly string[], step?: string): Promise<Stop> {
  const steps = HTTP_SERVER.steps.filter(({ name, further }) =>
    step === undefined ? !further : name === step,
  );
  return stopWith({ ...HTTP_SERVER, steps }, regions);
}

const steps = [...HTTP_SERVER.steps.map(({ name }) => name), ALL_PASSED];
const placeOf = (step: string): number => steps.indexOf(step);

describe("the solution of Part 6, region by region", { timeout: 60_000 }, () => {
  it("moves the check forward, never back", async () => {
    const counts = [0, ...required.map((_, at) => at + 1)];
    const stops = await Promise.all(counts.map((count) => stopsAt(required.slice(0, count))));
    const reached = stops.map(({ step }) => step);
    expect(reached).toEqual([FIRST, ...ORDER.map(([, step]) => step)]);
    for (const { cell, stage } of stops) if (cell) expect(stage).toContain(cell);
    const places = reached.map(placeOf);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("has no region that the next move can do without", async () => {
    const waiting = ORDER.map(([region, step], at) => ({ region, step, at })).filter(
      ({ step, at }) => step === (ORDER[at - 1]?.[1] ?? FIRST),
    );
    expect(waiting.length).toBeGreaterThan(5);
    await Promise.all(
      waiting.map(async ({ region, step, at }) => {
        const move = ORDER.findIndex(([, next], other) => other > at && next !== step);
        const without = required.slice(0, move + 1).filter((one) => one !== region);
        const stop = placeOf((await stopsAt(without)).step);
        expect(stop, `without ${region}`).toBeLessThanOrEqual(placeOf(step));
      }),
    );
  });

  it("has a step beyond the challenge for each region that the challenge can do without", async () => {
    const all = await regionsOf(HTTP_SERVER);
    const further = FURTHER.map(([region]) => region);
    expect([...required, ...further].sort()).toEqual([...all].sort());
    await Promise.all(
      FURTHER.map(async ([region, step]) => {
        const without = all.filter((one) => one !== region);
        expect((await stopsAt(without, step)).step, `without ${region}`).toBe(step);
      }),
    );
  });
});
