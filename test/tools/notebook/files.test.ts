import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { writeFileAtomically } from "../../../src/tools/notebook/files";
import { labFolder } from "./support/lab-folder";

it("a notebook that cannot take its new content leaves no temporary file beside it", async () => {
  const { root } = await labFolder();
  const folder = path.join(root, "books");
  await mkdir(path.join(folder, "taken.ipynb"), { recursive: true });
  await writeFile(path.join(folder, "taken.ipynb", "file"), ""); // so that no rename can replace it
  await expect(writeFileAtomically(path.join(folder, "taken.ipynb"), "{}")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["taken.ipynb"]);
});
