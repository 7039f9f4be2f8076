/** What the store syncs, and in which order: what a power cut shows only where no later sync makes up for it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { type Files, REAL_FILES, replaceFile } from "../../src/store/file-system";
import { open, storeFolder } from "./support";

/** A disk that writes down each sync and rename, by the name of its file or folder. */
function recordingFiles(): { files: Files; calls: string[] } {
  const calls: string[] = [];
  const files: Files = {
    ...REAL_FILES,
    open: async (...args: Parameters<Files["open"]>) => {
      const handle = await REAL_FILES.open(...args);
      const { datasync, sync } = handle;
      const name = path.basename(String(args[0]));
      handle.datasync = () => {
        calls.push(`datasync ${name}`);
        return datasync.call(handle);
      };
      handle.sync = () => {
        calls.push(`sync ${name}`);
        return sync.call(handle);
      };
      return handle;
    },
    rename: async (from, to) => {
      await REAL_FILES.rename(from, to);
      calls.push(`rename ${path.basename(String(to))}`);
    },
  };
  return { files, calls };
}

test("replaceFile syncs the content, renames, and then syncs the folder", async () => {
  const folder = await storeFolder();
  await mkdir(folder);
  const file = path.join(folder, "note.txt");
  await writeFile(file, "old");
  await writeFile(`${file}.new`, "left by a process that was killed");
  const { files, calls } = recordingFiles();
  await replaceFile(files, file, "new");
  expect(await readFile(file, "utf8")).toBe("new");
  expect(calls).toEqual(["datasync note.txt.new", "rename note.txt", "sync store"]);
});

test("a start after a kill syncs the names of packs before it shows what is in them; another start does not", async () => {
  const folder = await storeFolder();
  const first = await open(folder);
  await first.put("r1", Buffer.from("one"));
  await first.close();
  const clean = recordingFiles();
  await (await open(folder, clean.files)).close();
  expect(clean.calls).not.toContain("sync packs");
  await writeFile(path.join(folder, "running"), "");
  const unclean = recordingFiles();
  const store = await open(folder, unclean.files);
  expect(store.recovery.unclean).toBe(true);
  expect(unclean.calls).toContain("sync packs");
});
