/**
 * What Part 9 promises: the challenge first, then the solution step by step, and a promise that is seen to
 * be kept. The stored outputs say so; that they are what the cells print is checked where the notebooks run.
 */
import { describe, expect, test } from "vitest";
import { programCell } from "../../src/tools/notebook/program-cells";
import { ownLines, storedPart } from "./support/stored";

const { notebook, cell, printed } = await storedPart("09-configuration-server");

const at = (id: string) => notebook.cells.indexOf(cell(id));

test("sets the challenge before it solves it, and says how it is checked", () => {
  const firstCode = notebook.cells.findIndex(({ type }) => type === "code");
  expect(at("challenge")).toBeLessThan(at("judge"));
  expect(at("judge")).toBeLessThan(firstCode);
  const routes = ["GET /configs", "PUT", "DELETE", "versions", "versions/{n}", "diff", "rollback"];
  for (const route of routes) expect(cell("challenge").source).toContain(route);
  for (const status of [400, 404, 405, 409, 412, 413, 415]) {
    expect(cell("challenge").source).toContain(`${status}`);
  }
  expect(cell("judge").source).toContain("npx vitest run test/programs/config test/store");
  expect(cell("judge").source).toContain("npm run check -- 09 --server 127.0.0.1:9000");
  expect(cell("judge").source).toContain("npm run soak -- config");
});

test("builds store, names, conditions, routes, guard, server and client in this order", () => {
  const order = [
    "first-store",
    "sync-question",
    "group",
    "lock-question",
    "names-question",
    "conditions-question",
    "routes",
    "guard-intro",
    "config-server",
    "config-client",
    "two-configs",
    "killing",
    "automation",
    "closed-question",
    "remember",
    "quick-reference",
  ];
  expect([...order].sort((a, b) => at(a) - at(b))).toEqual(order);
});

describe("the stored output shows", () => {
  test("that a plain write tears sooner or later, and a renamed one does not", () => {
    expect(printed("torn")).toBe("torn sooner or later: true\n");
    expect(printed("renamed")).toBe("torn sooner or later: false\n");
  });

  test("that fifty writers share a store, and a second process gets none", () => {
    expect(printed("store")).toMatch(
      /^50 versions of core-1\nin fewer files than writers: true \(00000001\.pack, \.\.\.\)\n.* is version 50$/m,
    );
    expect(printed("lock")).toBe("another process works on the store FOLDER\n");
  });

  test("that one of ten ways to write a name is a name", () => {
    const verdicts = printed("names").trimEnd().split("\n");
    expect(verdicts).toHaveLength(10);
    expect(verdicts.filter((line) => line.endsWith("a name"))).toEqual(["core-1           a name"]);
  });

  test("a diff of two router configurations, its secret masked and yet a change", () => {
    const diff = printed("two-configs");
    expect(diff).toContain("-enable secret <masked>\n+enable secret <masked>\n");
    expect(diff).toContain("-ip name-server 198.51.100.1\n+ip name-server 198.51.100.53\n");
    expect(diff).not.toMatch(/tulip|rhododendron/);
    expect(printed("whole")).toContain("enable secret tulip\n");
  });

  test("that of two with the same version one wins and one is told", () => {
    expect(printed("lost-update")).toMatch(/^Ada +204\nGrace +412 .*If-Match.*it is "3-/);
  });

  test("that kill -9 of a real process takes nothing acknowledged and tears nothing", () => {
    expect(cell("kill").source).toMatch(/startServer\(file, .*victim\.kill\(\)/s);
    expect(printed("kill")).toBe("something was acknowledged: true\n");
    expect(printed("verdict")).toBe(
      "acknowledged and lost: 0\ntorn: 0\nRecovered: the last run was ended before it could close the store\n",
    );
  });

  test("one change on ten devices, and the one that fails rolled back", () => {
    const outcomes = printed("push").trimEnd().split("\n");
    expect(outcomes).toHaveLength(10);
    expect(outcomes.filter((line) => line.endsWith(" changed"))).toHaveLength(9);
    expect(outcomes[6]).toMatch(/^switch-07 rolled back: % Invalid input/);
    expect(printed("push-seen").match(/ntp server 192\.0\.2\.123 iburst/g)).toHaveLength(9);
    expect(printed("push-seen")).toContain(
      "version 3: 36 bytes', 'version 2: 66 bytes', 'version 1: 36",
    );
  });

  test("that it is closed", () => {
    expect(printed("closed")).toMatch(/can be reached from other machines: set a token/);
    expect(printed("closed")).toMatch(
      /exit code 2\nundefined -> 401 .*\nwrong-horse-battery -> 401 .*\ncorrect-horse-battery -> 200\n/,
    );
  });
});

test("its cells are short: a reader takes each in at a glance", () => {
  const long = notebook.cells
    .filter(({ type }) => type === "code")
    .filter((one) => ownLines(one).length > (programCell(notebook, one) ? 60 : 25));
  expect(long.map(({ id }) => id)).toEqual([]);
});

test("ends with what to remember, the criterion, one exercise, and a cell that leaves nothing behind", () => {
  const remember = cell("remember").source;
  expect(remember).toContain("**Criteria covered:** complete the configuration server challenge.");
  expect(remember.match(/\*\*Exercise\.\*\*/g)).toHaveLength(1);
  const last = notebook.cells.at(-1)?.source;
  for (const closing of ["web.stop()", "store.close()", "rm(folder"])
    expect(last).toContain(closing);
});
