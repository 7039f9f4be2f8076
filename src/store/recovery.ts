/** Reads a store's folder at the start: what is there, and what an unfinished run left over. */

import path from "node:path";
import { systemCode } from "../program/system-code";
import { isDraftName } from "./content";
import { StoreError, toStoreError } from "./errors";
import { type Files, openForWriting, syncFolder } from "./file-system";
import { type Packs, readPacks } from "./read-packs";

/** What the start found. */
export interface Recovery {
  /** True when the last run did not close the store: it was killed, or its machine was. */
  readonly unclean: boolean;
  /** Writes that were in flight then; none of them had been acknowledged. */
  readonly unfinished: number;
  /** Files that are not the store's; they are left alone. */
  readonly strangers: readonly string[];
  /** Files of the store that cannot be read: the versions in them are lost. */
  readonly damaged: readonly string[];
  /** Files of the store that were removed: the versions in them are lost. */
  readonly missing: readonly string[];
  /** True when the store can only be read. */
  readonly readOnly: boolean;
}

/** The folders and files of a store. */
export interface StorePaths {
  readonly root: string;
  /** A file for each group of changes. */
  readonly packs: string;
  /** Files that are being written. */
  readonly drafts: string;
  /** A socket of the process that works on the store. */
  readonly locks: string;
  /** Says what the folder is. */
  readonly identity: string;
  /** There while a process works on the store. */
  readonly running: string;
  /** The number of the last pack: without it a removal of the newest pack would go unnoticed. */
  readonly lastPack: string;
}

export function storePaths(root: string): StorePaths {
  const at = (name: string) => path.join(root, name);
  return {
    root,
    packs: at("packs"),
    drafts: at("drafts"),
    locks: at("locks"),
    identity: at("store.json"),
    running: at("running"),
    lastPack: at("last-pack"),
  };
}

export interface Recovered extends Packs {
  readonly recovery: Recovery;
}

/**
 * Removes what no run finished, makes sure of what the last one did not live to confirm, and reads the
 * rest. @throws StoreError when the store cannot even be read
 */
export async function recover(files: Files, paths: StorePaths): Promise<Recovered> {
  try {
    let readOnly = false;
    const write = async (action: () => Promise<unknown>) => {
      await action().catch((error: unknown) => {
        if (toStoreError(error, "").code !== "READ_ONLY") throw error;
        readOnly = true;
      });
    };
    for (const folder of [paths.packs, paths.drafts]) await write(() => makeFolder(files, folder));
    await write(() => syncFolder(files, paths.root));
    const unclean = await files.lstat(paths.running).then(
      () => true,
      () => false,
    );
    // A pack may have got its name just before the kill: seen by us is not yet on the disk.
    if (unclean) await write(() => syncFolder(files, paths.packs));
    const strangers = await strangersIn(files, paths);
    let unfinished = 0;
    for (const name of await files.readdir(paths.drafts).catch(() => [])) {
      const draft = path.join(paths.drafts, name);
      const isDraft = isDraftName(name) && (await files.lstat(draft)).isFile();
      if (!isDraft) strangers.push(`drafts/${name}`);
      else {
        unfinished++;
        await write(() => files.unlink(draft));
      }
    }
    await write(() => markRunning(files, paths));
    const packs = await readPacks(files, paths.packs, paths.lastPack);
    const { damaged, missing } = packs;
    const recovery = { unclean, unfinished, damaged, missing, readOnly };
    return { ...packs, recovery: { ...recovery, strangers: [...strangers, ...packs.strangers] } };
  } catch (error) {
    throw toStoreError(error, `read the store ${paths.root}`);
  }
}

/** A link in its place could have files elsewhere removed. */
async function makeFolder(files: Files, folder: string): Promise<void> {
  await files.mkdir(folder, { mode: 0o700 }).catch(unlessThere);
  if ((await files.lstat(folder)).isDirectory()) return;
  throw new StoreError("NOT_A_STORE", `${folder} is no folder: nothing was changed`);
}

async function strangersIn(files: Files, paths: StorePaths): Promise<string[]> {
  const own = new Set(Object.values(paths).map((each) => path.basename(each)));
  own.add(`${path.basename(paths.identity)}.new`).add("lock");
  return (await files.readdir(paths.root)).filter((name) => !own.has(name));
}

/** Tells the next process that opens the store that it was not closed yet. */
async function markRunning(files: Files, paths: StorePaths): Promise<void> {
  const handle = await openForWriting(files, paths.running);
  // No sync: after a power cut there is nothing in memory that could differ from the disk.
  await handle.close();
}

function unlessThere(error: unknown): void {
  if (systemCode(error) !== "EEXIST") throw error;
}
