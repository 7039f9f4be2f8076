/**
 * Makes a group of changes: decides on each in turn, writes those that are made as one pack, and only then
 * lets readers see them and answers the callers.
 */

import type { Content } from "./content";
import { foldName } from "./device-name";
import { StoreError, toStoreError } from "./errors";
import type { Waiting } from "./group-commit";
import type { KeptVersion, PackEntry } from "./pack";
import type { Device } from "./read-packs";
import { makeVersion, type Version } from "./version";

export interface Change {
  readonly name: string;
  /** Undefined: a deletion. */
  readonly content: Content | undefined;
  readonly decide: (current: Version | undefined) => void;
}

export interface Changed {
  /** The version that holds now. */
  readonly version: Version;
  /** What held before; undefined when there was nothing. */
  readonly before: Version | undefined;
  /** False when the content was the same already, so that there was nothing to do. */
  readonly changed: boolean;
}

/** What a commit needs of its store. */
export interface CommitHost {
  find(name: string): Device | undefined;
  /** The first version of a new device has a number above this one. */
  readonly usedNumber: number;
  add(device: Device): void;
  /** True when its content is on the disk as it was written. */
  isIntact(name: string, version: KeptVersion): Promise<boolean>;
  /** Resolves when a power cut can no longer take any of them. */
  keep(entries: readonly PackEntry[]): Promise<readonly KeptVersion[]>;
}

type Asked = Waiting<Change, Changed>;

/** What becomes of a change, if all before it in the group are made. */
type Outcome =
  | { readonly kind: "refused"; readonly reason: unknown }
  | { readonly kind: "same"; readonly version: Version }
  | { readonly kind: "made"; readonly version: Version; readonly before: Version | undefined };

/** A device as it will be. */
interface Prospect {
  readonly device: Device;
  last: Version | undefined;
}

/** Settles every change of a group. */
export async function commitGroup(host: CommitHost, group: readonly Asked[]): Promise<void> {
  const intact = await unchanged(host, group);
  const prospects = new Map<string, Prospect>();
  const outcomes = group.map(({ change }) => decide(host, change, prospects, intact));
  const entries: PackEntry[] = [];
  for (const [at, outcome] of outcomes.entries()) {
    if (outcome.kind !== "made") continue;
    const { name, content } = group[at].change;
    entries.push({ name, version: outcome.version, content });
  }
  let kept: readonly KeptVersion[];
  try {
    kept = entries.length === 0 ? [] : await host.keep(entries);
  } catch (error) {
    if (group.length === 1) {
      const { name } = group[0].change;
      group[0].reject(toStoreError(error, `keep the configuration of ${name}`));
      return;
    }
    // What one cannot have, others may: each by itself, decided once more.
    for (const asked of group) await commitGroup(host, [asked]);
    return;
  }
  for (const [at, version] of kept.entries()) {
    const { name } = entries[at];
    const device = host.find(name) ?? prospects.get(foldName(name))?.device;
    if (device === undefined) continue;
    device.versions.push(version);
    host.add(device);
  }
  for (const [at, outcome] of outcomes.entries()) {
    const { resolve, reject } = group[at];
    if (outcome.kind === "refused") reject(outcome.reason);
    else if (outcome.kind === "same") {
      resolve({ version: outcome.version, before: outcome.version, changed: false });
    } else {
      const version = kept[entries.findIndex((entry) => entry.version === outcome.version)];
      resolve({ version, before: outcome.before, changed: true });
    }
  }
}

/**
 * The versions whose content is put again, and is on the disk as it was: there is nothing to write. (One
 * that is damaged is written again.)
 */
async function unchanged(host: CommitHost, group: readonly Asked[]): Promise<Set<Version>> {
  const intact = new Set<Version>();
  const look = async ({ change: { name, content } }: Asked) => {
    const last = host.find(name)?.versions.at(-1);
    if (last === undefined || !isSame(content, last)) return;
    if (await host.isIntact(name, last)) intact.add(last);
  };
  await Promise.all(group.map(look));
  return intact;
}

function decide(
  host: CommitHost,
  { name, content, decide: mayChange }: Change,
  prospects: Map<string, Prospect>,
  intact: ReadonlySet<Version>,
): Outcome {
  const prospect = prospects.get(foldName(name)) ?? newProspect(host, name);
  const { device, last } = prospect;
  const before = last?.deleted ? undefined : last;
  if (device.name !== name) {
    const text = `there is a device ${device.name} already, and names must differ in more than case`;
    return { kind: "refused", reason: new StoreError("NAME_TAKEN", text) };
  }
  try {
    mayChange(before);
  } catch (reason) {
    return { kind: "refused", reason };
  }
  if (content === undefined && before === undefined) {
    const text = `there is no configuration of ${name}`;
    return { kind: "refused", reason: new StoreError("NOT_FOUND", text) };
  }
  if (before !== undefined && isSame(content, before) && intact.has(before)) {
    return { kind: "same", version: before };
  }
  const version = makeVersion(Math.max(last?.number ?? 0, device.usedNumber) + 1, content);
  prospect.last = version;
  prospects.set(foldName(name), prospect);
  return { kind: "made", version, before };
}

function newProspect(host: CommitHost, name: string): Prospect {
  const device = host.find(name) ?? { name, versions: [], usedNumber: host.usedNumber };
  return { device, last: device.versions.at(-1) };
}

function isSame(content: Content | undefined, { deleted, size, sha256 }: Version): boolean {
  return !deleted && content?.size === size && content.sha256 === sha256;
}
