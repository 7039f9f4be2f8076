/** Opens a store's folder: makes it, or makes sure that it is one, and locks it. */

import { randomUUID } from "node:crypto";
import path from "node:path";
import { systemCode } from "../program/system-code";
import { StoreError, toStoreError } from "./errors";
import { type Files, readText, replaceFile, syncFolder } from "./file-system";
import { type Lock, lockStore } from "./lock";
import type { StorePaths } from "./recovery";

const FORMAT = 1;
const IDENTITY_MAX_BYTES = 1_024;

/** Takes the store for this process alone. @throws StoreError IN_USE, NOT_A_STORE, or of the disk */
export async function takeStore(files: Files, paths: StorePaths): Promise<Lock> {
  try {
    await makeFolder(files, paths.root);
    const { dev, ino } = await files.stat(paths.root);
    const identity = `${dev}:${ino}`;
    let id = await readId(files, paths);
    if (id === undefined) {
      // Two processes may both see an empty folder: one makes the store of it.
      const making = await lockStore(paths.root, identity, "");
      try {
        id = (await readId(files, paths)) ?? (await makeStore(files, paths));
      } finally {
        await making.release();
      }
    }
    return await lockStore(paths.root, identity, id);
  } catch (error) {
    throw toStoreError(error, `open the store ${paths.root}`);
  }
}

async function makeFolder(files: Files, folder: string): Promise<void> {
  const first = await files.mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  // Each new folder is a name in the one above it.
  for (let made = folder; ; made = path.dirname(made)) {
    await syncFolder(files, path.dirname(made));
    if (made === first) return;
  }
}

async function readId(files: Files, paths: StorePaths): Promise<string | undefined> {
  let text: string;
  try {
    text = await readText(files, paths.identity, IDENTITY_MAX_BYTES);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    return undefined;
  }
  const { format, id } = parseIdentity(text);
  if (format === FORMAT && typeof id === "string") return id;
  const why = `${paths.identity} does not say that it is a store of format ${FORMAT}`;
  throw new StoreError("NOT_A_STORE", `${why}: nothing was changed`);
}

function parseIdentity(text: string): { format?: unknown; id?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

async function makeStore(files: Files, paths: StorePaths): Promise<string> {
  const draft = path.basename(`${paths.identity}.new`); // of a process killed while it made the store
  const others = (await files.readdir(paths.root)).filter((name) => name !== draft);
  if (others.length > 0) {
    const text = `the folder ${paths.root} is not empty, and not a store: nothing was changed`;
    throw new StoreError("NOT_A_STORE", text);
  }
  const id = randomUUID();
  await replaceFile(files, paths.identity, `${JSON.stringify({ format: FORMAT, id })}\n`);
  return id;
}
