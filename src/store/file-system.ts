/** What the store asks of the disk, and the habits that make a write last and a read safe. */

import { constants } from "node:fs";
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import path from "node:path";
import { PIECE_BYTES } from "./limits";

/** The calls of `node:fs/promises` that the store makes; a test can put a disk of its own here. */
export const REAL_FILES = { link, lstat, mkdir, open, readdir, rename, stat, unlink };

export type Files = typeof REAL_FILES;

/** Never waits for the other end of a FIFO, never follows a link to another file. (Windows has neither.) */
const SAFELY = (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Opens a regular file to read it. @throws Error of the file system; ENOTREG for what is no regular file */
export async function openFile(files: Files, file: string): Promise<FileHandle> {
  return regular(await files.open(file, constants.O_RDONLY | SAFELY), file);
}

/** Opens a regular file to write to it, and makes it when it is not there. @throws as `openFile` */
export async function openForWriting(files: Files, file: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | SAFELY;
  return regular(await files.open(file, flags, 0o600), file);
}

async function regular(handle: FileHandle, file: string): Promise<FileHandle> {
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw Object.assign(new Error(`${file} is no regular file`), { code: "ENOTREG" });
}

/** At most `maxBytes` of a file, as text. @throws as `openFile` */
export async function readText(files: Files, file: string, maxBytes: number): Promise<string> {
  const handle = await openFile(files, file);
  try {
    const bytes = Buffer.alloc(maxBytes);
    const { bytesRead } = await handle.read(bytes, 0, maxBytes, 0);
    return bytes.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Writes a new file, and resolves when its content is on the disk. Nothing is left when it fails.
 * @throws Error of the file system, EEXIST when the file is there already; what `pieces` throws
 */
export async function writeNewFile(
  files: Files,
  file: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const handle = await files.open(file, "wx", 0o600);
  try {
    try {
      await writePieces(handle, pieces);
      // Until here the content may be in memory alone, and a power cut would take it.
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await files.unlink(file).catch(() => undefined); // what failed may be the disk itself
    throw error;
  }
}

/** Small pieces are written together: each write is a call of the system. */
async function writePieces(
  handle: FileHandle,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  let at = 0;
  const write = async () => {
    const bytes = gathered.length === 1 ? gathered[0] : Buffer.concat(gathered);
    [gathered, length] = [[], 0];
    at = await writeWhole(handle, bytes, at);
  };
  for await (const piece of pieces) {
    gathered.push(piece);
    length += piece.length;
    if (length >= PIECE_BYTES) await write();
  }
  if (length > 0) await write();
}

/** @returns where the next byte goes */
export async function writeWhole(handle: FileHandle, bytes: Uint8Array, from: number) {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, from + done);
    done += bytesWritten;
  }
  return from + bytes.length;
}

/** Resolves when the names in the folder are on the disk: a file without its name is lost. */
export async function syncFolder(files: Files, folder: string): Promise<void> {
  if (process.platform === "win32") return; // NTFS keeps its names in order by itself
  const handle = await files.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a small file: its readers see the old content or the new, never a part. */
export async function replaceFile(files: Files, file: string, text: string): Promise<void> {
  const draft = `${file}.new`;
  await files.unlink(draft).catch(() => undefined); // left by a process that was killed here
  await writeNewFile(files, draft, [Buffer.from(text)]);
  await files.rename(draft, file);
  await syncFolder(files, path.dirname(file));
}
