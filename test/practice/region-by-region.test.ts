/** A person fills in the worked solution of Part 6 region by region, and the check moves forward with them. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { extractCopies, PRACTICE_PROGRAMS_FOLDER } from "../../src/notebook/extract";
import { check } from "../../src/practice/check";
import type { Judge } from "../../src/practice/judge";
import { HTTP_SERVER } from "../../src/practice/judges/06-http-server";
import { practiceLab, writeCopy } from "./support";

/** In the order in which a person would write them: the region, and the step at which the check then stops. */
const ORDER: readonly [region: string, stopsAt: string][] = [
  ["http-server 1", "accepts a client, and is there for the next one"],
  ["http-server 0", "answers a request in HTTP"],
  ["http-response 1", "answers a request in HTTP"],
  ["http-exchange 1", "shows the method, the path and the browser of a request"],
  ["http-routes 3", "shows the method, the path and the browser of a request"],
  ["http-reader 0", "shows the method, the path and the browser of a request"],
  ["http-reader 1", "shows the method, the path and the browser of a request"],
  ["http-request 0", "shows the method, the path and the browser of a request"],
  ["http-request 1", "shows the method, the path and the browser of a request"],
  ["http-head 0", "shows the method, the path and the browser of a request"],
  ["http-exchange 0", "answers 404 Not Found to every other path, with a page that says so"],
  ["http-routes 2", "answers 404 Not Found to every other path, with a page that says so"],
  ["http-routes 4", "shows markup in a user agent as the text that it is"],
  ["http-response 0", "(all passed)"],
];
const names = ORDER.map(([region]) => region);

/** Where the check of a copy with these regions stops. */
async function stopsAt(regions: readonly string[], judge: Judge = HTTP_SERVER): Promise<string> {
  const { lab, practice } = await practiceLab("06");
  await writeCopy({ lab, practice }, (cell, index) => regions.includes(`${cell} ${index}`));
  const { errors } = await extractCopies(lab.root, practice.copy);
  expect(errors).toEqual([]);
  const programs = path.join(lab.root, PRACTICE_PROGRAMS_FOLDER);
  const { failure } = await check(judge, { programs }, { further: true });
  return failure?.step.name ?? "(all passed)";
}

describe("the solution of Part 6, region by region", () => {
  const steps = HTTP_SERVER.steps.filter(({ further }) => !further).map(({ name }) => name);
  const place = (step: string | undefined) =>
    step === "(all passed)" ? steps.length : steps.indexOf(step ?? "");
  const required: Judge = {
    ...HTTP_SERVER,
    steps: HTTP_SERVER.steps.filter(({ further }) => !further),
  };

  it("moves the check forward, never back", async () => {
    const reached = await Promise.all(
      [0, ...names.keys()].map((_, count) => stopsAt(names.slice(0, count), required)),
    );
    expect(reached).toEqual([steps[0], ...ORDER.map(([, step]) => step)]);
    const places = reached.map(place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});
