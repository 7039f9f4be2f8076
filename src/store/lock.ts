/**
 * One process at a time on a store. Each lock is one that the operating system itself gives back when its
 * holder ends, however it ends: after `kill -9` there is nothing to clean up by hand.
 */

import { createHash } from "node:crypto";
import { constants, open } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { systemCode } from "../program/system-code";
import { inUse } from "./errors";
import { type Lock, lockInFolder } from "./socket-lock";

export type { Lock } from "./socket-lock";

/** BSD's and macOS's own: open and lock in one call. Node has no name for it. */
const O_EXLOCK = 0x20;

/**
 * @param folder of the store, which has an identity (`dev:ino`) that no path has twice
 * @param secret known only to those who may read the store, so that no other program can take its name
 * @throws StoreError IN_USE
 */
export async function lockStore(folder: string, identity: string, secret: string): Promise<Lock> {
  const key = createHash("sha256").update(`${identity}\n${secret}`).digest("hex").slice(0, 40);
  if (process.platform === "win32") return holdName(`\\\\.\\pipe\\socket-lab-store-${key}`, folder);
  if (process.platform !== "linux") return holdFile(path.join(folder, "lock"), folder);
  // The name is quick, and decides between two that start at once; but each container has names of its own.
  const name = await holdName(`\0socket-lab-store-${key}`, folder);
  if (secret === "") return name; // the store is being made, and has no folder for locks
  try {
    const socket = await lockInFolder(folder);
    return { release: () => socket.release().finally(() => name.release()) };
  } catch (error) {
    await name.release();
    throw error;
  }
}

/** A name in Linux's abstract namespace (unix(7)) or of a Windows pipe: it lives as long as its socket. */
async function holdName(name: string, folder: string): Promise<Lock> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(systemCode(error) === "EADDRINUSE" ? inUse(folder) : error);
    });
    server.listen(name, resolve);
  });
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function holdFile(file: string, folder: string): Promise<Lock> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
  const handle = await open(file, flags, 0o600).catch((error: unknown) => {
    throw systemCode(error) === "EAGAIN" ? inUse(folder) : error;
  });
  return { release: () => handle.close() };
}
