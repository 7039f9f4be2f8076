// Small JSON files in the cache, each named by a hash of all that its content depends on: so none is ever
// wrong, and all kernels share them.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/** When more are kept, half of them go: those written longest ago. */
const MAX_KEPT = 2_000;

export class KeptFiles<T> {
  private readonly folder: string;

  constructor(directory: string, name: string) {
    this.folder = path.join(directory, name);
  }

  /** What was stored under that key; undefined when nothing was. */
  read(key: string): T | undefined {
    try {
      return JSON.parse(readFileSync(this.file(key), "utf8"));
    } catch {
      return undefined;
    }
  }

  /** A cache that cannot be written is none. */
  write(entries: readonly (readonly [key: string, content: T])[]): void {
    if (entries.length === 0) return;
    try {
      // Not the folder above it: a build that was removed meanwhile must not come back half.
      if (!existsSync(this.folder)) mkdirSync(this.folder);
      for (const [key, content] of entries) write(this.file(key), JSON.stringify(content));
      dropOldest(this.folder);
    } catch {
      // The next kernel does the work again.
    }
  }

  private file(key: string): string {
    return path.join(this.folder, `${key}.json`);
  }
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function write(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function dropOldest(directory: string): void {
  const names = readdirSync(directory);
  if (names.length <= MAX_KEPT) return;
  const age = (name: string) => statSync(path.join(directory, name)).mtimeMs;
  const oldestFirst = names.map((name) => [age(name), name] as const).sort(([a], [b]) => a - b);
  for (const [, name] of oldestFirst.slice(0, names.length - MAX_KEPT / 2)) {
    rmSync(path.join(directory, name), { force: true });
  }
}
