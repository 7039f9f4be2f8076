/**
 * A lock in the file system, for processes that do not share a network namespace: two containers with one
 * volume. Each process puts a socket of its own into the folder `locks` and listens, then knocks at all others
 * that it finds there. One that accepts has a living owner: the newcomer withdraws. One that refuses has none:
 * it is removed. Both listen before they look, so that of two at least one sees the other.
 */

import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, readFile, statfs, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemCode } from "../program/system-code";
import { inUse, StoreError, toStoreError } from "./errors";

export interface Lock {
  release(): Promise<void>;
}

/** Two that start at once may both withdraw: each tries again, after a random while. */
const ATTEMPTS = 5;
const RETRY_MAX_MS = 200;
/** NFS, SMB, CIFS, SMB2, Ceph, AFS, 9P, FUSE, GFS2, OCFS2: more than one machine may use them (statfs(2)). */
const SHARED_FILE_SYSTEMS = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x00c36400, 0x5346414f, 0x01021997, 0x65735546,
  0x01161970, 0x7461636f,
]);
const NAME = /^([0-9a-f]{8})-[0-9a-f]{16}$/;

/** @throws StoreError IN_USE */
export async function lockInFolder(root: string): Promise<Lock> {
  const folder = path.join(root, "locks");
  try {
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (systemCode(error) !== "EEXIST") throw error;
    });
    for (let attempt = 1; ; attempt++) {
      try {
        return await tryToLock(root, folder);
      } catch (error) {
        if (!(error instanceof StoreError) || attempt === ATTEMPTS) throw error;
      }
      await pause(Math.random() * RETRY_MAX_MS);
    }
  } catch (error) {
    // What cannot be written to is not locked either: such a store is only read.
    if (toStoreError(error, "").code === "READ_ONLY") return { release: async () => undefined };
    throw error;
  }
}

async function tryToLock(root: string, folder: string): Promise<Lock> {
  // The address of a socket has at most 107 characters: this one is short, however long the path.
  const handle = await open(folder, constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const addressOf = (name: string) => `/proc/self/fd/${handle.fd}/${name}`;
  const boot = await bootId();
  const own = `${boot}-${randomBytes(8).toString("hex")}`;
  let server: Server | undefined;
  const release = async () => {
    // The name first: a socket that is closed and still has its name would be knocked at for nothing.
    await unlink(path.join(folder, own)).catch(() => undefined); // removed by one that saw it too early
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  };
  try {
    server = await listenAt(addressOf(own));
    const names = (await readdir(folder)).filter((name) => NAME.test(name));
    if (!names.includes(own)) throw inUse(root); // its owner, who listens, is about to be seen
    for (const name of names) {
      if (name === own) continue;
      if (await accepts(addressOf(name))) throw inUse(root);
      if (!name.startsWith(boot) && (await isShared(folder))) {
        const file = path.join(folder, name);
        throw inUse(root, ` on another machine; if no program does, remove ${file}`);
      }
      await unlink(path.join(folder, name)).catch(() => undefined); // another newcomer may be faster
    }
    return { release };
  } catch (error) {
    await release();
    throw error;
  } finally {
    await handle.close();
  }
}

function listenAt(address: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => resolve(server.unref()));
  });
}

/** True when a process listens at the socket, in whatever network namespace. */
function accepts(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error) => {
      const code = systemCode(error);
      // No owner any more, or withdrawn since. Whatever else comes, as for another user's, may be a living one.
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT");
    });
  });
}

/** Sockets of another boot belong to a kernel that is gone, or to another machine. */
async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).slice(0, 8);
}

async function isShared(folder: string): Promise<boolean> {
  return SHARED_FILE_SYSTEMS.has((await statfs(folder)).type >>> 0);
}
