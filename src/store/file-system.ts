/** What the store asks of the disk, and the two habits that make a write last. */

import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import path from "node:path";

/** The calls of `node:fs/promises` that the store makes; a test can put a disk of its own here. */
export const REAL_FILES = { mkdir, open, readdir, readFile, rename, stat, unlink };

export type Files = typeof REAL_FILES;

/**
 * Writes a new file, and resolves when its content is on the disk. Nothing is left when it fails.
 * @throws Error of the file system; EEXIST when the file is there already
 */
export async function writeNewFile(files: Files, file: string, bytes: Uint8Array): Promise<void> {
  const handle = await files.open(file, "wx", 0o600);
  try {
    try {
      await writeWhole(handle, bytes);
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

async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, at);
    at += bytesWritten;
  }
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

/** Replaces a small file: whoever reads it sees the old content or the new, never a part. */
export async function replaceFile(files: Files, file: string, text: string): Promise<void> {
  const draft = `${file}.new`;
  await files.unlink(draft).catch(() => undefined); // left by a process that was killed here
  await writeNewFile(files, draft, Buffer.from(text));
  await files.rename(draft, file);
  await syncFolder(files, path.dirname(file));
}
