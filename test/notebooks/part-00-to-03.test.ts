/** Parts 0 to 3 as a learner needs them: links that lead somewhere, and what each part promises. */
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { listNotebooks, readNotebook } from "../../src/tools/notebook/files";
import type { Notebook } from "../../src/tools/notebook/format";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PARTS = ["00-start-here", "01-what-is-a-socket", "02-tcp", "03-udp"] as const;

const load = (part: string): Promise<Notebook> => readNotebook(ROOT, `notebooks/${part}.ipynb`);

function prose(notebook: Notebook): string {
  const texts = notebook.cells.filter(({ type }) => type === "markdown");
  return texts.map(({ source }) => source).join("\n\n");
}

describe.each(PARTS)("%s", (part) => {
  test("links only to files that are there", async () => {
    const links = [...prose(await load(part)).matchAll(/\]\((?!https?:)([^)#]+)/g)];
    const targets = links.map(([, target = ""]) => path.join(ROOT, "notebooks", target));
    expect(targets.filter((file) => !existsSync(file))).toEqual([]);
  });

  test("ends with what to remember, the criteria it covers, and one exercise", async () => {
    const text = prose(await load(part));
    const end = text.slice(text.indexOf("## What to remember"));
    expect(end).toMatch(/^## What to remember\n\n- /);
    expect(end).toMatch(/\*\*Criteria covered:\*\* \w/);
    expect(end.match(/\*\*Exercise\.\*\*/g)).toHaveLength(1);
  });

  test("keeps its cells short: one idea each", async () => {
    const { cells } = await load(part);
    const long = cells
      .filter(({ type }) => type === "code")
      .filter(({ source }) => source.split("\n").length > (source.includes("@module") ? 70 : 20));
    expect(long.map(({ id }) => id)).toEqual([]);
  });
});

test("each criterion names tests that prove it", async () => {
  const items = prose(await load("00-start-here")).match(/^- \[ \] .*$/gm) ?? [];
  for (const item of items) expect(item).toMatch(/; \[\S+\]\(\.\.\/test\/\S+\)/);
});

test("the checklist has the lab's ten criteria and one more, each with its part", async () => {
  const items = prose(await load("00-start-here")).match(/^- \[ \] .*$/gm) ?? [];
  const subjects = [
    /socket is.*Part 1/,
    /TCP and UDP differ.*Part 1/,
    /TCP server.*accepts.*Part 2/,
    /TCP client.*Part 2/,
    /UDP server.*Part 3/,
    /HTTP request.*Part 4/,
    /HTTP server.*HTML.*Part 4/,
    /port scanner.*Part 8/,
    /fails.*Part 5/,
    /configuration server.*Part 9/,
    /name by hand.*Part 10/,
  ];
  expect(items).toHaveLength(subjects.length);
  for (const [i, subject] of subjects.entries()) expect(items[i]).toMatch(subject);
});

test("every part covers criteria of the checklist, in the same words, and each is covered", async () => {
  const items = prose(await load("00-start-here")).matchAll(/^- \[ \] (.*?): \[Part/gm);
  const checklist = Array.from(items, ([, criterion]) => criterion);
  const covered = new Set<string>();
  for (const file of await listNotebooks(ROOT)) {
    const text = prose(await readNotebook(ROOT, file));
    const [, line = ""] = /\*\*Criteria covered:\*\* (?!none)(.*)\./.exec(text) ?? [];
    for (const criterion of line.split("; ").filter(Boolean)) {
      expect(checklist, file).toContain(criterion);
      covered.add(criterion);
    }
  }
  expect([...covered].sort()).toEqual([...checklist].sort());
});
