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

/** The middle of the places that a state has in the picture, as row and column; the key below is left out. */
function placesOf(svg: string, stroke: string): [row: number, column: number][] {
  const grid = /<g .*?<\/g>/s.exec(svg)?.[0] ?? "";
  const style = stroke.replace(/[()]/g, "\\$&");
  const path = new RegExp(`<path style="stroke:${style}[^"]*" d="([^"]+)"`).exec(grid)?.[1] ?? "";
  const first = Number(/ x="([\d.]+)" y="[\d.]+" text-anchor="end"/.exec(svg)?.[1]) + 10;
  return Array.from(path.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)).flatMap(([, x, y, length]) => {
    const column = (Number(x) - first) / 11;
    const count = (Number(length) + 2) / 11;
    expect(Number.isInteger(count)).toBe(true); // no run ends within a place
    return Array.from({ length: count }, (_, i): [number, number] => [
      (Number(y) - 44.5) / 11,
      column + i,
    ]);
  });
}

test("the picture paints each port at its own place, in the colour of its state", () => {
  const answers = new Array<number>(130).fill(CLOSED);
  for (const port of [0, 1, 5, 129]) answers[port] = OPEN;
  for (const port of [2, 66]) answers[port] = FILTERED;
  answers[63] = UNREACHABLE;
  answers[128] = UNASKED;
  const svg = new PortGrid({ title: "Ports", ports: range(1_000, 130), answers }).toSvg();
  expect(placesOf(svg, "var(--s0)")).toEqual([
    [0, 0],
    [0, 1],
    [0, 5],
    [2, 1],
  ]);
  expect(placesOf(svg, "var(--s1)")).toEqual([
    [0, 2],
    [1, 2],
  ]);
  expect(placesOf(svg, "var(--s3)")).toEqual([[0, 63]]);
  expect(placesOf(svg, "var(--edge)")).toEqual([[2, 0]]);
  expect(placesOf(svg, "var(--muted)")).toHaveLength(130 - 8);
});

test("a place that several ports share shows the one that matters most", () => {
  const answers = new Array<number>(2_048).fill(CLOSED);
  answers[0] = FILTERED;
  answers[1] = OPEN;
  answers[3] = UNREACHABLE;
  answers[4] = UNREACHABLE;
  answers[5] = FILTERED;
  answers[6] = UNASKED;
  const grid = new PortGrid({ title: "T", ports: range(1, 2_048), answers });
  expect(grid.toText().split("\n")[1]?.slice(5, 10)).toBe("█x?·░");
});

test("of many open ports the first six are named", () => {
  const answers = new Array<number>(20).fill(CLOSED);
  const seven = [1, 3, 5, 7, 9, 11, 13];
  for (const port of seven) answers[port - 1] = OPEN;
  const svg = new PortGrid({ title: "T", ports: range(1, 20), answers }).toSvg();
  expect(svg).toContain("Open: 1, 3, 5, 7, 9, 11, ...");
  answers[12] = CLOSED;
  const six = new PortGrid({ title: "T", ports: range(1, 20), answers }).toSvg();
  expect(six).toMatch(/Open: 1, 3, 5, 7, 9, 11</);
});

test("a grid is drawn as SVG as it is stored", async () => {
  const answers = new Array<number>(300).fill(CLOSED);
  for (const port of [0, 1, 5, 129, 299]) answers[port] = OPEN;
  answers.fill(FILTERED, 60, 70).fill(UNREACHABLE, 100, 103).fill(UNASKED, 250, 290);
  const svg = new PortGrid({ title: "Ports <&>", ports: range(1_000, 300), answers }).toSvg();
  const shapes = svg.replace(/<style>.*<\/style>/s, "");
  await expect(shapes).toMatchFileSnapshot("drawings/port-grid.svg");
});
