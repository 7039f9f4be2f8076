/** The store's folder in other hands: each case is told at the start, and no number is given twice. */
import { execFileSync } from "node:child_process";
import {
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { ConfigStore } from "../../src/store/config-store";
import { packName } from "../../src/store/pack";
import { codeOf, open, storeFolder } from "./support";

const bytes = (text: string) => Buffer.from(text);

/** A closed store: a pack for each text, each a version of r1. */
async function madeOf(...texts: readonly string[]): Promise<string> {
  const folder = await storeFolder();
  const store = await open(folder);
  for (const text of texts) await store.put("r1", bytes(text));
  await store.close();
  return folder;
}

const packOf = (folder: string, number: number) => path.join(folder, "packs", packName(number));
const numbersOf = (store: ConfigStore) => store.versions("r1").map(({ number }) => number);

/** Overwrites both indexes of a pack. */
async function ruin(folder: string, number: number): Promise<void> {
  const text = await readFile(packOf(folder, number), "latin1");
  await writeFile(packOf(folder, number), text.replaceAll('"name"', '"mane"'), "latin1");
}

describe("a file in packs that is not the store's", () => {
  test("with a number larger than any is left alone, and the next pack can be read after a restart", async () => {
    const folder = await madeOf("one");
    await writeFile(path.join(folder, "packs", "999999999999999.pack"), "mine");
    const store = await open(folder);
    expect(store.recovery.strangers).toEqual(["packs/999999999999999.pack"]);
    await store.put("r1", bytes("two"));
    await store.close();
    const again = await open(folder);
    expect(numbersOf(again)).toEqual([1, 2]);
  });

  test("with the last number there is leaves none: changes are refused, the rest can be read", async () => {
    const folder = await madeOf("one");
    await copyFile(packOf(folder, 1), packOf(folder, 999_999_999_999));
    const store = await open(folder);
    expect(store.recovery.missing).toEqual(["packs/00000002.pack to packs/999999999998.pack"]);
    expect(await codeOf(store.put("r1", bytes("two")))).toBe("NO_SPACE");
    expect(numbersOf(store)).toEqual([1]);
  });

  test("a FIFO with the name of a pack does not stop the start, and is told", async () => {
    const folder = await madeOf("one");
    execFileSync("mkfifo", [packOf(folder, 2)]);
    const store = await open(folder);
    expect(store.recovery.damaged).toEqual(["packs/00000002.pack"]);
    await store.put("r1", bytes("two"));
    expect(await readdir(path.join(folder, "packs"))).toContain("00000003.pack");
  });

  test("a FIFO in place of a pack that is there while the store is open does not stop a read", async () => {
    const folder = await madeOf("one", "two");
    const store = await open(folder);
    await rm(packOf(folder, 1));
    execFileSync("mkfifo", [packOf(folder, 1)]);
    const [first] = store.versions("r1");
    if (first === undefined) throw new Error("no version");
    expect(await codeOf(store.read("r1", first))).toBe("DAMAGED");
  });

  test.each([
    ["a link to another file", (file: string) => symlink("/etc/hostname", file)],
    ["a folder", (file: string) => mkdir(file)],
    ["an empty file", (file: string) => writeFile(file, "")],
  ])("%s with the name of a pack is told, and its number is not used", async (_what, make) => {
    const folder = await madeOf("one");
    await make(packOf(folder, 2));
    const store = await open(folder);
    expect(store.recovery.damaged).toEqual(["packs/00000002.pack"]);
    const { version } = await store.put("r1", bytes("two"));
    expect(version.number).toBeGreaterThan(2);
    expect(await readdir(path.join(folder, "packs"))).toContain("00000003.pack");
  });

  test("a copy of a pack under another number counts once, and is told", async () => {
    const folder = await madeOf("one");
    await copyFile(packOf(folder, 1), packOf(folder, 2));
    const store = await open(folder);
    expect(store.recovery.strangers).toEqual(["packs/00000002.pack"]);
    expect(numbersOf(store)).toEqual([1]);
  });
});

describe("a pack that is lost", () => {
  test.each([
    ["in the middle", 2, [1, 3], "packs/00000002.pack"],
    ["at the end", 3, [1, 2], "packs/00000003.pack"],
  ])(
    "%s was removed: it is told, and no number comes twice",
    async (_where, number, left, name) => {
      const folder = await madeOf("one", "two", "three");
      await rm(packOf(folder, number));
      const store = await open(folder);
      expect(store.recovery.missing).toEqual([name]);
      expect(numbersOf(store)).toEqual(left);
      const { version } = await store.put("r1", bytes("four"));
      expect(version.number).toBeGreaterThan(3);
      const { version: other } = await store.put(
        "r2",
        bytes("first of its name, as far as is known"),
      );
      expect(other.number).toBeGreaterThan(1);
      await store.close();
      // It is told for ever, and costs numbers once.
      const again = await open(folder);
      expect(again.recovery.missing).toEqual([name]);
      expect((await again.put("r1", bytes("five"))).version.number).toBe(version.number + 1);
    },
  );

  test("is all of them: no number of a pack or of a version is used again", async () => {
    const folder = await madeOf("one", "two");
    for (const number of [1, 2]) await rm(packOf(folder, number));
    const store = await open(folder);
    expect(store.recovery.missing).toEqual(["packs/00000001.pack to packs/00000002.pack"]);
    expect((await store.put("r1", bytes("three"))).version.number).toBeGreaterThan(2);
    expect(await readdir(path.join(folder, "packs"))).toEqual(["00000003.pack"]);
  });

  test("has both of its indexes damaged: it is told, and no number comes twice", async () => {
    const folder = await madeOf("one", "two");
    await ruin(folder, 2);
    const store = await open(folder);
    expect(store.recovery.damaged).toEqual(["packs/00000002.pack"]);
    expect((await store.put("r1", bytes("three"))).version.number).toBeGreaterThan(2);
  });

  test("is not missed when the last run was killed before it could note its name", async () => {
    const folder = await madeOf("one", "two");
    await truncate(path.join(folder, "last-pack"), 0);
    const store = await open(folder);
    expect([store.recovery.missing, numbersOf(store)]).toEqual([[], [1, 2]]);
  });
});

describe("the folder drafts", () => {
  test("may hold a folder and a stranger's file: both stay, and are told", async () => {
    const folder = await madeOf("one");
    const drafts = path.join(folder, "drafts");
    await mkdir(path.join(drafts, "0123456789abcdef.draft"));
    await writeFile(path.join(drafts, "thesis.txt"), "mine");
    await writeFile(path.join(drafts, "fedcba9876543210.draft"), "half a conf");
    const store = await open(folder);
    expect([...store.recovery.strangers].sort()).toEqual([
      "drafts/0123456789abcdef.draft",
      "drafts/thesis.txt",
    ]);
    expect(store.recovery.unfinished).toBe(1);
    expect((await readdir(drafts)).sort()).toEqual(["0123456789abcdef.draft", "thesis.txt"]);
  });

  test.each(["drafts", "packs"])(
    "%s may not be a link: nothing where it leads is removed",
    async (name) => {
      const folder = await madeOf("one");
      const elsewhere = path.join(folder, "..", "elsewhere");
      await mkdir(elsewhere);
      await writeFile(path.join(elsewhere, "0123456789abcdef.draft"), "mine");
      await rm(path.join(folder, name), { recursive: true });
      await symlink(elsewhere, path.join(folder, name));
      expect(await codeOf(open(folder))).toBe("NOT_A_STORE");
      expect(await readdir(elsewhere)).toEqual(["0123456789abcdef.draft"]);
    },
  );
});

describe("the files beside them", () => {
  test.each(["running", "last-pack"])(
    "%s may not be a link: nothing is written where it leads",
    async (name) => {
      const folder = await madeOf("one");
      const elsewhere = path.join(folder, "..", "elsewhere");
      await writeFile(elsewhere, "mine");
      await rm(path.join(folder, name), { force: true });
      await symlink(elsewhere, path.join(folder, name));
      expect(await codeOf(open(folder))).toBe("DISK");
      expect(await readFile(elsewhere, "utf8")).toBe("mine");
    },
  );

  test.each(["running", "last-pack", "store.json"])(
    "a FIFO in place of %s does not stop the start",
    async (name) => {
      const folder = await madeOf("one");
      await rm(path.join(folder, name), { force: true });
      execFileSync("mkfifo", [path.join(folder, name)]);
      expect(await codeOf(open(folder))).toBe("DISK");
      expect((await lstat(path.join(folder, name))).isFIFO()).toBe(true);
    },
  );

  test("what else lies in the store's folder is told and left alone", async () => {
    const folder = await madeOf("one");
    await writeFile(path.join(folder, "thesis.txt"), "mine");
    const store = await open(folder);
    expect(store.recovery.strangers).toEqual(["thesis.txt"]);
    expect(await readFile(path.join(folder, "thesis.txt"), "utf8")).toBe("mine");
  });
});
