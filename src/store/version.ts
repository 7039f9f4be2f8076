/** One version of a configuration, and what makes it. */

import { randomBytes } from "node:crypto";
import { type Content, contentOf } from "./content";

export interface Version {
  /** Counts up from 1 for each device, and never comes twice. */
  readonly number: number;
  /** When it was written, in milliseconds since 1970, as the clock was then: only numbers tell the order. */
  readonly timeMs: number;
  /** In bytes. */
  readonly size: number;
  /**
   * Random, so that no two versions share an entity tag, and none tells anything about the content:
   * from a hash one could guess a password that is masked elsewhere.
   */
  readonly tag: string;
  /** Of the content, in hexadecimal digits. */
  readonly sha256: string;
  /** True when it says that the configuration was deleted; then it has no content. */
  readonly deleted: boolean;
}

const TAG_BYTES = 6;
const NOTHING = contentOf(new Uint8Array());

/** The version that `content` becomes now; undefined content is a deletion. */
export function makeVersion(number: number, content: Content | undefined): Version {
  const { size, sha256 } = content ?? NOTHING;
  return {
    number,
    timeMs: Date.now(),
    size,
    tag: randomBytes(TAG_BYTES).toString("hex"),
    sha256,
    deleted: content === undefined,
  };
}
