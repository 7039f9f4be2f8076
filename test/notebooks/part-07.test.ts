/**
 * What Part 7 promises: each attack is seen to hurt a naive server, and to fail against web_server. The
 * stored outputs say so; that they are what the cells print is checked where the notebooks run.
 */
import { describe, expect, test } from "vitest";
import { programCell } from "../../src/tools/notebook/program-cells";
import { tagsOf } from "../chart/support/well-formed";
import { storedPart } from "./support/stored";

const { notebook, cell, printed } = await storedPart("07-http-for-real");

const headings = notebook.cells
  .filter(({ type }) => type === "markdown")
  .flatMap(({ source }) => source.match(/^## .*/gm) ?? []);

test("runs seven attacks, then measures, then says what is missing", () => {
  expect(headings.filter((heading) => /^## Attack \d: /.test(heading))).toHaveLength(7);
  const after = headings.slice(headings.findIndex((heading) => heading.startsWith("## Attack 7")));
  expect(after).toEqual([
    expect.stringMatching("^## Attack 7"),
    "## Load",
    "## What this server still is not",
    "## As a program",
    "## Exercise: count by client",
    "## What to remember",
  ]);
});

describe("the stored output shows", () => {
  test("half a request: the draft answers a request that nobody made, web_server waits", () => {
    expect(printed("partial")).toMatch(/first draft: .*\/hel<.*\nweb_server: .*\/hello</);
    expect(printed("every-cut")).toMatch(/: 1 answer\n$/);
    expect(printed("silent")).toMatch(/first draft: no answer\nweb_server: +HTTP\/1\.1 200 OK/);
  });

  test("a giant header: the draft keeps it, web_server answers 431 and 414", () => {
    expect(printed("giant")).toMatch(/8 MiB held/);
    expect(printed("giant-refused")).toMatch(/431 .*\n.*414 .*\n.*431 /);
  });

  test("slow clients: the draft keeps 1,000, web_server serves others and sends them away", () => {
    expect(printed("slow-second")).toMatch(/1000 clients still have its attention/);
    expect(printed("slow-verdict")).toMatch(/within 100 ms: true/);
    expect(printed("slow-end")).toMatch(/408 Request Timeout.* told to 1000/);
  });

  test("a flood: the draft falls silent, web_server refuses and recovers", () => {
    expect(printed("flood-third")).toMatch(/before: HTTP\/1\.1 200 OK\nafter: +no answer/);
    expect(printed("flood-web")).toMatch(/connected +49\n.*503 .* 20\nclosed +131\n.*200 OK/);
    expect(printed("flood-recovers")).toMatch(/a new client: HTTP\/1\.1 200 OK/);
  });

  test.each([
    ["CL.TE", "cl-te", "smuggle"],
    ["TE.CL", "te-cl", "te-cl"],
  ])(
    "smuggling by %s: two readings of the same bytes, and a visitor who gets another's answer",
    (_name, readings, attack) => {
      const seen = (reader: string) =>
        [...printed(readings).matchAll(new RegExp(`^${reader}: +"(\\w+ /\\w+)`, "gm"))].map(
          ([, request]) => request,
        );
      expect([seen("byLength"), seen("byChunks")]).toEqual(
        readings === "cl-te"
          ? [
              ["POST /search", "GET /hello"],
              ["POST /search", "GET /admin"],
            ]
          : [
              ["POST /search", "GET /admin"],
              ["POST /search", "GET /hello"],
            ],
      );
      expect(printed(attack)).toMatch(/openly +HTTP\/1\.1 403 .*\n.*\nvisitor +.*this is \/admin/);
    },
  );

  test("smuggling: web_server answers once, 400, whatever the spelling", () => {
    expect(printed("smuggle-web").match(/400 Bad Request/g)).toHaveLength(2);
    expect(printed("smuggle-web").match(/answers on this connection: 1\n/g)).toHaveLength(2);
    const verdicts = printed("lookalikes").trim().split("\n");
    expect(verdicts).toHaveLength(9);
    for (const verdict of verdicts) expect(verdict).toMatch(/ (?:400 Bad Request|501 Not Impl.*)$/);
  });

  test("response splitting: two answers from the draft, a plain 500 from src/http", () => {
    expect(printed("splitting")).toMatch(/status lines: 2\n$/);
    expect(printed("splitting-web")).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r?\n/);
    expect(printed("splitting-web").split("what its owner reads")[0]).not.toContain("log in");
  });

  test("markup: a script from the draft, none from web_server", () => {
    expect(printed("markup")).toContain("<script>");
    expect(printed("markup-web")).toMatch(/path: +400 [^<]*\nagent: .*&lt;script&gt;/);
    expect(printed("markup-web")).toContain("text/plain");
  });

  test("load: the same page from four servers, and every answer whole", () => {
    expect(printed("same-page")).toMatch(/^4 servers, 1 page:\n<!DOCTYPE html>/);
    expect(printed("load")).toMatch(/status 200: true\n$/);
  });
});

test.each(["slow-chart", "load-chart", "load-chart-one-each"])(
  "%s is one output, as a picture and as text",
  (id) => {
    const { outputs } = cell(id);
    expect(outputs).toHaveLength(1);
    const [output] = outputs;
    if (output?.output_type !== "display_data") throw new Error("not a display");
    expect(tagsOf(String(output.data["image/svg+xml"]))[0]).toBe("svg");
    expect(String(output.data["text/plain"])).toMatch(/src\/http|slow clients/);
  },
);

test("its cells are short: a reader takes each in at a glance", () => {
  const long = notebook.cells
    .filter(({ type }) => type === "code")
    .filter((one) => {
      const limit = programCell(notebook, one) ? 60 : 25;
      return one.source.split("\n").length > limit;
    });
  expect(long.map(({ id }) => id)).toEqual([]);
});

test("ends with what to remember, the criteria covered, one exercise, and a cell that closes", () => {
  const remember = cell("remember").source;
  expect(remember).toContain("**Criteria covered:**");
  expect(remember.match(/\*\*Exercise\.\*\*/g)).toHaveLength(1);
  expect(notebook.cells.at(-1)?.source).toContain("web.stop()");
});
