/** The judge of Part 9 against the worked solution, in parts and whole, and against servers with one flaw each. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "vitest";
import { unsharedAddress } from "../../../src/lab/own-address";
import { CONFIG_SERVER } from "../../../src/tools/practice/judges/09-configuration-server/judge";
import { check } from "../../../src/tools/practice/judging/check";
import type { Judge } from "../../../src/tools/practice/judging/judge";
import { checkInProcess, THOROUGH } from "./in-process";
import { expectMovesForward } from "./support/moves-forward";
import type { Stage } from "./support/stops";
import { server } from "./wrong/config-program.mjs";
import { start } from "./wrong/config-server.mjs";

const CREATED = "answers 201 Created when a configuration is put for the first time";
const BYTES = "gives the very bytes back";
const REPLACED = "answers 204 when a configuration is replaced, and has the new one";
const NOT_THERE = "answers 404 to what is not there, with problem details";
const HEAD = "answers HEAD with the fields of GET, and nothing else";
const LIST = "lists name, size, entity tag and time of each configuration";
const VERSIONS = "keeps every version: lists them, and gives each";
const TAG = "gives each version an entity tag of its own";
const NOT_MODIFIED = "answers 304 to a GET for what the client has already";
const LOST = "lets nobody overwrite what they have not seen: 412";
const ONLY_NEW = "replaces nothing when it is asked for a new one only: If-None-Match: *";
const DIFF = "shows what changed between two versions, as a unified diff";
const BACK = "makes an earlier version the current one again";
const DELETED = "deletes, and keeps the versions";
const NAMES = "takes no name that leads out of its folder, however it is written: 400";
const SLOW = "keeps nobody waiting for a client that stops in the middle";
const CROWD = "loses nothing when 40 clients write at once";
const KILLED = "has after kill -9 everything that it acknowledged";
const TOKEN = "lets nobody in without the token";
const MASK = "with --mask hides secrets in lists and diffs, and keeps them whole";

const [FIRST] = CONFIG_SERVER.steps.map(({ name }) => name);

/**
 * In the order in which a person would write them: regions, and the step at which the check then stops. The last
 * one makes them the lab's own programs, which test/challenge judges.
 */
const LAST = "config-watch 0";
const ORDER: readonly Stage[] = [
  [["config-service 0"], CREATED],
  [["config-changes 0"], BYTES],
  [["config-lookup 0", "config-reads 1"], LIST],
  [["config-lists 0"], VERSIONS],
  [["config-lists 1", "config-lookup 1", "config-reads 2"], NOT_MODIFIED],
  [["config-conditions 0", "config-conditions 1"], DIFF],
  [["config-reads 3", "config-changes 2"], DELETED],
  [["config-changes 1"], TOKEN],
  [["config-guard 0", "config-reads 0"], "has a client that gets and puts, byte for byte"],
  [
    ["config-api 0", "config-edits 0", "config-paths 0", "config-edits 1"],
    "has a client that watches: it tells what is created, changed and deleted",
  ],
];

test.concurrent("region by region the check moves forward, from the first step to the last region", {
  timeout: 120_000,
}, async () => {
  await expectMovesForward(CONFIG_SERVER, ORDER, LAST, {
    says: "config_server stops at a TODO of the cell config-service: let the request in",
  });
});

type Wrong = readonly [flaw: string, step: string | undefined, what: RegExp];

/** What a port shows. */
const WRONG: readonly Wrong[] = [
  ["down", FIRST, /Nothing accepts connections|closed the connection without a word/],
  ["says-the-same", CREATED, /Expected 201 for PUT \S+, and got 200/],
  ["always-204", CREATED, /and got 204/],
  ["keeps-nothing", BYTES, /Expected 200 for GET \S+, and got 404/],
  ["keeps-text", BYTES, /Expected the \d+ bytes that were put last, and got others/],
  ["has-one-device", BYTES, /Expected 201 for PUT \S+, and got 204/],
  ["always-201", REPLACED, /Expected 204 for PUT \S+, and got 201/],
  ["empty-for-nothing", NOT_THERE, /Expected 404 for GET \S+, and got 200/],
  ["refuses-in-plain-text", NOT_THERE, /Expected problem details .* and got text\/plain/],
  ["heads-apart", HEAD, /Expected content-length as GET has it/],
  ["lists-nothing", LIST, /a list of objects called "configs"/],
  ["knows-no-time", LIST, /Expected the time of/],
  ["knows-the-last-only", VERSIONS, /Expected version 1, .* and got another text/],
  ["has-one-tag", TAG, /Expected another tag for another version/],
  ["sends-again", NOT_MODIFIED, /Expected 304 for GET \S+, and got 200/],
  ["ignores-if-match", LOST, /Expected 412 for PUT \S+, and got 204/],
  ["looks-too-early", LOST, /Expected 412 for PUT \S+, and got 204/],
  ["compares-weakly", LOST, /Expected 412 for PUT \S+, and got 204/],
  ["replaces-anyway", ONLY_NEW, /Expected 412 for PUT \S+, and got 204/],
  ["shows-both", DIFF, /Expected a diff with/],
  ["rolls-nothing-back", BACK, /Expected the content of version 1 after the rollback/],
  ["deletes-versions", DELETED, /Expected 200 for GET \S+\/versions\/1, and got 404/],
  ["forgets-deletions", DELETED, /Expected 404 for DELETE \S+, and got 204/],
  ["writes-anywhere", NAMES, /Expected 400 for PUT \/configs\/\.\.%2fx, and got 201/],
  ["one-at-a-time", SLOW, /the server says nothing/],
  ["drops-some", CROWD, /Expected 10 versions of \w+, each acknowledged, and 5 are lost/],
];

/** What only those see who start it: what it keeps when it is killed, and what it does with options. */
const WRONG_PROGRAMS: readonly Wrong[] = [
  ["keeps-in-memory", KILLED, /Expected 200 for GET \S+, and got 404/],
  ["writes-later", KILLED, /acknowledged versions of \S+ after kill -9 .* are lost/],
  ["takes-any-token", TOKEN, /Expected 401 for PUT \S+, and got 201/],
  ["shows-secrets", MASK, /Expected the secret to be hidden/],
];

/** The judge with the steps up to this one, of those that a port alone is asked for. */
const judgeTo = (last: string | undefined): Judge => {
  const steps = CONFIG_SERVER.steps.filter((step) => !step.local && !step.further);
  return {
    ...CONFIG_SERVER,
    steps: steps.slice(0, steps.findIndex(({ name }) => name === last) + 1),
  };
};

/** The judge with these steps alone. */
const judgeOf = (...names: readonly (string | undefined)[]): Judge => ({
  ...CONFIG_SERVER,
  steps: CONFIG_SERVER.steps.filter(({ name }) => names.includes(name)),
});

/** A store, and an address of its own: where a server has gone, nobody else is there. */
const places = async (onTestFinished: (remove: () => Promise<void>) => void) => {
  const store = await mkdtemp(path.join(tmpdir(), "socket-lab-flaws-"));
  onTestFinished(() => rm(store, { recursive: true }));
  return { host: await unsharedAddress(), store };
};

describe.concurrent("a server with one flaw is caught by the step meant for it", {
  timeout: 60_000,
}, () => {
  test.for(WRONG)("%s: %s", async ([flaw, step, what], { expect, onTestFinished }) => {
    const { host, port, stop } = await start(flaw, await places(onTestFinished));
    onTestFinished(stop);
    const { failure } = await check(judgeTo(step), { server: { host, port } });
    expect(failure?.step).toBe(step);
    expect(failure?.what).toMatch(what);
    for (const hint of failure?.hints ?? []) expect(hint.length).toBeGreaterThan(20);
  });

  test.for(WRONG_PROGRAMS)("%s: %s", async ([flaw, step, what], { expect }) => {
    const { failure } = await checkInProcess(judgeOf(step), { config_server: server(flaw) });
    expect(failure?.what).toMatch(what);
  });

  test("writes-later: as a process that is killed, too", async ({ expect }) => {
    const file = path.join(import.meta.dirname, "wrong/config-program.mjs");
    const command = [process.execPath, file, "writes-later"];
    const { failure } = await check(judgeOf(KILLED), { command }, THOROUGH);
    expect(failure?.what).toMatch(/acknowledged versions of \S+ after kill -9 .* are lost/);
  });

  test("and one without a flaw by none", async ({ expect, onTestFinished }) => {
    const { host, port, stop } = await start("none", await places(onTestFinished));
    onTestFinished(stop);
    const { failure } = await check(judgeTo(CROWD), { server: { host, port } });
    expect(failure).toBeUndefined();
    const steps = WRONG_PROGRAMS.map(([, step]) => step);
    const alone = await checkInProcess(judgeOf(...steps), { config_server: server("none") });
    expect(alone.failure).toBeUndefined();
    expect(alone.passed).toEqual([...new Set(steps)]);
  });
});
