// The modules that cells import: files of the repository and `@module` cells, as the compiler emitted
// them. An edited module is evaluated anew, and so is each module that imports it; the others keep
// their identity and state.

import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";
import { GUARD_PARAMETERS, type Guard } from "./repairs/guards";

interface Instance {
  exports: unknown;
  evaluated: boolean;
}

interface Code {
  js: string;
  version: number;
}

type Require = (id: string) => unknown;

export class Modules {
  private readonly code = new Map<string, Code>();
  private readonly instances = new Map<string, Instance>();
  /** importers.get(a) holds b when b has imported a. */
  private readonly importers = new Map<string, Set<string>>();
  /** Modules whose evaluation is under way, and may be imported half-way in a cycle. */
  private readonly evaluating = new Set<string>();
  private readonly json = new Map<string, { stamp: string; value: unknown }>();
  /** `require` for cells. */
  readonly require: Require;

  constructor(
    root: string,
    /** Modules that the kernel itself provides, such as `tslab`. */
    private readonly builtIn: (id: string) => unknown,
    /** Called before a module's code runs. `script` is the name that stack frames show. */
    private readonly onScript: (file: string, script: string) => void,
    private readonly guard: Guard,
  ) {
    this.require = this.requireFrom(path.join(root, "cell.js"));
  }

  /** Takes over newly emitted code. */
  update(emitted: readonly { path: string; data: string }[]): void {
    for (const { path: file, data } of emitted) {
      const before = this.code.get(file);
      if (before?.js === data) continue;
      this.code.set(file, { js: data, version: (before?.version ?? 0) + 1 });
      this.forget(file);
    }
  }

  /** To be called when a cell starts: a module whose evaluation was ended by force is evaluated again. */
  abandonEvaluations(): void {
    this.evaluating.clear();
  }

  private forget(file: string): void {
    if (!this.instances.delete(file)) return;
    for (const importer of this.importers.get(file) ?? []) this.forget(importer);
    this.importers.delete(file);
  }

  private requireFrom(importer: string): Require {
    const native = createRequire(importer);
    return (id) => {
      const builtIn = this.builtIn(id);
      if (builtIn) return builtIn;
      if (!/^\.{0,2}\//.test(id)) return native(id);
      const target = path.resolve(path.dirname(importer), id).replaceAll("\\", "/");
      const file = [target, `${target}.js`].find((candidate) => this.code.has(candidate));
      if (file) {
        this.importers.set(file, (this.importers.get(file) ?? new Set()).add(importer));
        return this.load(file);
      }
      return target.endsWith(".json") ? this.loadJson(target) : native(id);
    };
  }

  private load(file: string): unknown {
    const known = this.instances.get(file);
    if (known?.evaluated || (known && this.evaluating.has(file))) return known.exports;
    const { js, version } = this.code.get(file) as Code;
    const script = version === 1 ? file : `${file}?${version}`;
    this.onScript(file, script);
    const wrapper = vm.runInThisContext(
      `(function (exports, require, module, __filename, __dirname, ${GUARD_PARAMETERS}) {\n${js}\n})`,
      { filename: script, lineOffset: -1 },
    );
    const module: { exports: unknown } = { exports: {} };
    const instance: Instance = {
      get exports() {
        return module.exports;
      },
      evaluated: false,
    };
    this.instances.set(file, instance);
    this.evaluating.add(file);
    try {
      const { flags, interrupted } = this.guard;
      wrapper.call(
        module.exports,
        module.exports,
        this.requireFrom(file),
        module,
        file,
        path.dirname(file),
        flags,
        interrupted,
      );
      instance.evaluated = true;
    } finally {
      this.evaluating.delete(file);
      if (!instance.evaluated) this.instances.delete(file);
    }
    return module.exports;
  }

  private loadJson(file: string): unknown {
    const { mtimeMs, size } = statSync(file);
    const stamp = `${mtimeMs} ${size}`;
    const known = this.json.get(file);
    if (known?.stamp === stamp) return known.value;
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    this.json.set(file, { stamp, value });
    return value;
  }
}
