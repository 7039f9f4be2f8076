/**
 * The versions of one group of changes, in one file, so that one sync keeps them all:
 *
 *     <checksum> [{"name":"core-1","number":3,"size":17,...},...]    the index, a line
 *     hostname core-1 ...                                            each content, as it was put
 *     <checksum> [{"name":"core-1","number":3,"size":17,...},...]    the index again
 *
 * A pack is never changed. Its index stands in it twice: were it lost, an older version would pass for
 * the current one.
 */

import path from "node:path";
import { nameProblem } from "./device-name";
import { type Files, syncFolder, writeNewFile } from "./file-system";
import { sha256, type Version } from "./version";

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
  readonly bytes: Uint8Array;
}

const PACK_NAME = /^(\d{8,15})\.pack$/;
const CHECKSUM_CHARACTERS = 16;
/** Longer than the index of most packs. */
const FIRST_LOOK_BYTES = 4_096;

export function packName(number: number): string {
  return `${String(number).padStart(8, "0")}.pack`;
}

/** The number in a pack's name, or undefined for another file. */
export function packNumber(name: string): number | undefined {
  const match = PACK_NAME.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/**
 * Writes a pack, under another name until it is whole, and resolves when a power cut can take neither its
 * content nor its name. Nothing is left when it fails. @throws Error of the file system
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
  const contents = entries.map(({ bytes }) => bytes);
  await writeNewFile(files, draft, Buffer.concat([index, ...contents, Buffer.from("\n"), index]));
  const file = path.join(folder, name);
  try {
    await files.rename(draft, file);
    await syncFolder(files, folder);
  } catch (error) {
    // Nobody knows whether the name would outlive a power cut: so nobody is told of it.
    for (const left of [draft, file]) await files.unlink(left).catch(() => undefined);
    throw error;
  }
  let offset = index.length;
  return entries.map(({ version }) => {
    offset += version.size;
    return { ...version, pack: name, offset: offset - version.size };
  });
}

/** What a pack holds, by device name; undefined when neither of its indexes can be read. */
export async function readIndex(
  files: Files,
  folder: string,
  pack: string,
): Promise<[name: string, version: KeptVersion][] | undefined> {
  const handle = await files.open(path.join(folder, pack), "r");
  let whole: Buffer;
  try {
    const first = Buffer.alloc(FIRST_LOOK_BYTES);
    const { bytesRead } = await handle.read(first, 0, first.length, 0);
    const found = parseIndex(
      first.subarray(0, first.subarray(0, bytesRead).indexOf("\n") + 1),
      pack,
    );
    if (found !== undefined) return found;
    whole = await handle.readFile();
  } finally {
    await handle.close();
  }
  // handle.readFile goes on from where nothing was read yet: positions of reads do not count.
  const second = whole.subarray(whole.lastIndexOf("\n", whole.length - 2) + 1);
  return parseIndex(whole.subarray(0, whole.indexOf("\n") + 1), pack) ?? parseIndex(second, pack);
}

/** The content of a version, which may not be what it was: look at its checksum. */
export async function readContent(
  files: Files,
  folder: string,
  { pack, offset, size }: KeptVersion,
): Promise<Buffer> {
  const handle = await files.open(path.join(folder, pack), "r");
  try {
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function indexLine(entries: readonly object[]): Buffer {
  const text = JSON.stringify(entries);
  return Buffer.from(`${sha256(text).slice(0, CHECKSUM_CHARACTERS)} ${text}\n`);
}

function parseIndex(
  line: Uint8Array,
  pack: string,
): [name: string, version: KeptVersion][] | undefined {
  const text = Buffer.from(line).toString("utf8").trimEnd();
  const json = text.slice(CHECKSUM_CHARACTERS + 1);
  if (
    json === "" ||
    sha256(json).slice(0, CHECKSUM_CHARACTERS) !== text.slice(0, CHECKSUM_CHARACTERS)
  ) {
    return undefined;
  }
  const entries = JSON.parse(json) as ({ name: string } & Version)[]; // we wrote it: see the checksum
  let offset = line.length;
  const versions: [string, KeptVersion][] = [];
  for (const { name, ...version } of entries) {
    if (nameProblem(name) === undefined) versions.push([name, { ...version, pack, offset }]);
    offset += version.size;
  }
  return versions;
}
