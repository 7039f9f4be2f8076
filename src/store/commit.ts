/**
 * Makes a group of changes, in three steps: every content to the disk, then every name, then the
 * folders that hold the names. Only then are the changes known to readers, and told to whoever asked.
 */

import path from "node:path";
import { foldName } from "./device-name";
import { StoreError, toStoreError } from "./errors";
import { type Files, syncFolder, writeNewFile } from "./file-system";
import type { Waiting } from "./group-commit";
import { type Device, type StorePaths, unlessThere } from "./recovery";
import { fileName, makeVersion, sha256, type Version } from "./version";

export interface Change {
  readonly name: string;
  /** Undefined: a deletion. */
  readonly bytes: Uint8Array | undefined;
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
  readonly files: Files;
  readonly paths: StorePaths;
  find(name: string): Device | undefined;
  add(device: Device): void;
}

type Asked = Waiting<Change, Changed>;

/** What is to be done for one device, in order. */
interface Plan {
  readonly device: Device;
  readonly isNew: boolean;
  last: Version | undefined;
  readonly steps: Step[];
}

interface Step {
  readonly asked: Asked;
  /** What the asker gets if everything before it in the plan succeeds. */
  readonly outcome: Changed | { readonly refused: unknown };
  /** Where its content is until it has its name; undefined when nothing is written. */
  readonly draft?: string;
}

let drafts = 0;

/** Settles a group; returns what must be tried again because a change before it failed. */
export async function commitGroup(
  host: CommitHost,
  group: readonly Asked[],
): Promise<readonly Asked[]> {
  const intact = await unchanged(host, group);
  const plans = new Map<string, Plan>();
  for (const asked of group) plan(host, asked, plans, intact);
  const again = await Promise.all(Array.from(plans.values(), (one) => carryOut(host, one)));
  await confirm(host, Array.from(plans.values()));
  return again.flat();
}

/**
 * The versions whose content is put again, and is on the disk as it was: there is nothing to write. (One
 * that is damaged is written anew.)
 */
async function unchanged(host: CommitHost, group: readonly Asked[]): Promise<Set<Version>> {
  const intact = new Set<Version>();
  const look = async ({ change: { name, bytes } }: Asked) => {
    const device = host.find(name);
    const last = device?.versions.at(-1);
    if (device === undefined || last === undefined || !isSame(bytes, last)) return;
    const file = path.join(device.folder, fileName(last));
    const stored = await host.files.readFile(file).catch(() => undefined);
    if (stored !== undefined && bytes !== undefined && stored.equals(bytes)) intact.add(last);
  };
  await Promise.all(group.map(look));
  return intact;
}

/** Decides what becomes of a change when all before it are made. */
function plan(
  host: CommitHost,
  asked: Asked,
  plans: Map<string, Plan>,
  intact: ReadonlySet<Version>,
): void {
  const { name, bytes, decide } = asked.change;
  const key = foldName(name);
  const known = plans.get(key) ?? newPlan(host, name);
  plans.set(key, known);
  const { device, last } = known;
  const before = last?.deleted ? undefined : last;
  const add = (outcome: Step["outcome"], draft?: string) =>
    known.steps.push({ asked, outcome, draft });
  if (device.name !== name) {
    const text = `there is a device ${device.name} already, and names must differ in more than case`;
    add({ refused: new StoreError("NAME_TAKEN", text) });
    return;
  }
  try {
    decide(before);
  } catch (refused) {
    add({ refused });
    return;
  }
  if (bytes === undefined && before === undefined) {
    add({ refused: new StoreError("NOT_FOUND", `there is no configuration of ${name}`) });
    return;
  }
  const isPlanned = known.steps.some((step) => "version" in step.outcome && step.outcome.changed);
  if (before !== undefined && isSame(bytes, before) && (isPlanned || intact.has(before))) {
    add({ version: before, before, changed: false });
    return;
  }
  const version = makeVersion((last?.number ?? 0) + 1, bytes);
  known.last = version;
  add({ version, before, changed: true }, path.join(host.paths.drafts, `${++drafts}`));
}

function newPlan(host: CommitHost, name: string): Plan {
  const device = host.find(name);
  if (device !== undefined) {
    return { device, isNew: false, last: device.versions.at(-1), steps: [] };
  }
  const folder = path.join(host.paths.devices, name);
  return { device: { name, folder, versions: [] }, isNew: true, last: undefined, steps: [] };
}

function isSame(bytes: Uint8Array | undefined, { deleted, size, sha256: sum }: Version): boolean {
  return bytes !== undefined && !deleted && size === bytes.length && sum === sha256(bytes);
}

/** Writes the contents and gives them their names. What follows a failure is left for another try. */
async function carryOut({ files }: CommitHost, plan: Plan): Promise<Asked[]> {
  const { device, steps } = plan;
  const doing = `keep the configuration of ${device.name}`;
  const written = await Promise.allSettled(
    steps.map(({ draft, asked }) => {
      const bytes = asked.change.bytes ?? new Uint8Array();
      return draft === undefined ? undefined : writeNewFile(files, draft, bytes);
    }),
  );
  const writes = steps.some(({ draft }) => draft !== undefined);
  let failure: unknown;
  if (plan.isNew && writes) {
    await files
      .mkdir(device.folder, { mode: 0o700 })
      .catch(unlessThere)
      .catch((error: unknown) => {
        failure = error;
      });
  }
  for (const [at, { asked, draft, outcome }] of steps.entries()) {
    if (draft === undefined || !("version" in outcome)) continue;
    const result = written[at];
    if (failure === undefined && result.status === "rejected") failure = result.reason;
    if (failure === undefined) {
      const file = path.join(device.folder, fileName(outcome.version));
      await files.rename(draft, file).catch((error: unknown) => {
        failure = error;
      });
    }
    if (failure === undefined) continue;
    asked.reject(toStoreError(failure, doing));
    const undone = steps.splice(at);
    for (const step of undone) {
      if (step.draft !== undefined) await files.unlink(step.draft).catch(() => undefined);
    }
    return undone.slice(1).map((step) => step.asked);
  }
  return [];
}

/** Makes sure of the names, then tells. */
async function confirm(host: CommitHost, plans: readonly Plan[]): Promise<void> {
  const { files, paths } = host;
  const writes = ({ steps }: Plan) => steps.some(({ draft }) => draft !== undefined);
  const changed = plans.filter(writes);
  const above = changed.some(({ isNew }) => isNew) ? syncFolder(files, paths.devices) : undefined;
  const folders = plans.map(async (one) => {
    if (writes(one)) await Promise.all([syncFolder(files, one.device.folder), above]);
  });
  for (const [at, synced] of (await Promise.allSettled(folders)).entries()) {
    const plan = plans[at];
    if (synced.status === "rejected") {
      await takeBack(host, plan, synced.reason);
      continue;
    }
    const { device, steps } = plan;
    for (const { outcome, draft } of steps) {
      if (draft !== undefined && "version" in outcome) device.versions.push(outcome.version);
    }
    if (plan.isNew && device.versions.length > 0) host.add(device);
    for (const { asked, outcome } of steps) {
      if ("version" in outcome) asked.resolve(outcome);
      else asked.reject(outcome.refused);
    }
  }
}

/** Nobody knows whether these names would outlive a power cut, so they go again, and nobody is told of them. */
async function takeBack({ files }: CommitHost, plan: Plan, error: unknown): Promise<void> {
  const failed = toStoreError(error, `keep the configuration of ${plan.device.name}`);
  for (const { asked, outcome, draft } of plan.steps) {
    if (draft !== undefined && "version" in outcome) {
      const file = path.join(plan.device.folder, fileName(outcome.version));
      await files.unlink(file).catch(() => undefined);
    }
    asked.reject(failed);
  }
}
