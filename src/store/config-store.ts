/**
 * The configurations of devices, in a folder: every version of each, on the disk before anybody is told
 * that it is kept. One process works on a store at a time.
 */

import path from "node:path";
import { ByteCache } from "./byte-cache";
import { type Change, type Changed, commitGroup } from "./commit";
import { checkName, foldName } from "./device-name";
import { StoreError, toStoreError } from "./errors";
import { type Files, REAL_FILES } from "./file-system";
import { GroupCommit } from "./group-commit";
import { CACHE_MAX_BYTES, GROUP_MAX_BYTES, GROUP_MAX_CHANGES } from "./limits";
import type { Lock } from "./lock";
import { takeStore } from "./open-store";
import { type KeptVersion, type PackEntry, readContent, writePack } from "./pack";
import {
  type Device,
  type Recovered,
  type Recovery,
  recover,
  type StorePaths,
  storePaths,
} from "./recovery";
import { sha256, type Version } from "./version";

export type { Changed } from "./commit";
export { StoreError } from "./errors";
export type { Recovery } from "./recovery";
export type { Version } from "./version";

/**
 * Called just before a change is made, with what the change replaces (undefined: there is none). Nothing
 * comes between it and the change; what it throws is what the caller gets, and nothing is changed.
 */
export type Decide = (current: Version | undefined) => void;

const ALWAYS: Decide = () => undefined;

/**
 * Opens the store in `folder`, which is made when it is not there.
 * @param files in place of `node:fs/promises`, for tests of what a disk can do
 * @throws StoreError IN_USE, NOT_A_STORE, or of the disk
 */
export async function openStore(folder: string, files: Files = REAL_FILES): Promise<ConfigStore> {
  const paths = storePaths(path.resolve(folder));
  const lock = await takeStore(files, paths);
  try {
    return new ConfigStore(paths, files, lock, await recover(files, paths));
  } catch (error) {
    await lock.release();
    throw toStoreError(error, `open the store ${paths.root}`);
  }
}

export class ConfigStore {
  /** What the start found. */
  readonly recovery: Recovery;
  /** By folded name: no two differ in case alone, so that they can be files anywhere. */
  readonly #devices: Map<string, Device>;
  #nextPack: number;
  /** Names in order, deleted devices too; undefined when one was added since. */
  #sorted: readonly string[] | undefined;
  readonly #cache = new ByteCache(CACHE_MAX_BYTES);
  readonly #commits: GroupCommit<Change, Changed>;
  #closing: Promise<void> | undefined;

  /** Use `openStore`. */
  constructor(
    private readonly paths: StorePaths,
    private readonly files: Files,
    private readonly lock: Lock,
    { devices, recovery, nextPack }: Recovered,
  ) {
    this.recovery = recovery;
    this.#devices = devices;
    this.#nextPack = nextPack;
    const limits = { maxChanges: GROUP_MAX_CHANGES, maxBytes: GROUP_MAX_BYTES };
    const host = {
      find: (name: string) => devices.get(foldName(name)),
      add: (device: Device) => {
        if (devices.get(foldName(device.name)) === device) return;
        devices.set(foldName(device.name), device);
        this.#sorted = undefined;
      },
      readFromDisk: (version: KeptVersion) => readContent(files, paths.packs, version),
      keep: (entries: readonly PackEntry[]) => this.#keep(entries),
    };
    this.#commits = new GroupCommit(limits, (group) => commitGroup(host, group));
  }

  /** Names of devices that have a configuration, in order, beginning after `after`. */
  *names(after = ""): Generator<string> {
    this.#sorted ??= Array.from(this.#devices.values(), ({ name }) => name).sort();
    const names = this.#sorted;
    let low = 0;
    for (let high = names.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (names[middle] <= after) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < names.length; at++) {
      if (this.current(names[at]) !== undefined) yield names[at];
    }
  }

  /** The version that holds now, or undefined: there never was one, or it was deleted. */
  current(name: string): Version | undefined {
    const last = this.#find(name)?.versions.at(-1);
    return last?.deleted ? undefined : last;
  }

  /** Every version, oldest first, deletions too; none for a device that was never known. */
  versions(name: string): readonly Version[] {
    return this.#find(name)?.versions ?? [];
  }

  /**
   * The bytes that were put, or none if they are no longer there as they were.
   * @throws StoreError DAMAGED
   */
  async read(name: string, version: Version): Promise<Buffer> {
    const key = `${name}/${version.number}`;
    const inMemory = this.#cache.get(key);
    if (inMemory !== undefined) return inMemory;
    const damaged = (what: string, cause?: unknown) =>
      new StoreError("DAMAGED", `version ${version.number} of ${name} ${what}`, cause);
    const versions = this.#find(name)?.versions ?? [];
    const last = versions.at(-1);
    const isLast = last?.number === version.number;
    const kept = isLast ? last : versions.find(({ number }) => number === version.number);
    if (kept === undefined) throw damaged("is not in the store");
    let bytes: Buffer;
    try {
      bytes = await readContent(this.files, this.paths.packs, kept);
    } catch (error) {
      throw damaged("cannot be read", error);
    }
    if (bytes.length !== version.size || sha256(bytes) !== version.sha256) {
      throw damaged("is damaged: its file is not what was written");
    }
    this.#cache.set(key, bytes);
    return bytes;
  }

  /**
   * Keeps `bytes` as the next version. Resolves when a power cut can no longer take it.
   * @throws StoreError, or what `decide` throws
   */
  async put(name: string, bytes: Uint8Array, decide: Decide = ALWAYS): Promise<Changed> {
    return this.#change({ name: checkName(name), bytes, decide });
  }

  /** Adds a version that says that the configuration is gone; the earlier ones stay. */
  async delete(name: string, decide: Decide = ALWAYS): Promise<Changed> {
    return this.#change({ name: checkName(name), bytes: undefined, decide });
  }

  /** Finishes what was asked for, and lets others have the store. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#commits.idle();
    await this.files.unlink(this.paths.running).catch(() => undefined);
    await this.lock.release();
  }

  #keep(entries: readonly PackEntry[]): Promise<KeptVersion[]> {
    const number = this.#nextPack++;
    const draft = path.join(this.paths.drafts, `${number}`);
    return writePack(this.files, this.paths.packs, draft, number, entries);
  }

  #change(change: Change): Promise<Changed> {
    if (this.#closing) throw new StoreError("CLOSED", "the store is closed");
    return this.#commits.submit(change, change.bytes?.length ?? 0);
  }

  #find(name: string): Device | undefined {
    const device = this.#devices.get(foldName(name));
    return device?.name === name ? device : undefined;
  }
}
