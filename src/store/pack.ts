/**
 * The versions of one group of changes, in one file, so that one sync keeps them all:
 *
 *     <hash> [{"name":"core-1","number":3,"size":17,...},...]    the index, a line
 *     hostname core-1 ...                                        each content, as it was put
 *     <hash> [{"name":"core-1","number":3,"size":17,...},...]    the index again
 *
 * A pack is never changed. Its index is in it twice: were it lost, an older version would pass for
 * the current one.
 */

import { createHash } from "node:crypto";
import path from "node:path";
import { systemCode } from "../program/system-code";
import { type Content, filePieces, sha256 } from "./content";
import { nameProblem } from "./device-name";
import { StoreError } from "./errors";
import { type Files, openFile, syncFolder, writeNewFile } from "./file-system";
import { INDEX_MAX_BYTES } from "./limits";
import type { Version } from "./version";

/** A version, and where its content lies. */
export interface KeptVersion extends Version {
  /** Name of the file. */
  readonly pack: string;
  /** Of its first byte in the file. */
  readonly offset: number;
}

export interface PackEntry {
  readonly name: string;
  readonly version: Version;
  /** Undefined for a deletion. */
  readonly content: Content | undefined;
}

/** As many digits as PACK_MAX_NUMBER has. */
const PACK_NAME = /^(\d{8,12})\.pack$/;
const HASH_CHARACTERS = 16;
/** Longer than the index of most packs. */
const FIRST_READ_BYTES = 4_096;

export function packName(number: number): string {
  return `${String(number).padStart(8, "0")}.pack`;
}

/** The number in a pack's name, or undefined for a name that `packName` never makes. */
export function packNumber(name: string): number | undefined {
  const number = Number(PACK_NAME.exec(name)?.[1]);
  return packName(number) === name ? number : undefined;
}

/**
 * Writes a pack, under another name until it is whole, and resolves when a power cut can take neither its
 * content nor its name. Nothing is left when it fails.
 * @throws StoreError IN_USE when the name is taken: another process writes to the store;
 *   LEFT_OVER when a pack that failed could not be removed; Error of the file system
 */
export async function writePack(
  files: Files,
  folder: string,
  draft: string,
  number: number,
  entries: readonly PackEntry[],
): Promise<KeptVersion[]> {
  const name = packName(number);
  const index = indexLine(entries.map((entry) => ({ name: entry.name, ...entry.version })));
  await writeNewFile(files, draft, packPieces(index, entries));
  const file = path.join(folder, name);
  try {
    // Unlike a rename, this fails when there is such a file already: no pack can replace another.
    await files.link(draft, file);
  } catch (error) {
    await files.unlink(draft).catch(() => undefined); // the next start removes it
    if (systemCode(error) !== "EEXIST") throw error;
    throw new StoreError("IN_USE", `another process has written ${name}: this one must stop`);
  }
  await files.unlink(draft).catch(() => undefined); // likewise
  try {
    await syncFolder(files, folder);
  } catch (error) {
    // There is no way to know if the name would outlive a power cut: so the change has failed.
    await files.unlink(file).catch((cause: unknown) => {
      const text = `${name} could be neither kept nor removed: start the program again`;
      throw new StoreError("LEFT_OVER", text, cause);
    });
    throw error;
  }
  let offset = index.length;
  return entries.map(({ version }) => {
    offset += version.size;
    return { ...version, pack: name, offset: offset - version.size };
  });
}

async function* packPieces(
  index: Uint8Array,
  entries: readonly PackEntry[],
): AsyncGenerator<Uint8Array> {
  yield index;
  for (const { content } of entries) {
    if (content === undefined) continue;
    for await (const piece of content.pieces()) yield piece;
  }
  yield Buffer.from("\n");
  yield index;
}

/**
 * What a pack holds, by device name; undefined when neither of its indexes can be read.
 * @throws Error of the file system, ENOTREG for what is no regular file
 */
export async function readIndex(
  files: Files,
  folder: string,
  pack: string,
): Promise<[name: string, version: KeptVersion][] | undefined> {
  const handle = await openFile(files, path.join(folder, pack));
  try {
    const part = async (from: number, length: number) => {
      const bytes = Buffer.allocUnsafe(length);
      const { bytesRead } = await handle.read(bytes, 0, length, from);
      return bytes.subarray(0, bytesRead);
    };
    const firstLine = (bytes: Buffer) => bytes.subarray(0, bytes.indexOf("\n") + 1);
    const found = parseIndex(firstLine(await part(0, FIRST_READ_BYTES)), pack);
    if (found !== undefined) return found;
    const longer = parseIndex(firstLine(await part(0, INDEX_MAX_BYTES)), pack);
    if (longer !== undefined) return longer;
    const { size } = await handle.stat();
    const end = await part(Math.max(0, size - INDEX_MAX_BYTES), INDEX_MAX_BYTES);
    return parseIndex(end.subarray(end.lastIndexOf("\n", end.length - 2) + 1), pack);
  } finally {
    await handle.close();
  }
}

/**
 * The content of a kept version.
 * @throws StoreError DAMAGED, while it is read and before its last piece, when it is not what was written
 */
export function keptContent(
  files: Files,
  folder: string,
  name: string,
  version: KeptVersion,
): Content {
  const damaged = (what: string, cause?: unknown) =>
    new StoreError("DAMAGED", `version ${version.number} of ${name} ${what}`, cause);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    let last: Uint8Array | undefined;
    try {
      const file = path.join(folder, version.pack);
      for await (const piece of filePieces(files, file, version.offset, version.size)) {
        if (last !== undefined) yield last;
        hash.update(piece);
        last = piece;
      }
    } catch (error) {
      throw damaged("cannot be read", error);
    }
    if (hash.digest("hex") !== version.sha256) {
      throw damaged("is damaged: its file is not what was written");
    }
    if (last !== undefined) yield last;
  }
  return { size: version.size, sha256: version.sha256, pieces };
}

function indexLine(entries: readonly object[]): Buffer {
  const text = JSON.stringify(entries);
  return Buffer.from(`${sha256(text).slice(0, HASH_CHARACTERS)} ${text}\n`);
}

function parseIndex(
  line: Uint8Array,
  pack: string,
): [name: string, version: KeptVersion][] | undefined {
  const text = Buffer.from(line).toString("utf8").trimEnd();
  const json = text.slice(HASH_CHARACTERS + 1);
  if (json === "" || sha256(json).slice(0, HASH_CHARACTERS) !== text.slice(0, HASH_CHARACTERS)) {
    return undefined;
  }
  const entries = JSON.parse(json) as ({ name: string } & Version)[]; // we wrote it: see the hash
  let offset = line.length;
  const versions: [string, KeptVersion][] = [];
  for (const { name, ...version } of entries) {
    if (nameProblem(name) === undefined) versions.push([name, { ...version, pack, offset }]);
    offset += version.size;
  }
  return versions;
}
