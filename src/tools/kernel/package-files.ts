// Loads tslab and its TypeScript without Node's loader of modules. So TypeScript's nine megabytes come
// with the machine code that V8 kept of an earlier load, which takes a fifth of a second less; and so a
// snapshot can hold them: Node refuses one in which its own loader has loaded anything.

import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import vm from "node:vm";

/** Smaller files load no quicker with kept machine code. */
const MIN_KEPT_BYTES = 1_000_000;

interface Loaded {
  exports: unknown;
}

export class PackageFiles {
  private readonly loaded = new Map<string, Loaded>();
  private keepers: (() => void)[] = [];

  /** @param directory where machine code is kept between starts; undefined when nothing can be kept. */
  constructor(private readonly directory: string | undefined) {}

  /** What the CommonJS or JSON file `file` exports; evaluated when first asked for. */
  load(file: string): unknown {
    const known = this.loaded.get(file);
    if (known) return known.exports;
    const module: Loaded = { exports: {} };
    this.loaded.set(file, module);
    if (file.endsWith(".json")) module.exports = JSON.parse(readFileSync(file, "utf8"));
    else this.evaluate(file, module);
    return module.exports;
  }

  /** Has `load` give `exports` for `file` from now on. */
  replace(file: string, exports: unknown): void {
    this.loaded.set(file, { exports });
  }

  /** Keeps the machine code of what has been loaded; to be called once it has been in use. */
  keepCode(): void {
    for (const keep of this.keepers) keep();
    this.keepers = [];
  }

  /** Has Node's own loader give the same, from now on, for what has been loaded here. */
  share(require: NodeJS.Require): void {
    for (const [file, { exports }] of this.loaded) {
      const module = new Module(file) as NodeModule;
      require.cache[file] = Object.assign(module, { exports, filename: file, loaded: true });
    }
  }

  private evaluate(file: string, module: Loaded): void {
    const native = createRequire(file);
    const require = (id: string) => (isBuiltin(id) ? native(id) : this.load(native.resolve(id)));
    this.compile(file).call(
      module.exports,
      module.exports,
      require,
      module,
      file,
      path.dirname(file),
    );
  }

  private compile(file: string): (...args: unknown[]) => void {
    const source = Module.wrap(readFileSync(file, "utf8"));
    const { mtimeMs, size } = statSync(file);
    if (!this.directory || size < MIN_KEPT_BYTES) {
      return new vm.Script(source, { filename: file }).runInThisContext();
    }
    return this.compileKept(source, file, path.join(this.directory, keptName(file, mtimeMs, size)));
  }

  private compileKept(source: string, file: string, keptFile: string) {
    const cachedData = read(keptFile);
    const script = new vm.Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
    if (!cachedData || script.cachedDataRejected) {
      this.keepers.push(() => keep(script, keptFile));
    }
    return script.runInThisContext();
  }
}

function keptName(file: string, mtimeMs: number, size: number): string {
  return `${path.basename(file)}-${size}-${Math.trunc(mtimeMs)}-v8-${process.versions.v8}-${process.arch}`;
}

function keep(script: vm.Script, file: string): void {
  try {
    const draft = `${file}.${process.pid}.tmp`;
    writeFileSync(draft, script.createCachedData());
    renameSync(draft, file);
  } catch {
    // Nothing depends on it: the next start is only slower.
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
