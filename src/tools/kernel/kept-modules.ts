// What the compiler made of the local files that cells import, kept between kernels: most cells of the
// lab import the same unedited files of src, and checking and emitting them anew would cost more than
// running the notebook.

import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { KeptFiles, sha256 } from "./kept-files";
import type { TypeScript } from "./tslab";

export interface KeptModule {
  js: string;
  /** Source maps, from the last translation to the first. */
  maps: readonly string[];
}

/** Of one file. What is stored is that of a clean file: it was checked, and nothing was wrong with it. */
interface Kept {
  key: string;
  clean: boolean;
  module?: KeptModule;
  changed?: boolean;
}

/** Facts about a file that every parse finds, and that are not in the public types. */
interface Parsed {
  externalModuleIndicator?: unknown;
  moduleAugmentations?: readonly unknown[];
}

/**
 * Keyed, for each file, by its own text and those of the local files that it imports, direct and
 * indirect: what is emitted for a file also depends on what it imports, and whether it is free of
 * errors even more so. So all cells and all kernels share what became of a file.
 */
export class KeptModules {
  private files = new Map<string, Kept>();
  private readonly hashes = new WeakMap<TypeScript.SourceFile, string>();
  /** Of everything else that decides what the compiler says and emits. */
  readonly surroundings: string;
  private readonly stored: KeptFiles<KeptModule | null> | undefined;

  /** @param directory none: nothing is kept */
  constructor(
    private readonly root: string,
    directory: string | undefined,
  ) {
    this.stored = directory ? new KeptFiles(directory, "modules") : undefined;
    const packages = statSync(path.join(root, "node_modules", ".package-lock.json"), {
      throwIfNoEntry: false,
    });
    const options = readFileSync(path.join(root, "tsconfig.json"), "utf8");
    this.surroundings = `${packages?.mtimeMs} ${packages?.size} ${options}`;
  }

  /**
   * Turns to the files that a cell imports.
   * @param importsOf a file and all that it imports, direct and indirect
   * @returns those that are not known to be free of errors
   */
  turnTo(
    files: readonly TypeScript.SourceFile[],
    importsOf: (file: TypeScript.SourceFile) => readonly TypeScript.SourceFile[],
  ): TypeScript.SourceFile[] {
    const before = this.files;
    this.files = new Map();
    if (!this.stored) return [...files];
    const surroundings = `${this.surroundings}\0${this.texts(files.filter(concernsOthers))}`;
    for (const file of files) {
      const local = importsOf(file).filter(({ fileName }) => !fileName.includes("/node_modules/"));
      const texts = `${surroundings}\0${this.name(file.fileName)}\0${this.texts(local)}`;
      const key = sha256(texts).slice(0, 32);
      const known = before.get(file.fileName);
      this.files.set(file.fileName, known?.key === key ? known : this.read(key));
    }
    return files.filter(({ fileName }) => !this.files.get(fileName)?.clean);
  }

  /** Says that a file was checked, and nothing was wrong with it. */
  foundClean(fileName: string): void {
    const kept = this.files.get(fileName);
    if (!kept || kept.clean) return;
    kept.clean = true;
    kept.changed = true;
  }

  /** What was emitted for a file that the cell imports. */
  get(fileName: string): KeptModule | undefined {
    return this.files.get(fileName)?.module;
  }

  keep(fileName: string, module: KeptModule): void {
    const kept = this.files.get(fileName);
    if (!kept) return;
    kept.module = module;
    kept.changed = true;
  }

  /** The key under which the module of a file is stored, once all is saved. */
  keyOf(fileName: string): string | undefined {
    const kept = this.files.get(fileName);
    return kept?.clean && kept.module ? kept.key : undefined;
  }

  /** The module stored under that key. */
  find(key: string): KeptModule | undefined {
    return this.stored?.read(key) ?? undefined;
  }

  /** Writes what is new. */
  save(): void {
    const changed = [...this.files.values()].filter((kept) => kept.changed && kept.clean);
    for (const kept of changed) kept.changed = false;
    this.stored?.write(changed.map(({ key, module }) => [key, module ?? null]));
  }

  private read(key: string): Kept {
    const module = this.stored?.read(key);
    return { key, clean: module !== undefined, ...(module && { module }) };
  }

  /** Stands for the names and texts of files. */
  private texts(files: readonly TypeScript.SourceFile[]): string {
    return files
      .map((file) => `${this.name(file.fileName)}\0${this.hash(file)}`)
      .sort()
      .join("\0");
  }

  /** Of its text. */
  hash(file: TypeScript.SourceFile): string {
    const hash = this.hashes.get(file) ?? sha256(file.text);
    this.hashes.set(file, hash);
    return hash;
  }

  /** Relative to the root. */
  name(fileName: string): string {
    return path.relative(this.root, fileName);
  }
}

/** Whether a file declares something for files that do not import it: such files count for all. */
function concernsOthers(file: TypeScript.SourceFile): boolean {
  const { externalModuleIndicator, moduleAugmentations } = file as Parsed;
  return !externalModuleIndicator || !!moduleAugmentations?.length;
}
