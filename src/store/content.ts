/**
 * Content of known size and hash. It may lie in memory or in a file, and is read in pieces: so the largest
 * configuration needs no more memory than a small one.
 */

import { isUtf8 } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { TextDecoder } from "node:util";
import { type Files, openFile, writeWhole } from "./file-system";
import { IN_MEMORY_MAX_BYTES, PIECE_BYTES } from "./limits";

export interface Content {
  /** In bytes. */
  readonly size: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** All of it, when it is in memory. */
  readonly bytes?: Uint8Array;
  /** From its beginning, as often as wanted. @throws when it cannot be read */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Content that was received and is not kept yet. */
export interface Draft extends Content {
  /** Removes its file, if it has one. To be called when the content is kept elsewhere, or not wanted. */
  discard(): Promise<void>;
}

const DRAFT_NAME = /^[0-9a-f]{16}\.draft$/;

export function draftName(): string {
  return `${randomBytes(8).toString("hex")}.draft`;
}

/** True for names that `draftName` makes: what has another name in the folder is not the store's. */
export function isDraftName(name: string): boolean {
  return DRAFT_NAME.test(name);
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function contentOf(bytes: Uint8Array, hash = sha256(bytes)): Content {
  return { size: bytes.length, sha256: hash, bytes, pieces: () => inPieces(bytes) };
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** Whole, for content that is small enough. */
export async function bytesOf(content: Content): Promise<Buffer> {
  if (Buffer.isBuffer(content.bytes)) return content.bytes;
  const gathered: Uint8Array[] = [];
  for await (const piece of content.pieces()) gathered.push(piece);
  return Buffer.concat(gathered);
}

/** True for UTF-8 without NUL. Reads all of it, so that damage is found before a byte is sent. */
export async function isText(content: Content): Promise<boolean> {
  if (content.bytes !== undefined) return isUtf8(content.bytes) && !content.bytes.includes(0);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let result = true;
  for await (const piece of content.pieces()) {
    result &&= !piece.includes(0) && decodes(decoder, piece);
  }
  return result && decodes(decoder);
}

function decodes(decoder: TextDecoder, piece?: Uint8Array): boolean {
  try {
    decoder.decode(piece, { stream: piece !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** The pieces of a draft, once: it is discarded at their end, or when they are not wanted after all. */
export function sending(draft: Draft): AsyncIterable<Uint8Array> {
  const pieces = draft.pieces()[Symbol.asyncIterator]();
  const end = async () => {
    await pieces.return?.();
    await draft.discard();
    return { done: true as const, value: undefined };
  };
  const next = async () => {
    const result = await pieces.next();
    return result.done ? end() : result;
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
}

/** Part of a file, which may be shorter than it should be. */
export async function* filePieces(
  files: Files,
  file: string,
  offset: number,
  size: number,
): AsyncGenerator<Buffer> {
  const handle = await openFile(files, file);
  try {
    for (let done = 0; done < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size - done));
      const { bytesRead } = await handle.read(piece, 0, piece.length, offset + done);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/**
 * Receives content: into memory, and when that is too much of it into a file in `folder`.
 * @throws what `source` throws, or Error of the file system; then nothing is left
 */
export async function receive(
  files: Files,
  folder: string,
  source: AsyncIterable<Uint8Array>,
): Promise<Draft> {
  const hash = createHash("sha256");
  const file = path.join(folder, draftName());
  let gathered: Uint8Array[] = [];
  let waiting = 0;
  let size = 0;
  let handle: FileHandle | undefined;
  const discard = async () => {
    if (handle !== undefined) await files.unlink(file).catch(() => undefined); // the next start removes it
  };
  try {
    for await (const piece of source) {
      hash.update(piece);
      gathered.push(piece);
      waiting += piece.length;
      if (waiting <= IN_MEMORY_MAX_BYTES) continue;
      handle ??= await files.open(file, "wx", 0o600);
      size = await writeWhole(handle, Buffer.concat(gathered), size);
      [gathered, waiting] = [[], 0];
    }
    const rest = Buffer.concat(gathered);
    if (handle === undefined) {
      return { ...contentOf(rest, hash.digest("hex")), discard };
    }
    size = await writeWhole(handle, rest, size);
  } catch (error) {
    await discard();
    throw error;
  } finally {
    await handle?.close();
  }
  const pieces = () => filePieces(files, file, 0, size);
  return { size, sha256: hash.digest("hex"), pieces, discard };
}
