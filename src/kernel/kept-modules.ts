// What the compiler made of the local files that a cell imports, kept between kernels: most cells of
// the lab import the same unedited files of src, and checking and emitting them anew would cost more
// than running the notebook.

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
import type { TypeScript } from "./tslab";

/** Sets of files; when there are more, those written longest ago are dropped. */
const MAX_KEPT_SETS = 200;

export interface KeptModule {
  js: string;
  /** Source maps, from the last translation to the first. */
  maps: readonly string[];
}

interface FileSet {
  /** All of its files were checked, and nothing was wrong with any. */
  clean: boolean;
  modules: Record<string, KeptModule>;
}

/**
 * Keyed by the texts of a cell's local imports, direct and indirect: what is emitted for a file also
 * depends on what it imports, and whether it is free of errors even more so.
 */
export class KeptModules {
  private set: FileSet | undefined;
  private file: string | undefined;
  private changed = false;
  /** Of everything else that decides what the compiler says and emits. */
  private readonly surroundings: string;

  constructor(
    private readonly root: string,
    private readonly directory: string | undefined,
  ) {
    const packages = statSync(path.join(root, "node_modules", ".package-lock.json"), {
      throwIfNoEntry: false,
    });
    const options = readFileSync(path.join(root, "tsconfig.json"), "utf8");
    this.surroundings = `${packages?.mtimeMs} ${packages?.size} ${options}`;
  }

  /** Turns to the files that a cell imports. @returns whether they are known to be free of errors. */
  turnTo(files: readonly TypeScript.SourceFile[]): boolean {
    this.set = undefined;
    if (!this.directory || files.length === 0) return false;
    const hash = createHash("sha256").update(this.surroundings);
    for (const { fileName, text } of [...files].sort(byName)) {
      hash.update(`\0${this.name(fileName)}\0${text}`);
    }
    this.file = path.join(this.directory, "modules", `${hash.digest("hex").slice(0, 32)}.json`);
    this.set = read(this.file) ?? { clean: false, modules: {} };
    this.changed = false;
    return this.set.clean;
  }

  /** Says that the files were checked, and nothing was wrong. */
  foundClean(): void {
    if (!this.set || this.set.clean) return;
    this.set.clean = true;
    this.changed = true;
  }

  get(fileName: string): KeptModule | undefined {
    return this.set?.modules[this.name(fileName)];
  }

  keep(fileName: string, module: KeptModule): void {
    if (!this.set) return;
    this.set.modules[this.name(fileName)] = module;
    this.changed = true;
  }

  /** Writes what is new. A cache that cannot be written is none. */
  save(): void {
    if (!this.changed || !this.set?.clean || !this.file) return;
    this.changed = false;
    const directory = path.dirname(this.file);
    const draft = `${this.file}.${process.pid}.tmp`;
    try {
      // Not the folder above it: a build that was removed meanwhile must not come back half.
      if (!existsSync(directory)) mkdirSync(directory);
      writeFileSync(draft, JSON.stringify(this.set));
      renameSync(draft, this.file);
      dropOldest(directory);
    } catch {
      rmSync(draft, { force: true });
    }
  }

  private name(fileName: string): string {
    return path.relative(this.root, fileName);
  }
}

function byName(a: TypeScript.SourceFile, b: TypeScript.SourceFile): number {
  return a.fileName < b.fileName ? -1 : 1;
}

function read(file: string): FileSet | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function dropOldest(directory: string): void {
  const names = readdirSync(directory);
  if (names.length <= MAX_KEPT_SETS) return;
  const age = (name: string) => statSync(path.join(directory, name)).mtimeMs;
  const oldestFirst = names.map((name) => [age(name), name] as const).sort(([a], [b]) => a - b);
  for (const [, name] of oldestFirst.slice(0, names.length - MAX_KEPT_SETS)) {
    rmSync(path.join(directory, name), { force: true });
  }
}
