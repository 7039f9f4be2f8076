import { expect, test } from "vitest";
import { PortGrid } from "../../src/scan/port-grid";
import { ANSWER } from "../../src/scan/work";
import { tagsOf } from "../chart/support/well-formed";

const { OPEN, CLOSED, FILTERED, UNASKED, UNREACHABLE } = ANSWER;
const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

test("every port has a place, in rows of 64 that begin with their first port", () => {
  const answers = new Array<number>(130).fill(CLOSED);
  answers[0] = OPEN;
  answers[64] = FILTERED;
  answers[65] = UNREACHABLE;
  answers.fill(UNASKED, 128);
  const grid = new PortGrid({ title: "Ports", ports: range(1_000, 130), answers });
  expect(grid.toText().split("\n")).toEqual([
    "Ports",
    `1000 █${"░".repeat(63)}`,
    `1064 ?x${"░".repeat(62)}`,
    "1128 ··",
    "█ 1 open   ? 1 filtered   x 1 unreachable   · 2 not asked yet   ░ 125 closed",
  ]);
});

test("all ports share 1,024 places, and an open one is seen among 63 closed", () => {
  const answers = new Uint8Array(65_535).fill(CLOSED);
  answers[8_080 - 1] = OPEN;
  const grid = new PortGrid({ title: "All", ports: range(1, 65_535), answers });
  const lines = grid.toText().split("\n");
  expect(lines[0]).toBe("All (64 ports to a place)");
  expect(lines).toHaveLength(1 + 16 + 1);
  expect(lines.join("").match(/█/g)).toHaveLength(2); // its place, and the key
  expect(lines[2]?.slice(6).indexOf("█")).toBe(Math.floor((8_080 - 1 - 4_096) / 64));
});

test("it fills as the answers come: an earlier grid stays as it was", () => {
  const answers = new Uint8Array(3);
  const data = { title: "T", ports: [1, 2, 3], answers };
  const before = new PortGrid(data);
  answers.fill(CLOSED);
  expect(before.toText()).toContain("1 ···");
  expect(new PortGrid(data).toText()).toContain("1 ░░░");
});

test("the picture is well-formed, says in words what it shows, and is small enough to send often", () => {
  const answers = Uint8Array.from({ length: 65_535 }, (_, i) => (i % 7 === 0 ? CLOSED : UNASKED));
  answers[21] = OPEN;
  const svg = new PortGrid({ title: "<&>", ports: range(1, 65_535), answers }).toSvg();
  expect(tagsOf(svg)[0]).toBe("svg");
  expect(svg).toContain("&lt;&amp;&gt;");
  expect(svg).toMatch(/aria-label="[^"]*1 open[^"]*Open: 22/);
  expect(svg.length).toBeLessThan(20_000);
});
