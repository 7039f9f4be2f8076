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

test("begins with a server on a map, and grows it: store, names, conditions, routes, guard, server, client", () => {
  const order = [
    "sketch-map",
    "sketch-ask",
    "first-store",
    "sync-question",
    "sketch-disk",
    "group",
    "lock-question",
    "sketch-versions",
    "names-question",
    "sketch-escape",
    "config-problems",
    "conditions-question",
    "sketch-conditions",
    "config-conditions",
    "routes",
    "sketch-lists",
    "config-answers",
    "config-reads",
    "reads-try",
    "config-changes",
    "changes-try",
    "guard-intro",
    "sketch-token",
    "config-guard",
    "config-server",
    "config-client",
    "masks",
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
  test("each first version at work: on a map, on the disk, with versions, conditions, lists, a token", () => {
    const statuses = (id: string) =>
      printed(id)
        .match(/(?<= )[2-5]\d\d(?= |$)/gm)
        ?.map(Number);
    expect(statuses("sketch-ask")).toEqual([201, 204, 200, 404]);
    expect(statuses("sketch-stop")).toEqual([404]);
    expect(statuses("sketch-disk")).toEqual([201, 200]);
    expect(statuses("sketch-versions")).toEqual([201, 204, 200, 200, 404]);
    expect(statuses("sketch-conditions")).toEqual([204, 412]);
    expect(statuses("sketch-lists")).toEqual([200, 200]);
    expect(statuses("reads-try")).toEqual([200, 200, 404]);
    expect(statuses("changes-try")).toEqual([204, 412, 204, 404]);
    expect(statuses("sketch-token")).toEqual([401, 200]);
  });

  test("that a name with dots led out of the folder, before names were checked", () => {
    expect(printed("sketch-escape")).toContain("beside the shelf: [ 'escaped' ]");
  });

  test("which lines have a secret, and which has none", () => {
    const lines = printed("masks").trimEnd().split("\n");
    expect(lines.filter((line) => line.includes("<masked>"))).toHaveLength(4);
    expect(lines.at(-1)).toBe("ntp server 10.0.0.1 key 5");
    expect(printed("masks")).not.toContain("tulip");
  });

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

test("every first version has 10 to 25 lines, and draws what goes wrong without it", () => {
  for (const id of ["map", "disk", "versions", "conditions", "lists"]) {
    const lines = ownLines(cell(`sketch-${id}`)).length;
    expect(lines, id).toBeGreaterThanOrEqual(10);
    expect(lines, id).toBeLessThanOrEqual(25);
  }
  for (const id of ["torn-seen", "group", "conditions-question"]) {
    expect(cell(id).source, id).toMatch(/```\n {2}[^`]+\n```/);
  }
});

test("hands the token to the client that needs it", () => {
  expect(cell("program").source).toContain("export TOKEN=$(openssl rand -hex 16)");
  expect(cell("program").source).not.toMatch(/^TOKEN=/m);
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
