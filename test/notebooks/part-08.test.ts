/**
 * What Part 8 promises: each trouble of a scanner is seen before its cure. The stored outputs say so;
 * that they are what the cells print is checked where the notebooks run.
 */
import { describe, expect, test } from "vitest";
import { programCell } from "../../src/tools/notebook/program-cells";
import { tagsOf } from "../chart/support/well-formed";
import { ownLines, storedPart } from "./support/stored";

const { notebook, cell, printed } = await storedPart("08-port-scanner");

const order = (...ids: string[]) => ids.map((id) => notebook.cells.indexOf(cell(id)));

describe("the stored output shows", () => {
  test("the three answers to one probe", () => {
    expect(printed("probe")).toBe("open\nclosed\nfiltered\n");
  });

  test("that one after the other is slow, and all at once runs out of descriptors", () => {
    expect(printed("in-turn")).toMatch(/: true\n.*18\.2 hours\n$/);
    expect(printed("at-once")).toMatch(/: true\n$/);
    expect(printed("descriptors")).toBe("ECONNREFUSED and EMFILE\n");
  });

  test("that a window never has more under way than it holds, and misses nothing", () => {
    expect(printed("window-works")).toBe("found 3 of 3, with 50 probes in flight at most\n");
  });

  test("that one socket probes port after port, and that threads share a number", () => {
    expect(printed("one-socket")).toBe("[ 'open', 'ECONNREFUSED', 'open' ]\n");
    expect(printed("shared-counter")).toBe("every number was taken once: true\n");
  });

  test("a connection to itself: made on purpose, and met in a scan", () => {
    expect(printed("self-connect")).toBe("same port at both ends: true\nIs anybody there?\n");
    expect(printed("self-in-the-wild")).toBe("it has happened: true\n");
  });

  test("that a full scan finds every server and tells the rest apart", () => {
    expect(printed("grid-verdict").match(/: true$/gm)).toHaveLength(4);
  });

  test("what services say, and that what they say is harmless", () => {
    expect(printed("banners")).toBe(
      [
        'speaks first  {"banner":"220 mail.example ESMTP"}',
        'tries tricks  {"banner":"\\\\u001b[2J=HYPERLINK(1)"}',
        'speaks HTTP   {"server":"lab/8"}',
        "says nothing  {}",
        "",
      ].join("\n"),
    );
  });

  test("the program's table, with all three answers", () => {
    expect(printed("run-scanner")).toMatch(/\n\d+ +open.*\n1 closed; 1 filtered: \d+\n\n3 ports/);
    expect(printed("run-scanner")).toMatch(/exit code 0\n$/);
  });

  test("that a machine which is not ours is refused", () => {
    expect(printed("refuse")).toContain("192.0.2.1 is not this machine");
    expect(printed("refuse")).toMatch(/--i-have-permission[\s\S]*exit code 2\n$/);
  });
});

test("the failure comes before the cure, and permission before everything", () => {
  const ids = ["permission", "probe", "in-turn", "at-once", "descriptors", "in-window"];
  const places = order(
    ...ids,
    "self-connect",
    "one-socket",
    "shared-counter",
    "port-probes",
    "port-scan",
    "port-scanner",
  );
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(cell("permission").source).toMatch(/offence[\s\S]*Computer Misuse Act/);
});

test("the grid is one output that was filled, as a picture and as text", () => {
  const { outputs } = cell("grid");
  expect(outputs).toHaveLength(1);
  const [output] = outputs;
  if (output?.output_type !== "display_data") throw new Error("not a display");
  expect(tagsOf(String(output.data["image/svg+xml"]))[0]).toBe("svg");
  const text = String(output.data["text/plain"]);
  expect(text).toMatch(/█/);
  expect(text).not.toMatch(/·|not asked yet/);
  expect(text.split("\n")).toHaveLength(18);
});

test("it scans nothing but the loopback", () => {
  const code = notebook.cells.filter(({ type }) => type === "code");
  const addresses = code.flatMap(({ source }) => source.match(/\d+\.\d+\.\d+\.\d+/g) ?? []);
  expect([...new Set(addresses)].sort()).toEqual(["127.0.0.1", "192.0.2.1"]);
  expect(code.filter(({ source }) => source.includes("192.0.2.1")).map(({ id }) => id)).toEqual([
    "refuse",
  ]);
  expect(code.some(({ source }) => source.includes("i-have-permission"))).toBe(false);
});

test("its cells are short, and each program's cell fits in 60 lines", () => {
  const code = notebook.cells.filter(({ type }) => type === "code");
  const lines = (one: { source: string }) => ownLines(one).length;
  const programs = code.filter((one) => programCell(notebook, one));
  expect(programs.map(({ id }) => id)).toEqual([
    "port-prober",
    "port-probes",
    "port-rounds",
    "port-scan",
    "port-banner",
    "port-scanner",
  ]);
  expect(programs.filter((one) => lines(one) > 60).map(({ id }) => id)).toEqual([]);
  const others = code.filter((one) => !programs.includes(one));
  expect(others.filter((one) => lines(one) > 20).map(({ id }) => id)).toEqual([]);
  expect(others.filter((one) => lines(one) <= 12).length).toBeGreaterThan(others.length * 0.7);
});

test("ends with what to remember, the criterion covered, one exercise, and a cell that closes", () => {
  const { source } = cell("remember");
  expect(source).toContain("**Criteria covered:** build a port scanner.");
  expect(source.match(/\*\*Exercise\.\*\*/g)).toHaveLength(1);
  expect(notebook.cells.at(-1)?.source).toContain("busy.stop()");
});
