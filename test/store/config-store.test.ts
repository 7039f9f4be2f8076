import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { systemCode } from "../../src/program/system-code";
import { type Files, REAL_FILES } from "../../src/store/file-system";
import { codeOf, open, storeFolder } from "./support";

const bytes = (text: string) => Buffer.from(text);

async function textOf(store: Awaited<ReturnType<typeof open>>, name: string): Promise<string> {
  const version = store.current(name);
  return version === undefined ? "(none)" : String(await store.read(name, version));
}

describe("a store", () => {
  test("gives back the same bytes, whatever they are", async () => {
    const store = await open(await storeFolder());
    const all = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    const { version } = await store.put("r1", all);
    expect((await store.read("r1", version)).equals(all)).toBe(true);
    expect(version).toMatchObject({ number: 1, size: 512, deleted: false });
  });

  test("keeps every version, across a close, with number, size, time and tag", async () => {
    const folder = await storeFolder();
    const first = await open(folder);
    for (const text of ["one", "two", "three"]) await first.put("r1", bytes(text));
    const before = first.versions("r1");
    await first.close();
    const again = await open(folder);
    expect(again.versions("r1")).toEqual(before);
    const texts = await Promise.all(before.map((version) => again.read("r1", version)));
    expect(texts.map(String)).toEqual(["one", "two", "three"]);
    expect(again.recovery).toEqual({
      unclean: false,
      unfinished: 0,
      strangers: [],
      damaged: [],
      missing: [],
      readOnly: false,
    });
  });

  test("keeps configurations in plain files, which need no program to be read", async () => {
    const folder = await storeFolder();
    await (await open(folder)).put("core-1", bytes("hostname core-1\n"));
    const text = await readFile(path.join(folder, "packs", "00000001.pack"), "utf8");
    const [index, content, ...rest] = text.split("\n");
    expect(index).toMatch(/^[0-9a-f]{16} \[\{"name":"core-1","number":1,.*"deleted":false\}\]$/);
    expect([content, ...rest]).toEqual(["hostname core-1", "", index, ""]);
  });

  test("orders versions by number, also when the clock goes back", async () => {
    const folder = await storeFolder();
    const store = await open(folder);
    const clock = vi.spyOn(Date, "now");
    onTestFinished(() => clock.mockRestore());
    for (const timeMs of [3_000, 1_000, 2_000]) {
      clock.mockReturnValue(timeMs);
      await store.put("r1", bytes(`at ${timeMs}`));
    }
    clock.mockRestore();
    await store.close();
    const again = await open(folder);
    expect(again.versions("r1").map(({ number, timeMs }) => [number, timeMs])).toEqual([
      [1, 3_000],
      [2, 1_000],
      [3, 2_000],
    ]);
    expect(await textOf(again, "r1")).toBe("at 2000");
  });

  test("has no content of a version that it never made", async () => {
    const store = await open(await storeFolder());
    const { version } = await store.put("r1", bytes("one"));
    const other = { ...version, number: 2 };
    await expect(store.read("r1", other)).rejects.toThrow("version 2 of r1 is not in the store");
    expect(await codeOf(store.read("r2", version))).toBe("DAMAGED");
  });

  test("makes no version of content that is there already", async () => {
    const store = await open(await storeFolder());
    const first = await store.put("r1", bytes("same"));
    const second = await store.put("r1", bytes("same"));
    expect(second).toEqual({ version: first.version, before: first.version, changed: false });
    expect(store.versions("r1")).toHaveLength(1);
  });

  test("deletes, and keeps what was before", async () => {
    const store = await open(await storeFolder());
    await store.put("r1", bytes("one"));
    await store.delete("r1");
    expect(store.current("r1")).toBeUndefined();
    expect([...store.names()]).toEqual([]);
    expect(store.versions("r1").map(({ deleted }) => deleted)).toEqual([false, true]);
    const { before, version } = await store.put("r1", bytes("one"));
    expect([before, version.number]).toEqual([undefined, 3]);
    expect(await codeOf(store.delete("nobody"))).toBe("NOT_FOUND");
  });

  test("lists names in order, from after one on", async () => {
    const store = await open(await storeFolder());
    for (const name of ["b", "d", "a", "c"]) await store.put(name, bytes(name));
    expect([...store.names()]).toEqual(["a", "b", "c", "d"]);
    expect([...store.names("b")]).toEqual(["c", "d"]);
    expect([...store.names("bb")]).toEqual(["c", "d"]);
    expect([...store.names("z")]).toEqual([]);
  });

  test("keeps apart no names that differ in case alone", async () => {
    const store = await open(await storeFolder());
    await store.put("core-1", bytes("x"));
    expect(await codeOf(store.put("Core-1", bytes("y")))).toBe("NAME_TAKEN");
    expect(store.current("CORE-1")).toBeUndefined();
    expect(await textOf(store, "core-1")).toBe("x");
  });

  test("takes no name that leads elsewhere", async () => {
    const folder = await storeFolder();
    const store = await open(folder);
    for (const name of ["../x", "..", ".", "", "a/b", "a\\b", "a\0", "con", "x."]) {
      expect(await codeOf(store.put(name, bytes("x"))), name).toBe("BAD_NAME");
      expect(await codeOf(store.delete(name)), name).toBe("BAD_NAME");
    }
    expect(await readdir(path.join(folder, "packs"))).toEqual([]);
  });

  test("gives two versions of the same content different tags, which tell nothing of it", async () => {
    const store = await open(await storeFolder());
    const first = await store.put("r1", bytes("same"));
    await store.put("r1", bytes("other"));
    const third = await store.put("r1", bytes("same"));
    expect(third.version.tag).not.toBe(first.version.tag);
    expect(first.version.sha256).not.toContain(first.version.tag);
  });
});

describe("concurrent changes", () => {
  test("of a thousand writers to one device none loses what it was promised", async () => {
    const folder = await storeFolder();
    const store = await open(folder);
    const promised = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => store.put("core-1", bytes(`writer ${i}`))),
    );
    const numbers = promised.map(({ version }) => version.number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
    await store.close();
    const again = await open(folder);
    for (const [i, { version }] of promised.entries()) {
      expect(String(await again.read("core-1", version))).toBe(`writer ${i}`);
    }
  });

  test("that all replace the same version: one is made, and each sees what came before it", async () => {
    const store = await open(await storeFolder());
    const { version: seen } = await store.put("r1", bytes("start"));
    const attempts = Array.from({ length: 50 }, (_, i) =>
      store.put("r1", bytes(`writer ${i}`), (current) => {
        if (current !== seen) throw new RangeError("another was first");
      }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(store.versions("r1")).toHaveLength(2);
  });

  test("share their syncs", async () => {
    let syncs = 0;
    const counting: Files = {
      ...REAL_FILES,
      open: async (...args: Parameters<Files["open"]>) => {
        const handle = await REAL_FILES.open(...args);
        const { sync } = handle;
        handle.sync = () => {
          syncs++;
          return sync.call(handle);
        };
        return handle;
      },
    };
    const store = await open(await storeFolder(), counting);
    syncs = 0;
    await Promise.all(Array.from({ length: 200 }, (_, i) => store.put("r1", bytes(`${i}`))));
    // Of the folder, once for each group.
    expect(syncs).toBeGreaterThanOrEqual(1);
    expect(syncs).toBeLessThan(20);
  });
});

describe("a disk that fails", () => {
  /** Like the real one, until `fail` says otherwise for a call. */
  function failing(fail: (call: string, file: string) => string | undefined): Files {
    const check = (call: string, file: unknown) => {
      const code = fail(call, String(file));
      if (code !== undefined) throw Object.assign(new Error(`${code}: ${call}`), { code });
    };
    return {
      ...REAL_FILES,
      open: async (...args: Parameters<Files["open"]>) => {
        check("open", args[0]);
        const handle = await REAL_FILES.open(...args);
        const { datasync, sync } = handle;
        handle.datasync = async () => {
          check("datasync", args[0]);
          await datasync.call(handle);
        };
        handle.sync = async () => {
          check("sync", args[0]);
          await sync.call(handle);
        };
        return handle;
      },
      link: async (from, to) => {
        check("link", to);
        await REAL_FILES.link(from, to);
      },
    };
  }

  test.each([
    ["open", "drafts", "ENOSPC", "NO_SPACE"],
    ["datasync", "drafts", "EDQUOT", "NO_SPACE"],
    ["datasync", "drafts", "EIO", "DISK"],
    ["link", "packs", "EROFS", "READ_ONLY"],
    ["sync", "packs", "EIO", "DISK"],
  ])(
    "at %s in %s with %s: %s, nothing is changed or left, and it goes on when the disk does",
    async (call, where, code, wanted) => {
      const folder = await storeFolder();
      let broken = false;
      const files = failing((made, file) =>
        broken && made === call && file.includes(where) ? code : undefined,
      );
      const store = await open(folder, files);
      await store.put("r1", bytes("one"));
      broken = true;
      expect(await codeOf(store.put("r1", bytes("two")))).toBe(wanted);
      expect(await codeOf(store.put("new", bytes("two")))).toBe(wanted);
      expect(await textOf(store, "r1")).toBe("one");
      expect(await textOf(store, "new")).toBe("(none)");
      broken = false;
      expect((await store.put("r1", bytes("three"))).version.number).toBe(2);
      expect(await readdir(path.join(folder, "drafts"))).toEqual([]);
      await store.close();
      const again = await open(folder);
      expect(again.versions("r1")).toHaveLength(2);
      expect(await textOf(again, "r1")).toBe("three");
    },
  );

  test("for one of many fails that one; a decision that built on it is made again", async () => {
    const folder = await storeFolder();
    let writes = 0;
    const store = await open(
      folder,
      // The group as a whole, and then the first of it by itself.
      failing((call, file) =>
        call === "datasync" && file.includes("drafts") && ++writes <= 2 ? "ENOSPC" : undefined,
      ),
    );
    const mustBeFirst = (current: unknown) => {
      if (current !== undefined) throw new RangeError("another was first");
    };
    const outcomes = await Promise.allSettled([
      store.put("r1", bytes("fails"), mustBeFirst),
      store.put("r1", bytes("comes next"), mustBeFirst),
      store.put("r2", bytes("another device")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(await textOf(store, "r1")).toBe("comes next");
  });

  test("that changed a file: that version is damaged, all others are as they were", async () => {
    const folder = await storeFolder();
    const first = await open(folder);
    for (const text of ["one", "two", "three"]) await first.put("r1", bytes(text));
    await first.put("r2", bytes("other"));
    await first.close();
    await damage(folder, "two", "tw0");
    await damage(folder, "three", "thrEe");
    const store = await open(folder);
    const [v1, v2, v3] = store.versions("r1");
    if (!v1 || !v2 || !v3) throw new Error("versions are missing");
    expect(String(await store.read("r1", v1))).toBe("one");
    expect(await codeOf(store.read("r1", v2))).toBe("DAMAGED");
    expect(await codeOf(store.read("r1", v3))).toBe("DAMAGED");
    expect(await textOf(store, "r2")).toBe("other");
    // What is damaged is no reason to believe that the same content need not be written.
    expect(await store.put("r1", bytes("three"))).toMatchObject({ changed: true });
    expect(await textOf(store, "r1")).toBe("three");
  });

  test("that damaged one index of a file costs nothing; that damaged both is told of", async () => {
    const folder = await storeFolder();
    const first = await open(folder);
    await first.put("r1", bytes("one"));
    await first.put("r2", bytes("other"));
    await first.close();
    const [pack = ""] = await readdir(path.join(folder, "packs"));
    await damage(folder, '"r1"', '"x1"');
    const second = await open(folder);
    expect([await textOf(second, "r1"), second.recovery.damaged]).toEqual(["one", []]);
    await second.close();
    await damage(folder, '"r1"', '"x1"');
    const third = await open(folder);
    expect(third.recovery.damaged).toEqual([`packs/${pack}`]);
    expect(await textOf(third, "r2")).toBe("other");
    expect((await third.put("r1", bytes("again"))).changed).toBe(true);
  });
});

/** Changes the first place where `text` occurs in any file of the store. */
async function damage(folder: string, text: string, into: string): Promise<void> {
  for (const name of (await readdir(path.join(folder, "packs"))).sort()) {
    const file = path.join(folder, "packs", name);
    const before = await readFile(file, "latin1");
    if (!before.includes(text)) continue;
    await writeFile(file, before.replace(text, into), "latin1");
    return;
  }
  throw new Error(`no file has ${text}`);
}

describe("the folder of a store", () => {
  test("is for one process at a time, and free again when it is closed", async () => {
    const folder = await storeFolder();
    const first = await open(folder);
    expect(await codeOf(open(folder))).toBe("IN_USE");
    expect(await codeOf(open(path.join(folder, "..", "store")))).toBe("IN_USE");
    await first.close();
    await open(folder);
  });

  test("is made by one of two that begin at once", async () => {
    const folder = await storeFolder();
    const codes = await Promise.all([codeOf(open(folder)), codeOf(open(folder))]);
    expect(codes.sort()).toEqual(["IN_USE", "done"]);
  });

  test("is left as it is when it holds other things, or says that it is another store", async () => {
    const folder = await storeFolder();
    const { mkdir } = REAL_FILES;
    await mkdir(folder);
    await writeFile(path.join(folder, "thesis.txt"), "x");
    expect(await codeOf(open(folder))).toBe("NOT_A_STORE");
    expect(await readdir(folder)).toEqual(["thesis.txt"]);
    await writeFile(path.join(folder, "store.json"), '{"format":2,"id":"x"}');
    expect(await codeOf(open(folder))).toBe("NOT_A_STORE");
  });

  test("tells of files that are none of its own, and leaves them alone", async () => {
    const folder = await storeFolder();
    const first = await open(folder);
    await first.put("r1", bytes("one"));
    await first.close();
    await writeFile(path.join(folder, "packs", "notes.txt"), "mine");
    await REAL_FILES.mkdir(path.join(folder, "packs", "old"));
    const store = await open(folder);
    expect([...store.recovery.strangers].sort()).toEqual(["packs/notes.txt", "packs/old"]);
    expect(await readdir(path.join(folder, "packs"))).toContain("notes.txt");
    expect(await textOf(store, "r1")).toBe("one");
  });

  test("cannot be changed any more when the store is closed", async () => {
    const store = await open(await storeFolder());
    const last = store.put("r1", bytes("asked before"));
    await store.close();
    expect((await last).version.number).toBe(1);
    expect(await codeOf(store.put("r1", bytes("asked after")))).toBe("CLOSED");
  });

  test("where it cannot be made is told", async () => {
    const folder = await storeFolder();
    await writeFile(folder, "a file");
    const failure = await open(folder).catch((error: unknown) => error);
    expect(systemCode(failure)).toBe("DISK");
  });
});
