/** What is proved: by checks of copies alone, kept safely, shown and reported. */
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { nextThing } from "../../../src/tools/practice/progress/next";
import {
  type Pass,
  type PracticeRecord,
  proofOf,
  readRecord,
  updateRecord,
} from "../../../src/tools/practice/progress/record";
import { verifyReport } from "../../../src/tools/practice/progress/report";
import { showProgress, writeReport } from "../../../src/tools/practice/progress-command";
import { stylesFor } from "../../../src/tools/terminal/palette";
import { type LabFolder, labFolder, notebookText } from "../notebook/support/lab-folder";

const styles = stylesFor({ depth: 0, background: undefined }, false);
const COPY = "practice/06-server.ipynb";
const CELLS = `%% code one\n/** @module http_server */\nexport const main = 1;\n`;
const PASS: Pass = {
  at: "2026-01-02T03:04:05.000Z",
  by: "npm run check -- 06",
  copy: COPY,
  steps: ["listens"],
  cells: {},
  criteria: ["build a server"],
};

async function lab(): Promise<LabFolder> {
  const folder = await labFolder({
    "02-client": "%% md end\n**Criteria covered:** write a client.\n",
    "06-server": `${CELLS}%% md end\n**Criteria covered:** build a server; write a client.\n`,
  });
  await folder.write(COPY, notebookText(CELLS));
  return folder;
}

async function shown({ root }: LabFolder): Promise<string> {
  const lines: string[] = [];
  await showProgress(root, { print: (line) => void lines.push(line), styles });
  return lines.join("\n");
}

describe("the record of what is proved", () => {
  it("takes a criterion's first proof by date", () => {
    const record: PracticeRecord = {
      "04": { pass: { ...PASS, at: "2026-02-01" } },
      "06": { pass: PASS },
    };
    expect(proofOf(record, "build a server")).toMatchObject({ part: "06", at: PASS.at });
    expect(proofOf(record, "another")).toBeUndefined();
  });

  it("loses nothing when many write at once", async () => {
    const { root } = await lab();
    const parts = Array.from({ length: 8 }, (_, i) => String(i).padStart(2, "0"));
    const count = { at: "2026-01-02", passed: 0, total: 5 };
    await Promise.all(
      [...parts, ...parts].map((part) =>
        updateRecord(root, part, ({ last = count }) => ({
          last: { ...last, passed: last.passed + 1 },
        })),
      ),
    );
    const { record } = await readRecord(root);
    expect(parts.map((part) => record[part]?.last?.passed)).toEqual(parts.map(() => 2));
    expect(await readdir(`${root}/practice`)).toEqual(["06-server.ipynb", "progress.json"]);
  });

  it("that is damaged is put aside, and said; what has not the right form is left out", async () => {
    const folder = await lab();
    await folder.write("practice/progress.json", '{ "version": 1, "par');
    const problem = await updateRecord(folder.root, "06", () => ({ pass: PASS }));
    const aside = /It is now (practice\/progress\.json\.\S+\.unreadable),/.exec(problem ?? "")?.[1];
    expect(await folder.read(aside ?? "")).toBe('{ "version": 1, "par');
    expect((await readRecord(folder.root)).record["06"]?.pass).toEqual(PASS);
    const odd = {
      "06": { pass: { ...PASS, cells: { one: 1 } }, last: 3, hints: { key: "k", level: 1 } },
    };
    await folder.write("practice/progress.json", JSON.stringify({ version: 1, parts: odd }));
    expect((await readRecord(folder.root)).record).toEqual({
      "06": { hints: { key: "k", level: 1 } },
    });
  });

  it("that cannot be written is said, and nothing fails", async () => {
    const folder = await labFolder();
    await folder.write("practice", "a file where the folder should be");
    expect(await updateRecord(folder.root, "06", () => ({ pass: PASS }))).toMatch(
      /practice\/progress\.json cannot be written \(EEXIST|ENOTDIR\)/,
    );
  });
});

describe("npm run progress", () => {
  it("ticks what a copy has proved, and says what would prove the rest", async () => {
    const folder = await lab();
    expect(await shown(folder)).toMatch(
      /^0 of 2 criteria proved on your own copies\n\n○ write a client\n/,
    );
    await updateRecord(folder.root, "06", () => ({ pass: PASS }));
    const text = await shown(folder);
    expect(text).toMatch(/^1 of 2 criteria proved/);
    expect(text).toMatch(/○ write a client\n {2}to prove it: .*npm run challenge -- 06/);
    expect(text).toContain(
      "✓ build a server\n  2026-01-02, npm run check -- 06; the copy has changed since",
    );
  });

  it("names the one next thing to do: to begin a part, to go on with it, the next one, the report", async () => {
    const folder = await labFolder({ "02-tcp": "", "06-server": CELLS });
    const next = async () => /\nNext: (.*)$/.exec(await shown(folder))?.[1];
    expect(await next()).toMatch(/^npm run challenge -- 02 begins Part 2: /);
    await folder.write(COPY, notebookText(CELLS));
    const last = { at: PASS.at, passed: 3, total: 14 };
    await updateRecord(folder.root, "06", () => ({ last }));
    expect(await next()).toMatch(/^npm run check -- 06 goes on with Part 6: .* \(3 of 14 steps\)$/);
    await updateRecord(folder.root, "06", () => ({ pass: PASS }));
    expect(await next()).toMatch(/^npm run challenge -- 02 /);
    await updateRecord(folder.root, "02", () => ({ pass: PASS }));
    expect(await next()).toBe(
      "npm run progress -- --report writes down what you have proved, to be signed",
    );
  });

  it("names what follows the part that has passed first, and then what was left out", async () => {
    const { root } = await labFolder({ "02-tcp": "", "06-server": "", "07-web": "" });
    const record = { "06": { pass: PASS } };
    expect(await nextThing(root, record, "06")).toMatch(/^npm run challenge -- 07 /);
    expect(await nextThing(root, { ...record, "07": { pass: PASS } }, "07")).toMatch(/-- 02 /);
  });

  it("writes a report that is compared with the copies later", async () => {
    const folder = await lab();
    const { fingerprints } = await import("../../../src/tools/practice/copies/module-cells");
    const { readNotebook } = await import("../../../src/tools/notebook/files");
    const cells = fingerprints(await readNotebook(folder.root, COPY));
    await updateRecord(folder.root, "06", () => ({ pass: { ...PASS, cells } }));
    const file = folder.path("out/report.md");
    await writeReport(folder.root, file, new Date("2026-03-04T05:06:07Z"));
    const report = await folder.read("out/report.md");
    expect(report).toContain("1 of 2 criteria are proved");
    expect(report).toContain("Written on 2026-03-04.");
    expect(report).toContain("| build a server | 2026-01-02 | `npm run check -- 06` |");
    expect(report).toContain("| write a client | not yet |  |");
    expect(report).toContain(`| ${COPY}#one | \`${cells.one}\` | as in the lab's solution |`);
    expect(report).toMatch(/Name: _+ {2}Date: _+ {2}Signature: _+\n$/);
    expect(await verifyReport(folder.root, file)).toEqual({
      lines: [`✓ ${COPY} is as reported`],
      same: true,
    });
    await folder.write(COPY, notebookText(CELLS.replace("main = 1", "main = 2")));
    expect(await verifyReport(folder.root, file)).toEqual({
      lines: [`✗ ${COPY} differs from the report: one`],
      same: false,
    });
    await expect(verifyReport(folder.root, folder.path("none.md"))).rejects.toThrow(
      "no such report",
    );
    await expect(verifyReport(folder.root, folder.path("src/shout.ts"))).rejects.toThrow(
      "no report with fingerprints",
    );
  });
});
