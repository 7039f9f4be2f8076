import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { extractPrograms } from "../../../src/tools/notebook/extract";
import {
  findNotebooks,
  listNotebooks,
  otherNotebooksNote,
  writeFileAtomically,
} from "../../../src/tools/notebook/files";
import { labFolder } from "./support/lab-folder";

const REPOSITORY = path.resolve(import.meta.dirname, "../../..");

it("a notebook that cannot take its new content leaves no temporary file beside it", async () => {
  const { root } = await labFolder();
  const folder = path.join(root, "books");
  await mkdir(path.join(folder, "taken.ipynb"), { recursive: true });
  await writeFile(path.join(folder, "taken.ipynb", "file"), ""); // so that no rename can replace it
  await expect(writeFileAtomically(path.join(folder, "taken.ipynb"), "{}")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["taken.ipynb"]);
});

describe("the parts of the lab", () => {
  const PROGRAM = "%% code server\n/** @module server */\nexport const main = () => {};\n";
  const LISTED = '["01-one", "02-two", "03-not-yet"]';

  it("are those in its list; notebooks beside them are told and left alone", async () => {
    const lab = await labFolder({
      "02-two": "",
      "01-one": PROGRAM,
      "01-one-Copy1": PROGRAM,
      Untitled: "",
    });
    await lab.write("notebooks/parts.json", LISTED);
    expect(await listNotebooks(lab.root)).toEqual([
      "notebooks/01-one.ipynb",
      "notebooks/02-two.ipynb",
    ]);
    expect(await otherNotebooksNote(lab.root)).toContain(
      "notebooks/01-one-Copy1.ipynb, notebooks/Untitled.ipynb",
    );
    // Two cells with one name would be an error.
    const { programs } = await extractPrograms(lab.root);
    expect(programs.map(({ file }) => file)).toEqual(["notebooks/01-one.ipynb"]);
  });

  it("are what a name means, and others are what a path means", async () => {
    const lab = await labFolder({ "01-one": "", "01-one-Copy1": "" });
    await lab.write("notebooks/parts.json", LISTED);
    const find = (...names: string[]) => findNotebooks(lab.root, names);
    expect(await find()).toEqual(["notebooks/01-one.ipynb"]);
    expect(await find("01")).toEqual(["notebooks/01-one.ipynb"]);
    expect(await find("./notebooks/01-one-Copy1.ipynb")).toEqual(["notebooks/01-one-Copy1.ipynb"]);
    await expect(find("Copy1")).rejects.toThrow("no part has this name");
  });

  it("work beside one that is left in a merge conflict, or half saved", async () => {
    const lab = await labFolder({ "01-one": PROGRAM, "02-two": "" });
    const text = await lab.read("notebooks/02-two.ipynb");
    for (const broken of [`<<<<<<< HEAD\n${text}`, text.slice(0, -10), ""]) {
      await lab.write("notebooks/02-two.ipynb", broken);
      const { programs, errors } = await extractPrograms(lab.root, { brokenAsStubs: true });
      expect(programs.map(({ name }) => name)).toEqual(["server"]);
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^notebooks\/02-two\.ipynb:.*not JSON/),
      ]);
    }
  });

  it("are all notebooks of this lab that are named as parts are", async () => {
    const names = await readdir(path.join(REPOSITORY, "notebooks"));
    const wanted = names.filter((name) => /^\d\d-[a-z-]+\.ipynb$/.test(name)).sort();
    const parts = await listNotebooks(REPOSITORY);
    expect(parts).toEqual(wanted.map((name) => `notebooks/${name}`));
  });
});
