/** The contents page, and where its facts come from. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { readNotebook } from "../../../src/tools/notebook/files";
import { listParts, partOf, programsHash } from "../../../src/tools/notebook/parts";
import { sourceHash } from "../../../src/tools/notebook/source-hash";
import { editedCells } from "../../../src/tools/stepper/edited";
import { ProgressStore } from "../../../src/tools/stepper/progress";
import { standingOf } from "../../../src/tools/stepper/standing";
import { notebookText } from "../notebook/support/lab-folder";
import { openSession, SESSION_TIMEOUT } from "./support/session";
import { FILE, smallLab, TWO } from "./support/small-lab";

const run = promisify(execFile);

async function git(root: string, ...args: string[]): Promise<void> {
  const who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
  await run("git", [...who, ...args], { cwd: root });
}

describe("the parts of the lab", () => {
  it("say what they teach, which criteria they cover, and what is wrong with them", async () => {
    const [second, bad] = await listParts((await smallLab()).root);
    expect(second).toMatchObject({
      file: FILE,
      number: "2",
      title: "The second",
      about: "You can do two things, and a third.",
      criteria: ["do this", "do that"],
      cells: [{ id: "one" }, { id: "program", program: "tcp_server" }],
    });
    expect(bad).toMatchObject({ number: "3", title: "03-bad" });
    expect(bad?.problem).toContain("notebooks/03-bad.ipynb:1:2: not JSON");
  });

  it("count as done only cells that ran as they are now, and tests only of the programs as they are", async () => {
    const folder = await smallLab();
    const [part] = await listParts(folder.root);
    if (!part) throw new Error("no part");
    const store = new ProgressStore(folder.root);
    await store.updatePart(FILE, (before) => ({
      ...before,
      ran: { one: sourceHash("const a = 1;"), program: sourceHash("another source") },
      tests: { passed: 3, failed: 0, at: "2026-01-02T03:04:05Z", programs: programsHash(part) },
    }));
    expect(standingOf(part, store.current)).toEqual({ done: 1, total: 2, tests: "passed" });
    await folder.notebook("02-second", TWO.replace("b = 2", "b = 3"));
    const [edited] = await listParts(folder.root);
    if (edited) expect(standingOf(edited, store.current).tests).toBeUndefined();
  });

  it("know their edited cells from git, also those edited elsewhere; outputs are no edits", async () => {
    const folder = await smallLab();
    await git(folder.root, "init", "-q");
    await git(folder.root, "add", ".");
    await git(folder.root, "commit", "-qm", "before");
    const parts = await listParts(folder.root);
    const store = new ProgressStore(folder.root);
    expect((await editedCells(folder.root, parts, store.current)).get(FILE)?.size).toBe(0);
    const text = await folder.read(FILE);
    await folder.write(
      FILE,
      text.replace("a = 1", "a = 5").replace('"execution_count": null', '"execution_count": 7'),
    );
    const edited = await editedCells(folder.root, parts, store.current);
    expect([...(edited.get(FILE) ?? [])]).toEqual(["one"]);
  });

  it("know without git the cells that were edited here, until the edit is undone or overwritten", async () => {
    const folder = await smallLab();
    const store = new ProgressStore(folder.root);
    const edits = [{ cell: "one", before: "const a = 1;", after: "const a = 2;" }];
    await store.updatePart(FILE, (part) => ({ ...part, edits }));
    const edited = async (): Promise<string[]> => {
      const found = await editedCells(folder.root, await listParts(folder.root), store.current);
      return [...(found.get(FILE) ?? [])];
    };
    expect(await edited()).toEqual([]);
    await folder.notebook("02-second", TWO.replace("a = 1", "a = 2"));
    expect(await edited()).toEqual(["one"]);
  });
});

describe("the progress", () => {
  it("is kept for each part, and two sessions do not overwrite each other's", async () => {
    const { root } = await smallLab();
    const [one, two] = [new ProgressStore(root), new ProgressStore(root)];
    await one.updatePart("notebooks/01.ipynb", (part) => ({ ...part, at: "a" }));
    await two.updatePart("notebooks/02.ipynb", (part) => ({ ...part, at: "b" }));
    await one.updatePart("notebooks/01.ipynb", (part) => ({ ...part, reached: "c" }));
    const fresh = new ProgressStore(root);
    await fresh.load();
    expect(fresh.part("notebooks/01.ipynb")).toMatchObject({ at: "a", reached: "c" });
    expect(fresh.part("notebooks/02.ipynb")).toMatchObject({ at: "b" });
    expect(fresh.current.last).toBe("notebooks/01.ipynb");
  });

  it("that cannot be read is put aside, and said", async () => {
    const folder = await smallLab();
    await folder.write(".lab/progress.json", '{ "version": 1, "parts"');
    const store = new ProgressStore(folder.root);
    await store.load();
    expect(store.problem).toContain(".lab/progress.json.unreadable");
    expect(await folder.read(".lab/progress.json.unreadable")).toContain('"parts"');
  });

  it("takes only what has the right form from the file", async () => {
    const folder = await smallLab();
    const parts = {
      [FILE]: { at: 7, ran: { one: "h", two: 2 }, edits: [{ cell: "one" }] },
      other: [],
    };
    await folder.write(".lab/progress.json", JSON.stringify({ version: 1, parts }));
    const store = new ProgressStore(folder.root);
    await store.load();
    expect(store.part(FILE)).toEqual({ ran: { one: "h" }, edits: [] });
  });
});

it(
  "the contents page opens where one was, and shows all this, before the kernel is ready, also when it is narrow",
  SESSION_TIMEOUT,
  async (ctx) => {
    const folder = await smallLab();
    await folder.notebook("01-first", "%% md title\n# The first\n\nIt comes before.\n");
    const ran = { one: sourceHash("const a = 1;") };
    const part = partOf(await readNotebook(folder.root, FILE));
    const tests = {
      passed: 2,
      failed: 0,
      at: "2026-01-02T03:04:05Z",
      programs: programsHash(part),
    };
    await folder.write(
      ".lab/progress.json",
      JSON.stringify({ version: 1, last: FILE, parts: { [FILE]: { ran, tests } } }),
    );
    await folder.write("practice/02-second.ipynb", notebookText(TWO));
    const pass = {
      at: "2026-01-02T03:04:05Z",
      by: "npm run check -- 02",
      copy: "practice/02-second.ipynb",
      steps: ["listens"],
      cells: {},
      criteria: ["do that"],
    };
    const last = { at: "2026-01-03T03:04:05Z", passed: 1, total: 3 };
    await folder.write(
      "practice/progress.json",
      JSON.stringify({ version: 1, parts: { "02": { pass, last } } }),
    );
    const session = await openSession(ctx, folder, { columns: 80 });
    await session.see(/1 of 2 cells · 1 of 2 criteria proved/);
    expect(session.bar).toMatch(/kernel starting/);
    await session.see(/▶ 2 {2}The second +tests ✓ · yours 1\/3 · criteria 1\/2 {2}━+─+ +1\/2/);
    await session.see(
      /You can do two things, and a third\.\n +○ do this\n +✓ do that \(2026-01-02, npm run check -- 02\)/,
    );
    await session.see(/3 {2}03-bad +✗ cannot be opened\n +notebooks\/03-bad\.ipynb:1:2: not JSON/);
    await session.resize({ columns: 60, rows: 20 });
    await session.until(
      () => (session.bar.length <= 60 && session.bar.includes("q leave")) || undefined,
      "is narrow",
    );
    await session.see(/2 {2}The second +tests ✓ .*1\/2\n/);
    session.press("q");
    await session.over(0);
  },
);
