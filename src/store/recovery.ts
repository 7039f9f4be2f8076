/** Reads a store's folder at the start: what is there, and what an unfinished run left over. */

import path from "node:path";
import { nameProblem } from "./device-name";
import { systemCode, toStoreError } from "./errors";
import { type Files, syncFolder } from "./file-system";
import { CLOCK_STEP_MAX_MS } from "./limits";
import { inOrder, parseFileName, type Version } from "./version";

/** A device and all its versions, oldest first. */
export interface Device {
  readonly name: string;
  readonly folder: string;
  readonly versions: Version[];
}

/** What the start found. */
export interface Recovery {
  /** Whether the last run was killed, or its machine: it did not close the store. */
  readonly unclean: boolean;
  /** Writes that were under way then; nobody was told that they had succeeded. */
  readonly unfinished: number;
  /** Files and folders that are not the store's; they are left alone. */
  readonly strangers: readonly string[];
  /** Whether the store could only be read. */
  readonly readOnly: boolean;
}

/** The folders and files of a store. */
export interface StorePaths {
  readonly root: string;
  /** A folder a device, a file a version. */
  readonly devices: string;
  /** Files that are being written. */
  readonly drafts: string;
  /** Says what the folder is. */
  readonly identity: string;
  /** There while a process works on the store; its time is when that began. */
  readonly running: string;
}

export function storePaths(root: string): StorePaths {
  const at = (name: string) => path.join(root, name);
  return {
    root,
    devices: at("devices"),
    drafts: at("drafts"),
    identity: at("store.json"),
    running: at("running"),
  };
}

const FOLDERS_AT_ONCE = 32;

/**
 * Removes what no run finished, makes sure of what the last one did not live to confirm, and reads the
 * rest. @throws StoreError when the store cannot even be read
 */
export async function recover(
  files: Files,
  paths: StorePaths,
): Promise<{ devices: Device[]; recovery: Recovery }> {
  try {
    const killedAfter = await files.stat(paths.running).then(
      ({ mtimeMs }) => mtimeMs - CLOCK_STEP_MAX_MS,
      () => undefined,
    );
    let readOnly = false;
    const write = async (action: () => Promise<unknown>) => {
      await action().catch((error: unknown) => {
        if (toStoreError(error, "").code !== "READ_ONLY") throw error;
        readOnly = true;
      });
    };
    for (const folder of [paths.devices, paths.drafts]) {
      await write(() => files.mkdir(folder, { mode: 0o700 }).catch(unlessThere));
    }
    await write(() => syncFolder(files, paths.root));
    const drafts = await files.readdir(paths.drafts).catch(() => []);
    for (const draft of drafts) await write(() => files.unlink(path.join(paths.drafts, draft)));

    const strangers: string[] = [];
    const devices: Device[] = [];
    const names = (await files.readdir(paths.devices)).sort();
    const read = async (name: string) => {
      const device = await readDevice(files, paths, name, strangers);
      if (device === undefined) return;
      if (device.versions.length === 0) {
        await write(() => files.rmdir(device.folder).catch(() => undefined));
        return;
      }
      // Seen by us is not yet on the disk: a version may have been named just before the kill.
      if (killedAfter !== undefined && (await files.stat(device.folder)).mtimeMs >= killedAfter) {
        await write(() => syncFolder(files, device.folder));
      }
      devices.push(device);
    };
    for (let at = 0; at < names.length; at += FOLDERS_AT_ONCE) {
      await Promise.all(names.slice(at, at + FOLDERS_AT_ONCE).map(read));
    }
    if (killedAfter !== undefined) await write(() => syncFolder(files, paths.devices));
    await write(() => markRunning(files, paths));
    const unclean = killedAfter !== undefined;
    return { devices, recovery: { unclean, unfinished: drafts.length, strangers, readOnly } };
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

async function readDevice(
  files: Files,
  paths: StorePaths,
  name: string,
  strangers: string[],
): Promise<Device | undefined> {
  const folder = path.join(paths.devices, name);
  if (nameProblem(name) !== undefined) {
    strangers.push(`devices/${name}`);
    return undefined;
  }
  const versions: Version[] = [];
  try {
    for (const file of await files.readdir(folder)) {
      const version = parseFileName(file);
      if (version === undefined) strangers.push(`devices/${name}/${file}`);
      else versions.push(version);
    }
  } catch {
    // A file, or a folder that may not be read. The other devices are none the worse for it.
    strangers.push(`devices/${name}`);
    return undefined;
  }
  return { name, folder, versions: versions.sort(inOrder) };
}

export function unlessThere(error: unknown): void {
  if (systemCode(error) !== "EEXIST") throw error;
}
