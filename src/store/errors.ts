/** Why the store refused: one class, a closed set of codes, a sentence for a person. */

import { systemCode } from "../program/system-code";

export type StoreErrorCode =
  /** Another process works on the store. */
  | "IN_USE"
  /** The folder holds other things, or a store of another format. */
  | "NOT_A_STORE"
  /** A device cannot be called that. */
  | "BAD_NAME"
  /** There is no configuration to delete. */
  | "NOT_FOUND"
  /** Another device's name differs only in case. */
  | "NAME_TAKEN"
  /** The disk, the quota or the largest file allowed is exhausted. */
  | "NO_SPACE"
  /** The store cannot be written to. */
  | "READ_ONLY"
  /** What is stored is not what was written. */
  | "DAMAGED"
  /** A pack that failed is still there, and may count after the next start. */
  | "LEFT_OVER"
  /** The disk failed in another way. */
  | "DISK"
  /** The store was closed. */
  | "CLOSED";

export class StoreError extends Error {
  override readonly name = "StoreError";

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

export function inUse(folder: string, where = ""): StoreError {
  return new StoreError("IN_USE", `another process works on the store ${folder}${where}`);
}

/** The operating system's names for what can go wrong with a write. */
const CODES: Readonly<Record<string, readonly [StoreErrorCode, string]>> = {
  ENOSPC: ["NO_SPACE", "the disk is full"],
  EDQUOT: ["NO_SPACE", "the disk quota is used up"],
  EFBIG: ["NO_SPACE", "the file is larger than the system allows"],
  EROFS: ["READ_ONLY", "the file system is read-only"],
  EACCES: ["READ_ONLY", "the store's folder may not be written to"],
  ENOTSUP: ["DISK", "this file system has no hard links, which the store needs"],
  EPERM: ["READ_ONLY", "the store's folder may not be written to"],
};

/** An error of the file system, in the store's words; a StoreError comes back as it is. */
export function toStoreError(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  const system = systemCode(error);
  const [code, what] = CODES[system] ?? ["DISK", `the disk failed with ${system || String(error)}`];
  return new StoreError(code, `${doing}: ${what}`, error);
}
