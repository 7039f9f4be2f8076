/** Reads a store's folder at the start: what is there, and what an unfinished run left over. */

import path from "node:path";
import { foldName } from "./device-name";
import { systemCode, toStoreError } from "./errors";
import { type Files, syncFolder } from "./file-system";
import { type KeptVersion, packNumber, readIndex } from "./pack";

/** A device and all its versions, oldest first. */
export interface Device {
  readonly name: string;
  readonly versions: KeptVersion[];
}

/** What the start found. */
export interface Recovery {
  /** Whether the last run was killed, or its machine: it did not close the store. */
  readonly unclean: boolean;
  /** Groups of writes that were under way then; nobody was told that they had succeeded. */
  readonly unfinished: number;
  /** Files that are not the store's; they are left alone. */
  readonly strangers: readonly string[];
  /** Files of the store of which nobody can say any more which versions they held. */
  readonly damaged: readonly string[];
  /** Whether the store could only be read. */
  readonly readOnly: boolean;
}

/** The folders and files of a store. */
export interface StorePaths {
  readonly root: string;
  /** A file a group of changes. */
  readonly packs: string;
  /** Files that are being written. */
  readonly drafts: string;
  /** Says what the folder is. */
  readonly identity: string;
  /** There while a process works on the store. */
  readonly running: string;
}

export function storePaths(root: string): StorePaths {
  const at = (name: string) => path.join(root, name);
  return {
    root,
    packs: at("packs"),
    drafts: at("drafts"),
    identity: at("store.json"),
    running: at("running"),
  };
}

const FILES_AT_ONCE = 32;

export interface Recovered {
  /** By folded name. */
  readonly devices: Map<string, Device>;
  readonly recovery: Recovery;
  /** For the next pack. */
  readonly nextPack: number;
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
    for (const folder of [paths.packs, paths.drafts]) {
      await write(() => files.mkdir(folder, { mode: 0o700 }).catch(unlessThere));
    }
    await write(() => syncFolder(files, paths.root));
    const unclean = await files.stat(paths.running).then(
      () => true,
      () => false,
    );
    // A pack may have got its name just before the kill: seen by us is not yet on the disk.
    if (unclean) await write(() => syncFolder(files, paths.packs));
    const drafts = await files.readdir(paths.drafts).catch(() => []);
    for (const draft of drafts) await write(() => files.unlink(path.join(paths.drafts, draft)));
    await write(() => markRunning(files, paths));
    const { devices, nextPack, strangers, damaged } = await readPacks(files, paths.packs);
    const unfinished = drafts.length;
    return { devices, nextPack, recovery: { unclean, unfinished, strangers, damaged, readOnly } };
  } catch (error) {
    throw toStoreError(error, `read the store ${paths.root}`);
  }
}

/** Says, to whoever opens the store next, that it was not closed yet. */
async function markRunning(files: Files, paths: StorePaths): Promise<void> {
  const handle = await files.open(paths.running, "w", 0o600);
  // No sync: after a power cut there is nothing in memory that could differ from the disk.
  await handle.writeFile(`${process.pid}\n`).finally(() => handle.close());
}

async function readPacks(files: Files, folder: string) {
  const devices = new Map<string, Device>();
  const strangers: string[] = [];
  const damaged: string[] = [];
  let nextPack = 1;
  const read = async (pack: string) => {
    const number = packNumber(pack);
    if (number === undefined) {
      strangers.push(`packs/${pack}`);
      return;
    }
    nextPack = Math.max(nextPack, number + 1);
    const index = await readIndex(files, folder, pack).catch(() => undefined);
    if (index === undefined) damaged.push(`packs/${pack}`);
    for (const [name, version] of index ?? []) {
      const device = devices.get(foldName(name)) ?? { name, versions: [] };
      devices.set(foldName(name), device);
      device.versions.push(version);
    }
  };
  const names = (await files.readdir(folder)).sort();
  for (let at = 0; at < names.length; at += FILES_AT_ONCE) {
    await Promise.all(names.slice(at, at + FILES_AT_ONCE).map(read));
  }
  for (const { versions } of devices.values()) versions.sort((a, b) => a.number - b.number);
  return { devices, strangers, damaged, nextPack };
}

function unlessThere(error: unknown): void {
  if (systemCode(error) !== "EEXIST") throw error;
}
