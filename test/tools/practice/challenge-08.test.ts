/** The judge of Part 8 against the worked solution, a scanner in Python, and wrong ones. */
import path from "node:path";
import { describe, test } from "vitest";
import { main as port_scanner } from "../../../dist/port_scanner";
import type { Main } from "../../../src/program/program";
import { PORT_SCANNER } from "../../../src/tools/practice/judges/08-port-scanner/judge";
import { SCARCE_RESOURCES } from "../../../src/tools/practice/judges/08-port-scanner/scarce-resources";
import { check, stepsOf } from "../../../src/tools/practice/judging/check";
import type { Judge, Step } from "../../../src/tools/practice/judging/judge";
import { requireTool } from "../../support/tools";
import { checkInProcess, THOROUGH } from "./in-process";
import { scanner } from "./wrong/scanner.mjs";

const [FIRST, CLOSED, SEVERAL, RANGE, GONE, NONE_MISSED] = PORT_SCANNER.steps.map(
  ({ name }) => name,
);
const SILENT = "tells a port that does not answer from a closed one, and gives it up";
const AT_ONCE = "asks many at once: 40 ports that do not answer take seconds";
const WINDOW = "never has more probes under way than --concurrency allows";
const BANNER = "shows what a service says of itself";
const SERVER = "asks one that waits to be asked for its name, in HTTP";
const HARMLESS = "makes harmless what a service says: no control characters, no endless lines";
const MUTE = "is not held up by services that say nothing, or never stop";
const ORDERS = "refuses what it does not understand";
const PERMISSION = "scans no other machine unless somebody says that its owner agreed";

/** The judge with some of its steps. */
const judgeWith = (wanted: (step: Step, at: number) => boolean): Judge => ({
  ...PORT_SCANNER,
  steps: PORT_SCANNER.steps.filter((step, at) => !step.further && wanted(step, at)),
});

/** The first two steps, and the last two of those that lead to one: what lies between, a scanner without flaw passes. */
const stepsTo = (last: string | undefined) => {
  const at = PORT_SCANNER.steps.findIndex(({ name }) => name === last);
  return judgeWith(
    ({ name }, i) => i <= at && (i < 2 || i >= at - 1) && (name === last || name !== NONE_MISSED),
  );
};

describe.concurrent("a scanner with one flaw is caught by the step meant for it", {
  timeout: 120_000,
}, () => {
  test.for<readonly [flaw: string, step: string | undefined, what: RegExp]>([
    ["says-nothing", FIRST, /a report in JSON/],
    ["all-is-open", CLOSED, /to be closed, where nobody listens, and the scan says: open/],
    ["closed-is-filtered", CLOSED, /to be closed, .* says: filtered/],
    ["knows-the-answer", SEVERAL, /Expected port \d+ to be (open|closed)/],
    ["no-ranges", RANGE, /every port of the range in the report, and \d+ is not/],
    ["remembers", GONE, /nobody listens any more, and the scan says: open/],
    ["forgets-the-last-batch", NONE_MISSED, /were missed \(.*not reported\)/],
    ["silent-is-closed", SILENT, /to be filtered, which does not answer, and .* says: closed/],
    ["waits-for-ever", SILENT, /Expected the scan to end, and it has not/],
    ["one-at-a-time", AT_ONCE, /Expected the scan to end, and it has not/],
    ["has-its-own-window", WINDOW, /at most 6 probes under way, and there were|at least \d+ ms/],
    ["asks-no-service", BANNER, /Expected the banner "220 \w+ ready"/],
    ["asks-no-name", SERVER, /a request in HTTP .* and there was none/],
    ["repeats-what-it-hears", HARMLESS, /control character U\+001B/],
    ["lets-them-talk", HARMLESS, /one of 5,000 characters got a line of/],
    ["listens-for-ever", MUTE, /Expected the scan to end, and it has not/],
    ["takes-anything", ORDERS, /exit code 2, as there is no port 0/],
    ["asks-nobody-first", PERMISSION, /192\.0\.2\.1 is another machine/],
  ])("%s: %s", async ([flaw, step, what], { expect }) => {
    const { failure } = await checkInProcess(stepsTo(step), { port_scanner: scanner(flaw) });
    expect(failure?.step).toBe(step);
    expect(failure?.what).toMatch(what);
    for (const hint of failure?.hints ?? []) expect(hint.length).toBeGreaterThan(20);
  });
});

test.concurrent("a scanner without a flaw passes every step, and so does the lab's own", {
  timeout: 120_000,
}, async ({ expect }) => {
  const cheap = judgeWith(({ name }) => name !== NONE_MISSED);
  const all = judgeWith(() => true);
  const [without, own] = await Promise.all([
    checkInProcess(cheap, { port_scanner: scanner("none") }),
    checkInProcess(all, { port_scanner }),
  ]);
  expect(without.failure).toBeUndefined();
  expect(own.failure).toBeUndefined();
  expect(own.passed).toEqual(all.steps.map(({ name }) => name));
});

test.concurrent("a scanner short of descriptors and ports loses none and does not meet itself, and a careless one does", {
  timeout: 120_000,
}, async ({ expect }) => {
  const careless = path.join(import.meta.dirname, "wrong/careless-scanner.mjs");
  const programs = path.resolve(import.meta.dirname, "../../../dist");
  // The system may not let everybody have a network of their own.
  const steps = stepsOf({ ...PORT_SCANNER, steps: SCARCE_RESOURCES }, { further: true });
  expect(steps.length).toBeGreaterThan(0);
  const judge = { ...PORT_SCANNER, steps };
  expect((await check(judge, { programs }, THOROUGH)).failure).toBeUndefined();
  for (const step of steps) {
    const command = [process.execPath, careless];
    const one = { ...judge, steps: [step] };
    const { failure } = await check(one, { command }, THOROUGH);
    expect(failure?.what).toMatch(/to be (open|closed), and|no open port where nobody listens/);
  }
});

test.concurrent("a scanner that a busy machine makes late is asked again, with more patience", {
  timeout: 120_000,
}, async ({ expect }) => {
  const late =
    (flaw: string): Main =>
    (args = [], io) =>
      scanner(Number(args[args.indexOf("--timeout") + 1]) <= 1_000 ? flaw : "none")(args, io);
  for (const [flaw, wanted] of [
    ["asks-no-service", SERVER],
    ["closed-is-filtered", SILENT],
  ] as const) {
    const judge = judgeWith(({ name }) => name === wanted);
    const { failure, passed } = await checkInProcess(judge, { port_scanner: late(flaw) });
    expect(failure, flaw).toBeUndefined();
    expect(passed).toEqual([wanted]);
  }
});

test.concurrent("a scanner in Python passes, though it is asked for less here", {
  timeout: 120_000,
}, async (ctx) => {
  const { expect } = ctx;
  await requireTool(ctx, "python3", "sudo apt-get install python3");
  const command = ["python3", path.join(import.meta.dirname, "right/scanner.py")];
  const wanted = [SILENT, SERVER, HARMLESS];
  const steps = PORT_SCANNER.steps.filter(({ name }) => wanted.includes(name));
  const { failure, passed } = await check({ ...PORT_SCANNER, steps }, { command }, THOROUGH);
  expect(failure).toBeUndefined();
  expect(passed).toEqual(wanted);
});
