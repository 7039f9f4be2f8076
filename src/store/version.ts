/** One version of a configuration, and what makes it. */

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
  /** Whether it says that the configuration was deleted; then it has no content. */
  readonly deleted: boolean;
}

const TAG_BYTES = 6;

export function sha256(bytes: string | Uint8Array): string {
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
