// Cells to JavaScript: tslab's converter, repaired.

import path from "node:path";
import { calleeAt, syntaxOf } from "./cell-syntax";
import { compileError } from "./compile-error";
import type { CompiledCell, CompiledModule } from "./compiled-cell";
import { type Completions, completeImport } from "./import-completion";
import { KeptCells } from "./kept-cells";
import { KeptModules } from "./kept-modules";
import { Diagnostics } from "./repairs/diagnostics";
import { repairEarlierNames } from "./repairs/earlier-names";
import { guards } from "./repairs/guards";
import { lightBuilder } from "./repairs/light-builder";
import { checkOnce, emitOnce } from "./repairs/local-modules";
import { OneBuild } from "./repairs/one-build";
import { repairRebuildTimer } from "./repairs/rebuild-timer";
import { repairReparsedFiles } from "./repairs/reparsed-files";
import { CodeMaps } from "./repairs/source-maps";
import { strictOptions } from "./repairs/strict-options";
import { hasTopLevelAwait } from "./repairs/top-level-await";
import { WatchedFiles } from "./repairs/watched-files";
import type { SharedState } from "./threads";
import {
  type Builder,
  type Converter,
  loadTslab,
  type Ts,
  type Tslab,
  type TypeScript,
} from "./tslab";

/** "Cannot find module": worth another look when the next cell runs. */
const MODULE_NOT_FOUND_CODES = new Set([2307, 2792, 7016]);

export class Compiler {
  readonly tslab: Tslab;
  private readonly converter: Converter;
  private readonly maps = new CodeMaps();
  private readonly diagnostics: Diagnostics;
  private readonly watched: WatchedFiles;
  private readonly oneBuild: OneBuild;
  private readonly kept: KeptModules;
  private readonly keptCells: KeptCells;
  private conversions = 0;
  private importFailed = false;
  /** Module cells by the path that the compiler gives them. */
  private readonly moduleCells = new Map<string, string>();
  private readonly moduleTexts = new Map<string, string>();
  /** Module cells that tslab has not been told of yet. */
  private readonly pending = new Map<string, string>();
  private declarations = "";
  /** Told while the compiler runs. */
  state: SharedState | undefined;

  constructor(
    private readonly root: string,
    /** Where the next start finds TypeScript's machine code, and the next cell what came of earlier ones. */
    kept: { code?: string; modules?: string } = {},
  ) {
    this.kept = new KeptModules(root, kept.modules);
    this.keptCells = new KeptCells(root, kept.modules, this.kept);
    let parts: { diagnostics: Diagnostics; watched: WatchedFiles; oneBuild: OneBuild } | undefined;
    this.tslab = loadTslab(root, kept.code, (ts) => {
      parts = {
        diagnostics: new Diagnostics(ts),
        watched: new WatchedFiles(ts, root),
        oneBuild: new OneBuild(ts),
      };
      parts.watched.install();
      return {
        ...parts.diagnostics.capture((check) => checkOnce(check, this.kept)),
        createWatchProgram: ((
          host: TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<Builder>,
        ) => {
          repairEarlierNames(ts, host);
          repairReparsedFiles(host);
          emitOnce(host, root, this.kept, this.maps);
          this.keptCells.attach(host);
          parts?.oneBuild.attach(host);
          return ts.createWatchProgram(host);
        }) as Ts["createWatchProgram"],
        transpileModule: this.maps.transpileModule(ts, [guards(ts)]),
        createWatchCompilerHost: this.createHost(ts, parts.oneBuild),
      };
    });
    ({
      diagnostics: this.diagnostics,
      watched: this.watched,
      oneBuild: this.oneBuild,
    } = parts as NonNullable<typeof parts>);
    this.converter = this.tslab.createConverter();
  }

  private createHost(ts: Ts, oneBuild: OneBuild): Ts["createWatchCompilerHost"] {
    const create = (...args: Parameters<Ts["createWatchCompilerHost"]>) => {
      const [files, options, system, , ...rest] = args;
      oneBuild.repair(system);
      repairRebuildTimer(system);
      const repaired = { ...options, ...strictOptions(ts, this.root), inlineSourceMap: true };
      return ts.createWatchCompilerHost(files, repaired, system, lightBuilder(ts), ...rest);
    };
    return create as Ts["createWatchCompilerHost"]; // the overload with root files is the one tslab calls
  }

  /** The module that a cell declares in its first comment, `@module name`. */
  moduleName(code: string): string | undefined {
    return this.tslab.getCodeMetadata(code).module;
  }

  /**
   * Compiles a cell and the local modules that it imports.
   * @throws CompileError listing every problem.
   */
  compile(code: string, label: string): CompiledCell {
    return this.work(() => {
      this.refresh();
      const input = { declarations: this.declarations, moduleCells: this.moduleTexts, code };
      const known = this.keptCells.find(input);
      if (known) return known;
      this.addPending();
      // A text of its own each time: TypeScript keeps the old program when nothing has changed.
      this.conversions += 1;
      const text = code + this.marker;
      const result = this.oneBuild.convert(text, () =>
        this.converter.convert(this.declarations, text),
      );
      this.check(result.diagnostics, label);
      this.kept.save();
      const cell: CompiledCell = {
        js: result.output ?? "",
        map: this.maps.take(result.output ?? ""),
        async: result.hasToplevelAwait === true || hasTopLevelAwait(this.tslab.ts, code),
        resultName: result.lastExpressionVar,
        modules: (result.sideOutputs ?? []).map((out) => ({
          ...out,
          map: this.maps.take(out.data),
        })),
        declarations: result.declOutput ?? "",
      };
      this.keptCells.keep(input, cell);
      return cell;
    });
  }

  /**
   * Registers a module cell.
   * @throws CompileError listing every problem; the module is registered all the same, as tslab does.
   */
  addModule(name: string, code: string, label: string): void {
    this.work(() => {
      this.refresh();
      const file = this.modulePath(name);
      this.moduleCells.set(file, label);
      const before = this.moduleTexts.get(file);
      this.moduleTexts.set(file, code);
      // A new module has no importers yet; an import of it that failed is tried again anyhow.
      if (before !== undefined && before !== code) this.watched.emitAllAgain();
      const input = { declarations: "", moduleCells: this.moduleTexts };
      if (this.keptCells.isClean(input)) {
        this.pending.set(name, code);
        return;
      }
      this.addPending();
      this.check(this.converter.addModule(name, code, {}), label);
      this.keptCells.keep(input);
    });
  }

  /** Tells tslab of module cells that are known to be clean, now that something is to be built. */
  private addPending(): void {
    for (const [name, code] of this.pending) {
      this.oneBuild.skip(() =>
        this.diagnostics.skip(() => this.converter.addModule(name, code, {})),
      );
    }
    this.pending.clear();
  }

  /** Keeps what a cell that ran declared. */
  commit({ declarations }: CompiledCell): void {
    this.declarations = declarations;
  }

  complete(code: string, offset: number): Completions {
    return this.work(() => {
      this.refresh();
      const names = Array.from(this.moduleTexts.keys(), (file) => path.basename(file, ".ts"));
      const found = completeImport(code, offset, this.root, names);
      if (found) return found;
      this.addPending();
      return this.converter.complete(this.declarations, code, offset);
    });
  }

  /** What is at an offset, or right before it, as a cursor stands when a name has been typed; else the called function. */
  inspect(code: string, offset: number) {
    return this.work(() => {
      this.refresh();
      this.addPending();
      for (const at of [offset, offset - 1, calleeAt(this.tslab.ts, code, offset)]) {
        const info = at >= 0 && this.converter.inspect(this.declarations, code, at);
        if (info) return info;
      }
      return undefined;
    });
  }

  syntax(code: string): "complete" | "incomplete" | "invalid" {
    return syntaxOf(this.tslab.ts, code);
  }

  /** The source of an emitted module: a module cell's label, or a file below the root. */
  sourceOf(module: CompiledModule): { label: string; file?: string; moduleCell: boolean } {
    const emitted = path.join(this.root, "outDir", path.relative(this.root, module.path));
    const file = path.resolve(path.dirname(emitted), module.map?.source || module.path);
    const cell = this.moduleCells.get(file);
    if (cell) return { label: cell, moduleCell: true };
    return { label: path.relative(this.root, file), file, moduleCell: false };
  }

  private work<T>(work: () => T): T {
    return this.state ? this.state.compile(work) : work();
  }

  /** Put after a cell: makes its text its own. */
  private get marker(): string {
    return `\n// ${this.conversions}`;
  }

  private modulePath(name: string): string {
    return path.join(this.root, `${name}.ts`).replaceAll("\\", "/");
  }

  private refresh(): void {
    if (this.importFailed) this.watched.forgetMissing();
    this.importFailed = false;
    this.watched.refresh();
  }

  private check(reported: readonly { code: number }[], label: string): void {
    if (reported.length === 0) return;
    const problems = this.diagnostics.problems(reported);
    this.importFailed = problems.some(({ code }) => MODULE_NOT_FOUND_CODES.has(code));
    throw compileError(problems, {
      root: this.root,
      label,
      moduleCells: this.moduleCells,
      marker: this.marker,
    });
  }
}
