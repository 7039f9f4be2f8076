/** What the soak makes of two lists of open ports: above all, that it can fail. */
import { expect, test } from "vitest";
import { judge } from "../../scripts/soak/compare-scans";

/** 100 and 200 are the soak's own; 300 is another program's, 400 came or went; nobody else listens. */
const OWN = [100, 200];
const WATCH = {
  known: true,
  always: (port: number) => [100, 200, 300].includes(port),
  never: (port: number) => ![100, 200, 300, 400].includes(port),
};
const NOTHING = { falseOpen: [], missed: [], noted: [] };

test("two equal lists of listening ports are right", () => {
  expect(judge(OWN, [100, 200, 300], [100, 200, 300], WATCH)).toEqual(NOTHING);
});

test("a port on which nobody listens is a false open, also where nmap says the same", () => {
  expect(judge(OWN, [100, 200, 500], [100, 200], WATCH).falseOpen).toEqual([500]);
  expect(judge(OWN, [100, 200, 500], [100, 200, 500], WATCH).falseOpen).toEqual([500]);
});

test("an own port that is not found is missed, also where nmap misses it", () => {
  expect(judge(OWN, [100], [100, 200], WATCH).missed).toEqual([200]);
  expect(judge(OWN, [100], [100], WATCH).missed).toEqual([200]);
});

test("another program's port that listened all the time is missed when only nmap found it", () => {
  expect(judge(OWN, [100, 200], [100, 200, 300], WATCH).missed).toEqual([300]);
});

test("what came or went, and nmap's own errors, are noted and no fault", () => {
  const { falseOpen, missed, noted } = judge(OWN, [100, 200, 400], [200, 600], WATCH);
  expect([falseOpen, missed]).toEqual([[], []]);
  expect(noted).toEqual([
    "100: not seen by nmap",
    "400: not seen by nmap",
    "600: nmap's error, nobody listens",
  ]);
});

test("where the system does not tell who listens, every difference counts", () => {
  const unknown = { known: false, always: () => true, never: () => true };
  expect(judge(OWN, [100, 200, 500], [100, 200, 600], unknown)).toEqual({
    falseOpen: [500],
    missed: [600],
    noted: [],
  });
  expect(judge(OWN, [100, 200, 500], [100, 200, 500], unknown)).toEqual(NOTHING);
});
