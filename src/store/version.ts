/**
 * A version of a configuration, and the name of its file, which says all there is to know of it:
 *
 *     00000003_20261123T050607089Z_482_5f0c1d2e3a4b_<SHA-256 of the content>.cfg
 *
 * number, time, size in bytes, tag, checksum. So a folder's list is its index: no second file has to be
 * kept in step with the first. A deletion is a version without content, `.deleted`.
 */

import { createHash, randomBytes } from "node:crypto";

export interface Version {
  /** Counts up from 1 for each device, and never comes twice. */
  readonly number: number;
  /** When it was written, in milliseconds since 1970. */
  readonly timeMs: number;
  /** In bytes. */
  readonly size: number;
  /**
   * Random, so that no two versions share an entity tag, and none tells anything about the content:
   * from a checksum one could guess a password that is masked elsewhere.
   */
  readonly tag: string;
  /** Of the content, in hexadecimal digits. */
  readonly sha256: string;
  /** Whether it says that the configuration was deleted. */
  readonly deleted: boolean;
}

const TAG_BYTES = 6;
const FILE_NAME =
  /^(\d{8,15})_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z_(\d{1,15})_([0-9a-f]{12})_([0-9a-f]{64})\.(cfg|deleted)$/;

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The version that `bytes` become now; undefined bytes are a deletion. */
export function makeVersion(number: number, bytes: Uint8Array | undefined): Version {
  const content = bytes ?? new Uint8Array();
  return {
    number,
    timeMs: Date.now(),
    size: content.length,
    tag: randomBytes(TAG_BYTES).toString("hex"),
    sha256: sha256(content),
    deleted: bytes === undefined,
  };
}

export function fileName(version: Version): string {
  const { number, timeMs, size, tag, deleted } = version;
  const time = new Date(timeMs).toISOString().replace(/[-:.]/g, "");
  const ending = deleted ? "deleted" : "cfg";
  return `${String(number).padStart(8, "0")}_${time}_${size}_${tag}_${version.sha256}.${ending}`;
}

/** The version that a file's name tells of, or undefined when it is none of the store's. */
export function parseFileName(name: string): Version | undefined {
  const match = FILE_NAME.exec(name);
  if (match === null) return undefined;
  const [, number, year, month, day, hour, minute, second, ms, size, tag, sum, ending] = match;
  const timeMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  if (Number.isNaN(timeMs)) return undefined;
  const deleted = ending === "deleted";
  return { number: Number(number), timeMs, size: Number(size), tag, sha256: sum, deleted };
}

/** Oldest first. Of one number there is one version, unless somebody copied files about. */
export function inOrder(a: Version, b: Version): number {
  return a.number - b.number || a.timeMs - b.timeMs || (a.tag < b.tag ? -1 : 1);
}
