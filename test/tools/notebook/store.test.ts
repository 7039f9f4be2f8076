/** What becomes of a run's outputs in the notebook's file. */
import { expect, it } from "vitest";
import { readNotebook } from "../../../src/tools/notebook/files";
import type { NotebookRun } from "../../../src/tools/notebook/run";
import { storeOutputs } from "../../../src/tools/notebook/store";
import { type LabFolder, labFolder } from "./support/lab-folder";

const FILE = "notebooks/01-one.ipynb";
const CELLS = `%% code hello
console.log("hello from pid " + process.pid);
%% code empty
`;

/** A run of the notebook as it is now, in which its first cells printed these. */
async function ran(lab: LabFolder, ...texts: string[]): Promise<NotebookRun> {
  const notebook = await readNotebook(lab.root, FILE);
  const cells = texts.map((text, at) => {
    const cell = notebook.cells[at];
    if (!cell) throw new Error("no cell");
    const outputs = [{ output_type: "stream" as const, name: "stdout" as const, text }];
    return { cell, outputs, milliseconds: 1 };
  });
  return { file: FILE, cells, failures: [], milliseconds: 1 };
}

it("stores outputs once, and leaves the file alone when the next run says the same", async () => {
  const lab = await labFolder({ "01-one": CELLS });
  expect(await storeOutputs(lab.root, await ran(lab, "hello from pid 17\n"))).toBe(true);
  const text = await lab.read(FILE);
  expect(text).toContain("hello from pid 17");
  // Another process id is no difference.
  expect(await storeOutputs(lab.root, await ran(lab, "hello from pid 4711\n"))).toBe(false);
  expect(await lab.read(FILE)).toBe(text);
  expect(await storeOutputs(lab.root, await ran(lab, "good evening\n"))).toBe(true);
  expect(await lab.read(FILE)).toContain("good evening");
});

it("stores outputs of one run only, so that two cells name the same port", async () => {
  const lab = await labFolder({ "01-one": "%% code one\nlisten();\n%% code two\nsay();\n" });
  await storeOutputs(lab.root, await ran(lab, "127.0.0.1:40001\n", "to 127.0.0.1:40001\n"));
  await storeOutputs(lab.root, await ran(lab, "127.0.0.1:40002\n", "from 127.0.0.1:40002\n"));
  const text = await lab.read(FILE);
  expect(text.match(/127\.0\.0\.1:\d+/g)).toEqual(["127.0.0.1:40002", "127.0.0.1:40002"]);
});

it("stores nothing when a cell was edited while it ran", async () => {
  const lab = await labFolder({ "01-one": CELLS });
  const run = await ran(lab, "hello\n");
  await lab.notebook("01-one", CELLS.replace("hello from", "good evening from"));
  const edited = await lab.read(FILE);
  await expect(storeOutputs(lab.root, run)).rejects.toThrow(
    `${FILE}#hello: was edited while it ran`,
  );
  expect(await lab.read(FILE)).toBe(edited);
});
