/**
 * The configurations of devices, in a folder: every version of each, on the disk before the put is
 * acknowledged. One process works on a store at a time.
 */

import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { ByteCache } from "./byte-cache";
import { type Change, type Changed, commitGroup } from "./commit";
import { bytesOf, type Content, contentOf, type Draft, draftName, receive } from "./content";
import { checkName, foldName } from "./device-name";
import { StoreError, toStoreError } from "./errors";
import { type Files, openForWriting, REAL_FILES } from "./file-system";
import { GroupCommit } from "./group-commit";
import {
  CACHE_MAX_BYTES,
  GROUP_MAX_BYTES,
  GROUP_MAX_CHANGES,
  IN_MEMORY_MAX_BYTES,
  PACK_MAX_NUMBER,
} from "./limits";
import type { Lock } from "./lock";
import { NameList } from "./name-list";
import { takeStore } from "./open-store";
import { type KeptVersion, keptContent, type PackEntry, packName, writePack } from "./pack";
import type { Device } from "./read-packs";
import { type Recovered, type Recovery, recover, type StorePaths, storePaths } from "./recovery";
import type { Version } from "./version";

export type { Changed } from "./commit";
export type { Content, Draft } from "./content";
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
    const recovered = await recover(files, paths);
    // A store that can only be read has no new packs to note.
    const lastPack = recovered.recovery.readOnly
      ? undefined
      : await openForWriting(files, paths.lastPack);
    return new ConfigStore(paths, files, lock, recovered, lastPack);
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
  readonly #names = new NameList();
  readonly #cache = new ByteCache(CACHE_MAX_BYTES);
  readonly #commits: GroupCommit<Change, Changed>;
  #nextPack: number;
  #noted: Promise<unknown> = Promise.resolve();
  /** Why no change can be made any more. */
  #broken: StoreError | undefined;
  #closing: Promise<void> | undefined;

  /** Use `openStore`. */
  constructor(
    private readonly paths: StorePaths,
    private readonly files: Files,
    private readonly lock: Lock,
    { devices, recovery, nextPack, usedNumber }: Recovered,
    private readonly lastPack: FileHandle | undefined,
  ) {
    this.recovery = recovery;
    this.#devices = devices;
    this.#nextPack = nextPack;
    for (const { name, versions } of devices.values()) {
      if (!versions.at(-1)?.deleted) this.#names.append(name);
    }
    const limits = { maxChanges: GROUP_MAX_CHANGES, maxBytes: GROUP_MAX_BYTES };
    const host = {
      usedNumber,
      find: (name: string) => devices.get(foldName(name)),
      add: (device: Device) => {
        devices.set(foldName(device.name), device);
        if (device.versions.at(-1)?.deleted) this.#names.remove(device.name);
        else this.#names.add(device.name);
      },
      isIntact: (name: string, version: KeptVersion) => this.#isIntact(name, version),
      keep: (entries: readonly PackEntry[]) => this.#keep(entries),
    };
    this.#commits = new GroupCommit(limits, (group) => commitGroup(host, group));
  }

  /** Names of devices that have a configuration, in order, beginning after `after`. */
  names(after = ""): Generator<string> {
    return this.#names.from(after);
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
   * The bytes that were put, as a whole: for content that need not be large.
   * @throws StoreError DAMAGED when they are no longer there as they were
   */
  async read(name: string, version: Version): Promise<Buffer> {
    return bytesOf(await this.content(name, version));
  }

  /**
   * The content that was put, to be read in pieces.
   * @throws StoreError DAMAGED, here or while it is read, when it is no longer there as it was
   */
  async content(name: string, version: Version): Promise<Content> {
    const versions = this.#find(name)?.versions ?? [];
    const last = versions.at(-1);
    const isLast = last?.number === version.number;
    const kept = isLast ? last : versions.find(({ number }) => number === version.number);
    if (kept === undefined) {
      const text = `version ${version.number} of ${name} is not in the store`;
      throw new StoreError("DAMAGED", text);
    }
    const content = keptContent(this.files, this.paths.packs, name, kept);
    if (version.size > IN_MEMORY_MAX_BYTES) return content;
    const key = `${name}/${version.number}`;
    const bytes = this.#cache.get(key) ?? (await bytesOf(content));
    this.#cache.set(key, bytes);
    return contentOf(bytes, version.sha256);
  }

  /**
   * Receives what may become a version: small content into memory, large into a file.
   * @throws StoreError of the disk; what `source` throws
   */
  async receive(source: AsyncIterable<Uint8Array>): Promise<Draft> {
    try {
      return await receive(this.files, this.paths.drafts, source);
    } catch (error) {
      throw isSystemError(error) ? toStoreError(error, "receive the content") : error;
    }
  }

  /**
   * Keeps `content` as the next version. Resolves when a power cut can no longer take it.
   * @throws StoreError, or what `decide` throws
   */
  async put(name: string, content: Uint8Array | Content, decide = ALWAYS): Promise<Changed> {
    const whole = content instanceof Uint8Array ? contentOf(content) : content;
    return this.#change({ name: checkName(name), content: whole, decide });
  }

  /** Adds a version that says that the configuration is gone; the earlier ones stay. */
  async delete(name: string, decide: Decide = ALWAYS): Promise<Changed> {
    return this.#change({ name: checkName(name), content: undefined, decide });
  }

  /** Finishes what was asked for, and lets others have the store. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#commits.idle();
    await this.#noted;
    await this.lastPack?.close();
    await this.files.unlink(this.paths.running).catch(() => undefined);
    await this.lock.release();
  }

  async #keep(entries: readonly PackEntry[]): Promise<KeptVersion[]> {
    const { files, paths } = this;
    const number = this.#nextPack;
    if (number > PACK_MAX_NUMBER) {
      const text = `keep it: the store has ${packName(PACK_MAX_NUMBER)} already, and no number is left`;
      throw new StoreError("NO_SPACE", text);
    }
    if (this.#broken !== undefined) throw this.#broken;
    const draft = path.join(paths.drafts, draftName());
    try {
      const kept = await writePack(files, paths.packs, draft, number, entries);
      this.#nextPack++;
      this.#noteLastPack(number);
      return kept;
    } catch (error) {
      const isFinal =
        error instanceof StoreError && (error.code === "IN_USE" || error.code === "LEFT_OVER");
      if (isFinal) this.#broken = error;
      throw error;
    }
  }

  /** Not awaited, and not synced: it is for those who miss a file, and not needed after a power cut. */
  #noteLastPack(number: number): void {
    const text = Buffer.from(packName(number).replace(".pack", "\n"));
    this.#noted = this.#noted
      .then(() => this.lastPack?.write(text, 0, text.length, 0))
      .catch(() => undefined); // then a removed pack may go unnoticed, and nothing else
  }

  async #isIntact(name: string, version: KeptVersion): Promise<boolean> {
    try {
      const { pieces } = keptContent(this.files, this.paths.packs, name, version);
      for await (const piece of pieces()) void piece;
      return true;
    } catch {
      return false;
    }
  }

  #change(change: Change): Promise<Changed> {
    if (this.#closing) throw new StoreError("CLOSED", "the store is closed");
    return this.#commits.submit(change, change.content?.size ?? 0);
  }

  #find(name: string): Device | undefined {
    const device = this.#devices.get(foldName(name));
    return device?.name === name ? device : undefined;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
