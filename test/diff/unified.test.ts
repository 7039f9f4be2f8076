import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { Random } from "../../scripts/fuzz/random";
import { compareLines } from "../../src/diff/compare";
import { INCOMPLETE, unifiedDiff, unifiedDiffPieces } from "../../src/diff/unified";
import { requireTool } from "../support/tools";

const run = promisify(execFile);
const NAMES = { oldName: "old", newName: "new" };

const MIB = 2 ** 20;

/** Two texts each of a mebibyte or so, by what makes them slow. */
const SLOW: Readonly<Record<string, () => [string, string]>> = {
  "nothing in common": () => {
    const text = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 100_000 }, () => `${seed}${random.below(1e9)}\n`).join("");
    };
    return [text(1), text(2)];
  },
  // The second copy of each number lies beyond the landmark before: it is one only when that is found.
  "one landmark a level": () => {
    const chain = (noise: string) =>
      Array.from({ length: 45_000 }, (_, i) => `${noise}${i % 9}\n${i + 2}\n${i + 1}\n`).join("");
    return [chain("a"), chain("b")];
  },
  "only two kinds of line": () => {
    const random = new Random(5);
    const text = () => Array.from({ length: MIB / 2 }, () => random.pick(["a\n", "b\n"])).join("");
    return [text(), text()];
  },
  "long runs of one line": () => {
    const text = (noise: string) =>
      Array.from({ length: 1_300 }, (_, i) => `${noise}${i}\n${"\n".repeat(400)}`).join("");
    return [text("a"), text("b")];
  },
  "empty lines": () => ["\n".repeat(MIB), `${"\n".repeat(MIB / 2)}x\n${"\n".repeat(MIB / 2 - 9)}`],
  "long lines": () => {
    const line = (at: number) => `${"x".repeat(17_000)}${at}\n`;
    const text = (from: number) => Array.from({ length: 60 }, (_, at) => line(from + at)).join("");
    return [text(0), text(30)];
  },
};

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), "socket-lab-diff-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

const numbered = (count: number, change: (line: string, at: number) => string = (line) => line) =>
  Array.from({ length: count }, (_, at) => change(`line ${at + 1}\n`, at + 1)).join("");

describe("the difference", () => {
  test("of equal texts is empty", () => {
    expect(unifiedDiff("a\nb\n", "a\nb\n", NAMES)).toBe("");
  });

  test("of one changed line is that line, three before and three after", () => {
    const now = numbered(20, (line, at) => (at === 10 ? "changed\n" : line));
    expect(unifiedDiff(numbered(20), now, NAMES)).toBe(
      "--- old\n+++ new\n@@ -7,7 +7,7 @@\n line 7\n line 8\n line 9\n-line 10\n+changed\n" +
        " line 11\n line 12\n line 13\n",
    );
  });

  test("joins changes whose surroundings touch, and parts those further away", () => {
    const at = (...changed: number[]) =>
      unifiedDiff(
        numbered(40),
        numbered(40, (line, n) => (changed.includes(n) ? "x\n" : line)),
        NAMES,
      ).match(/^@@.*$/gm);
    expect(at(10, 17)).toEqual(["@@ -7,14 +7,14 @@"]);
    expect(at(10, 18)).toEqual(["@@ -7,7 +7,7 @@", "@@ -15,7 +15,7 @@"]);
  });

  test.each([
    ["a text that was empty", "", "a\n", "@@ -0,0 +1 @@\n+a\n"],
    ["a text that is empty now", "a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n"],
    [
      "a last line that has no end",
      "a",
      "a\n",
      "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
    ],
    ["CR at line ends", "a\r\n", "a\n", "@@ -1 +1 @@\n-a\r\n+a\n"],
  ])("of %s", (_what, old, now, hunk) => {
    expect(unifiedDiff(old, now, NAMES)).toBe(`--- old\n+++ new\n${hunk}`);
  });

  test("shows a changed secret as a change, and not what it is", () => {
    const show = () => (line: string) => line.replace(/ .*/, " ?");
    expect(unifiedDiff("key one\n", "key two\n", { ...NAMES, show })).toBe(
      "--- old\n+++ new\n@@ -1 +1 @@\n-key ?\n+key ?\n",
    );
  });

  test("is as short as diff's own", async (ctx) => {
    await requireTool(ctx, "diff", "sudo apt-get install diffutils");
    const at = await folder();
    const random = new Random(9);
    for (let round = 0; round < 20; round++) {
      const [old, now] = related(random, 60);
      await writeFile(path.join(at, "old"), old);
      await writeFile(path.join(at, "new"), now);
      const theirs = await run("diff", ["-d", "-u", "old", "new"], { cwd: at }).catch(
        (error: { code: number; stdout: string }) => error,
      );
      const edits = (diff: string) => diff.match(/^[-+](?!--|\+\+)/gm)?.length ?? 0;
      expect(edits(unifiedDiff(old, now, NAMES))).toBe(edits(theirs.stdout));
    }
  });

  test.for([
    [60, 20],
    [3_000, 4],
  ] as const)(
    "is what patch makes the new text of, %i lines, %i times",
    async ([lines, rounds], ctx) => {
      await requireTool(ctx, "patch", "sudo apt-get install patch");
      const at = await folder();
      const random = new Random(lines);
      for (let round = 0; round < rounds; round++) {
        // Every other time nearly nothing is the same: then it goes by landmarks.
        const [old, now] = related(random, lines, round % 2 === 0 ? 0.1 : 0.9);
        const diff = unifiedDiff(old, now, NAMES);
        await writeFile(path.join(at, "file"), old);
        await writeFile(path.join(at, "the.diff"), diff);
        if (diff !== "") execFileSync("patch", ["-s", "file", "the.diff"], { cwd: at });
        expect(await readFile(path.join(at, "file"), "utf8")).toBe(now);
      }
    },
  );
});

describe("texts made to be slow to compare", () => {
  test.each(Object.entries(SLOW))(
    "(%s) cost a bounded number of steps, and the diff says what it lacks",
    (what, make) => {
      const [old, now] = make();
      const pieces = Array.from(unifiedDiffPieces(old, now, NAMES));
      // A piece is at most STEPS_PER_PAUSE steps: their number is what the whole costs.
      expect(pieces.length).toBeLessThan(4_000);
      expect(pieces.length).toBeGreaterThan(100);
      expect(pieces[0]).toBe("");
      const isComplete = ["nothing in common", "empty lines", "long lines"].includes(what);
      expect(pieces.join("").startsWith(INCOMPLETE)).toBe(!isComplete);
      const longest = pieces.reduce((most, piece) => Math.max(most, piece.length), 0);
      expect(longest).toBeLessThan(200_000);
    },
  );

  test("beyond the steps allowed count as replaced, say so first, and patch still makes the new text", async (ctx) => {
    await requireTool(ctx, "patch", "sudo apt-get install patch");
    const at = await folder();
    const [old, now] = related(new Random(3), 3_000, 0.9);
    const complete = unifiedDiff(old, now, NAMES);
    const diff = unifiedDiff(old, now, { ...NAMES, maxSteps: 100 });
    expect(complete.startsWith("--- old\n")).toBe(true);
    expect(diff.startsWith(`${INCOMPLETE}\n--- old\n+++ new\n`)).toBe(true);
    expect(diff.length).toBeGreaterThan(complete.length);
    await writeFile(path.join(at, "file"), old);
    await writeFile(path.join(at, "the.diff"), diff);
    execFileSync("patch", ["-s", "file", "the.diff"], { cwd: at });
    expect(await readFile(path.join(at, "file"), "utf8")).toBe(now);
  });

  test("go by landmarks, and find what lies between them", () => {
    const lines = (noise: string) =>
      Array.from({ length: 900 }, (_, i) => [`${i}\n`, "!\n", `${noise}${i}\n`, "!\n"]).flat();
    const { matches, isComplete } = compareLines(lines("a"), lines("b"));
    expect(isComplete).toBe(true);
    // Of each four lines three are in both: the second and third of them are found beside the landmark.
    expect(matches.reduce((sum, { length }) => sum + length, 0)).toBe(2_700);
    expect(matches.filter(({ length }) => length === 0)).toEqual([]);
    expect(compareLines(["x", "a"], ["x", "b"]).matches).toEqual([{ a: 0, b: 0, length: 1 }]);
  });

  test("give as many matches with few steps as with many, where few suffice", () => {
    const [old, now] = [
      numbered(1_000),
      numbered(1_000, (line, at) => (at % 100 === 0 ? "" : line)),
    ];
    const lines = (text: string) => text.match(/.+\n/g) ?? [];
    const few = compareLines(lines(old), lines(now), 20_000);
    expect(few).toEqual(compareLines(lines(old), lines(now)));
    expect(few.isComplete).toBe(true);
  });
});

/** Two texts, the second made of the first by changing a part of its lines. */
function related(random: Random, lines: number, part = 0.2): [string, string] {
  const line = () => `${random.pick(["ip", "no ip", "interface", "!"])} ${random.below(lines)}`;
  const old = Array.from({ length: lines }, line);
  const now = old.flatMap((one) => {
    if (!random.chance(part)) return [one];
    return random.pick([[], [line()], [one, line()], [line(), line()]]);
  });
  const end = () => random.pick(["\n", "\n", ""]);
  return [old.join("\n") + end(), now.join("\n") + end()];
}
