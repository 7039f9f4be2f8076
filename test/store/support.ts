/** A folder for a store, which goes when the test ends, and stores that are closed then. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type ConfigStore, openStore, StoreError } from "../../src/store/config-store";
import type { Files } from "../../src/store/file-system";

export async function storeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "socket-lab-store-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return path.join(folder, "store");
}

export async function open(folder: string, files?: Files): Promise<ConfigStore> {
  const store = await openStore(folder, files);
  onTestFinished(() => store.close());
  return store;
}

/** The code that the store refuses with. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "done";
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
}
