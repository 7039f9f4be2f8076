/** `npm run book`: what it writes, what it leaves, and what it says. */
import { readdir, stat } from "node:fs/promises";
import { expect, it, vi } from "vitest";
import { bookCommand } from "../../../src/tools/book/command";
import { type LabFolder, labFolder, notebookText } from "../notebook/support/lab-folder";

const GOOD = "%% md one\n# Part 1: One\n\nSee [the tests](../test).\n";

async function run(lab: LabFolder, ...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const errors = vi.spyOn(console, "error").mockImplementation((text) => {
    stderr += `${text}\n`;
  });
  const status = await bookCommand(lab.root)(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
  });
  errors.mockRestore();
  return { status, stdout, stderr };
}

it("writes the book, leaves what is right, and takes away what is no longer of it", async () => {
  const lab = await labFolder({ "01-one": GOOD });
  await lab.write("test/deep/x.ts", "export {};\n");
  const first = await run(lab);
  expect(first).toEqual({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(/^book\/index.html: 5 pages, \d+ files changed\n$/),
  });
  const style = await stat(lab.path("book/style.css"));
  await lab.write(
    "notebooks/01-one.ipynb",
    notebookText(GOOD.replace("[the tests](../test)", "nothing")),
  );
  await lab.write("book/own.txt", "mine");
  expect(await run(lab)).toMatchObject({
    status: 0,
    stdout: "book/index.html: 2 pages, 5 files changed\n",
  });
  expect((await stat(lab.path("book/style.css"))).mtimeMs).toBe(style.mtimeMs);
  expect((await readdir(lab.path("book"))).sort()).toEqual([
    "01-one.html",
    "book-files.txt",
    "icon.svg",
    "index.html",
    "own.txt",
    "script.js",
    "style.css",
  ]);
});

it("names file and cell of what is wrong, fails, and leaves the book as it was", async () => {
  const lab = await labFolder({ "01-one": "%% md one\n# Part 1: One\n" });
  await run(lab, "--out", "here/book");
  const before = await lab.read("here/book/01-one.html");
  await lab.notebook("01-one", "%% md one\n# Part 1: Other\n\n[x](nope.md)\n");
  const { status, stderr, stdout } = await run(lab, "--out", "here/book");
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    'notebooks/01-one.ipynb#one: the link to "nope.md" leads to notebooks/nope.md, which does not exist\nbook: the book in here/book stays as it was\n',
  );
  expect(await lab.read("here/book/01-one.html")).toBe(before);
});

it("writes into no folder that holds something else", async () => {
  const lab = await labFolder({ "01-one": "%% md one\n# Part 1: One\n" });
  expect(await run(lab, "--out", "src")).toMatchObject({
    status: 1,
    stderr: "book: src holds something else than a book: choose another folder with --out\n",
  });
  expect((await readdir(lab.path("src"))).sort()).toEqual(["program", "shout.ts"]);
});

it("takes back nothing outside its folder, whatever the list of its files says", async () => {
  const lab = await labFolder({ "01-one": "%% md one\n# Part 1: One\n" });
  await lab.write("book/book-files.txt", "../src/shout.ts\n/etc/hostname\nold.html\n");
  await lab.write("book/old.html", "old");
  expect((await run(lab)).status).toBe(0);
  expect(await lab.read("src/shout.ts")).toContain("shout");
  expect(await readdir(lab.path("book"))).not.toContain("old.html");
});

it("explains itself, and says what is wrong with an option", async () => {
  const lab = await labFolder();
  expect((await run(lab, "--help")).stdout).toContain("npm run book -- [options]");
  for (const args of [
    ["--nope"],
    ["--serve", "--out", "x"],
    ["--out", ""],
    ["--port", "x"],
    ["more"],
  ]) {
    const { status, stderr } = await run(lab, ...args);
    expect([status, stderr], args.join(" ")).toEqual([
      2,
      expect.stringMatching(/^book: .+\nTry: npm run book -- --help\n$/),
    ]);
  }
});
