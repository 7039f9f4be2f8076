/** Reads all packs of a store, and finds out what is not there any more. */

import { foldName } from "./device-name";
import { type Files, readText } from "./file-system";
import { GROUP_MAX_CHANGES } from "./limits";
import { type KeptVersion, packName, packNumber, readIndex } from "./pack";

/** A device and all its versions, oldest first. */
export interface Device {
  readonly name: string;
  readonly versions: KeptVersion[];
  /** The next version has a number above this one, and above those of all versions. */
  readonly usedNumber: number;
}

export interface Packs {
  /** By folded name. */
  readonly devices: Map<string, Device>;
  /** For the next pack. */
  readonly nextPack: number;
  /** The first version of a new device has a number above this one. */
  readonly usedNumber: number;
  /** Files that are not the store's. */
  readonly strangers: readonly string[];
  /** Files that cannot be read any more. */
  readonly damaged: readonly string[];
  /** Files that were there once: a name, or the first and the last of several. */
  readonly missing: readonly string[];
}

const FILES_AT_ONCE = 64;
const LAST_PACK_MAX_BYTES = 16;

/** @throws Error of the file system */
export async function readPacks(
  files: Files,
  folder: string,
  lastPackFile: string,
): Promise<Packs> {
  const found = new Map<string, { name: string; versions: KeptVersion[] }>();
  const strangers: string[] = [];
  const damaged: string[] = [];
  const numbers: number[] = [];
  const lost: [from: number, to: number][] = [];
  const indexes = new Map<number, [string, KeptVersion][]>();
  const read = async (pack: string) => {
    const number = packNumber(pack);
    if (number === undefined) {
      strangers.push(`packs/${pack}`);
      return;
    }
    numbers.push(number);
    // Whatever prevents it from being read: it is told, and what it held counts as lost.
    const index = await readIndex(files, folder, pack).catch(() => undefined);
    if (index !== undefined) indexes.set(number, index);
    else {
      damaged.push(`packs/${pack}`);
      lost.push([number, number]);
    }
  };
  const names = await files.readdir(folder);
  for (let at = 0; at < names.length; at += FILES_AT_ONCE) {
    await Promise.all(names.slice(at, at + FILES_AT_ONCE).map(read));
  }
  numbers.sort((a, b) => a - b);
  const last = Math.max(numbers.at(-1) ?? 0, await readLastPack(files, lastPackFile));
  const missing: string[] = [];
  for (const [at, number] of [...numbers, last + 1].entries()) {
    const [from, to] = [(numbers[at - 1] ?? 0) + 1, number - 1];
    if (from > to) continue;
    lost.push([from, to]);
    missing.push(from === to ? named(from) : `${named(from)} to ${named(to)}`);
  }
  for (const number of numbers) {
    let isCopy = false;
    for (const [name, version] of indexes.get(number) ?? []) {
      const device = found.get(foldName(name)) ?? { name, versions: [] };
      found.set(foldName(name), device);
      // In the order of packs numbers rise: one that does not is a pack that was copied under another name.
      if ((device.versions.at(-1)?.number ?? 0) < version.number) device.versions.push(version);
      else isCopy = true;
    }
    if (isCopy) strangers.push(named(number));
  }
  /** Numbers that versions in lost packs may have had. */
  const usedAfter = (pack: number) =>
    lost.reduce((sum, [from, to]) => sum + Math.max(0, to - Math.max(from, pack + 1) + 1), 0) *
    GROUP_MAX_CHANGES;
  const devices = new Map<string, Device>();
  for (const [folded, { name, versions }] of found) {
    const newest = versions.at(-1);
    const used = lost.length === 0 ? 0 : usedAfter(packNumber(newest?.pack ?? "") ?? 0);
    devices.set(folded, { name, versions, usedNumber: (newest?.number ?? 0) + used });
  }
  const nextPack = last + 1;
  return { devices, nextPack, usedNumber: usedAfter(0), strangers, damaged, missing };
}

function named(pack: number): string {
  return `packs/${packName(pack)}`;
}

/** The highest number that a pack is known to have had; 0 when that is not known. */
async function readLastPack(files: Files, file: string): Promise<number> {
  // It is not synced, so that it may be empty after a power cut.
  const text = await readText(files, file, LAST_PACK_MAX_BYTES).catch(() => "");
  return packNumber(`${text.trimEnd()}.pack`) ?? 0;
}
