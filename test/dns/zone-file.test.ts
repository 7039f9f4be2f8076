/** The reader of zone files, beside named-compilezone where it is installed. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { recordText } from "../../src/dns/text";
import { parseZoneFile } from "../../src/dns/zone-file";
import { requireTool } from "../support/tools";
import { codeOf } from "./support";

const run = promisify(execFile);
const FILE = fileURLToPath(new URL("corpus/lab.example.zone", import.meta.url));
const lines = (text: string, origin = "lab.") => parseZoneFile(text, origin).map(recordText);

test("names are relative to the origin, and the last one stays", () => {
  expect(
    lines(
      "$TTL 60\ncore A 192.0.2.1\n\tAAAA ::1\n@ NS core\n$ORIGIN sub\nx. A 192.0.2.2\ny A 192.0.2.3",
    ),
  ).toEqual([
    "core.lab.\t60\tIN\tA\t192.0.2.1",
    "core.lab.\t60\tIN\tAAAA\t::1",
    "lab.\t60\tIN\tNS\tcore.lab.",
    "x.\t60\tIN\tA\t192.0.2.2",
    "y.sub.lab.\t60\tIN\tA\t192.0.2.3",
  ]);
});

test.each([
  ["a 5 IN A 192.0.2.1", 5],
  ["a IN 5 A 192.0.2.1", 5],
  ["a in 1h30m a 192.0.2.1", 5400],
  ["a 2W A 192.0.2.1", 1_209_600],
  ["a A 192.0.2.1", 60],
])("the TTL of %j is %i", (line, ttl) => {
  expect(parseZoneFile(`$TTL 1m\n${line}`)[0]).toMatchObject({ name: "a.", type: "A", ttl });
});

test("parentheses join lines, a semicolon begins a comment, and quotes take both away", () => {
  expect(
    lines('a 1 TXT ( "one ; (" ; comment ) "\n\n two )\n; only a comment\nb 1 A 192.0.2.1'),
  ).toEqual(['a.lab.\t1\tIN\tTXT\t"one ; (" "two"', "b.lab.\t1\tIN\tA\t192.0.2.1"]);
});

test("without $TTL a record has that of the one before it, and an SOA its own last field", () => {
  const text = "@ SOA ns root 1 2h 3 4 5m\na A 192.0.2.1\nb 7 A 192.0.2.2\nc A 192.0.2.3";
  expect(parseZoneFile(text, "lab.").map(({ ttl }) => ttl)).toEqual([300, 300, 7, 300]);
});

test("data that is written as bytes is read as its type has it", () => {
  expect(lines(String.raw`a 1 TYPE1 \# 4 C0000201`)).toEqual(["a.lab.\t1\tIN\tA\t192.0.2.1"]);
  expect(codeOf(() => lines(String.raw`a 1 A \# 3 C00002`))).toBe("BAD_DATA_LENGTH");
});

test("a file may end its lines as Windows does", () => {
  expect(lines("$TTL 1\r\na A 192.0.2.1\r\n")).toEqual(["a.lab.\t1\tIN\tA\t192.0.2.1"]);
});

describe("a zone file is refused, with the number of the line,", () => {
  test.each([
    ["$TTL 1\n\tA 192.0.2.1", "NO_OWNER", 2],
    ["a A 192.0.2.1", "NO_TTL", 1],
    ["\n\na 1 IN", "NO_TYPE", 3],
    ["a 1 NOPE x", "UNKNOWN_TYPE", 1],
    ["a 1 CH A 192.0.2.1", "OTHER_CLASS", 1],
    ["a 1 AXFR x", "NOT_STORED", 1],
    ["a 1 A 192.0.2.256", "BAD_ADDRESS", 1],
    ["a 4294967296 A 192.0.2.1", "BAD_NUMBER", 1],
    ["a 99999w A 192.0.2.1", "BAD_NUMBER", 1],
    ["a 1 MX mail", "BAD_DATA", 1],
    ["a..b 1 A 192.0.2.1", "EMPTY_LABEL", 1],
    ['a 1 TXT "open\nb 1 A 192.0.2.1', "OPEN_QUOTE", 1],
    ["b 1 A 192.0.2.1\na 1 TXT ( one\n", "OPEN_PARENTHESIS", 2],
    ["a 1 TXT one )", "OPEN_PARENTHESIS", 1],
    ["$INCLUDE other.zone", "BAD_DIRECTIVE", 1],
    ["$TTL", "BAD_DIRECTIVE", 1],
    ["$TTL soon", "BAD_NUMBER", 1],
  ])("%j with %s", (text, code, line) => {
    expect(codeOf(() => parseZoneFile(text))).toBe(code);
    expect(() => parseZoneFile(text)).toThrow(new RegExp(`\\bline ${line}\\b`));
  });
});

test("the zone of the corpus is read as BIND reads it", async (ctx) => {
  await requireTool(ctx, "named-compilezone", "sudo apt-get install bind9-utils");
  const args = ["-q", "-k", "ignore", "-i", "none", "-s", "full", "-o", "-", "lab.example", FILE];
  const { stdout } = await run("named-compilezone", args);
  const form = (line: string) =>
    line
      .replace(/\s+/g, " ")
      .replace(/(TYPE65280 .*)/, (data) => data.toLowerCase().replace("type", "TYPE"));
  const theirs = stdout
    .split("\n")
    .filter((line) => /\bIN\b/.test(line))
    .map(form);
  const ours = parseZoneFile(readFileSync(FILE, "utf8"), "lab.example.").map(recordText).map(form);
  expect(ours.sort()).toEqual(theirs.sort());
});
