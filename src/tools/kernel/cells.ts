// Runs compiled cells, one after the other, in one shared scope: what a cell declares, later cells see.

import vm from "node:vm";
import { LINES_BEFORE_CELL } from "./compile-error";
import type { CompiledCell } from "./compiled-cell";
import type { Compiler } from "./compiler";
import { Modules } from "./modules";
import { GUARD_PARAMETERS, type Guard } from "./repairs/guards";
import type { Sources } from "./sources";
import type { DisplayData } from "./tslab";

export interface Cell {
  /** "cell tcp-server" or "In [3]". */
  label: string;
  /** Tells executions apart, also two of one cell. */
  serial: number;
  code: string;
}

export type RunResult = { value: unknown } | undefined;

/** Whether a person gave the cell its id: front ends make up a UUID, eight hexadecimal digits or a URI. */
export function isName(cellId: string): boolean {
  const isHex = /^[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$/i.test(cellId);
  return /^[\w-]+$/.test(cellId) && !isHex;
}

export class Cells {
  private readonly scope = createScope();
  private readonly modules: Modules;
  private readonly moduleScripts = new Map<string, (script: string) => void>();
  private readonly moduleTexts = new Map<string, string>();

  constructor(
    root: string,
    private readonly compiler: Compiler,
    private readonly sources: Sources,
    show: (data: DisplayData, update: boolean) => void,
    private readonly guard: Guard,
  ) {
    this.modules = new Modules(
      root,
      (id) => (id === "tslab" ? compiler.tslab.publicModule(show) : undefined),
      (file, script) => this.moduleScripts.get(file)?.(script),
      guard,
    );
  }

  /**
   * Compiles and runs a cell.
   * @returns the value of its last expression; undefined when it ends with a statement.
   * @throws CompileError, whatever the cell throws, and whatever `beforeRun` throws.
   */
  async run(cell: Cell, beforeRun: () => void): Promise<RunResult> {
    this.modules.abandonEvaluations();
    const moduleName = this.compiler.moduleName(cell.code);
    if (moduleName) {
      this.moduleTexts.set(cell.label, cell.code);
      this.compiler.addModule(moduleName, cell.code, cell.label);
      return undefined;
    }
    const compiled = this.compiler.compile(cell.code, cell.label);
    this.takeModules(compiled);
    beforeRun();
    const script = `${cell.label} #${cell.serial}`;
    this.sources.register(script, {
      label: cell.label,
      map: compiled.map,
      linesBefore: LINES_BEFORE_CELL,
      text: cell.code,
    });
    const pending = this.start(compiled, script);
    if (compiled.async) await pending;
    this.compiler.commit(compiled);
    return this.takeResult(compiled);
  }

  /** The value of an expression, without declaring anything. */
  async evaluate(expression: string, label: string): Promise<unknown> {
    const compiled = this.compiler.compile(expression, label);
    this.takeModules(compiled);
    await this.start(compiled, label);
    return this.takeResult(compiled)?.value;
  }

  private start(compiled: CompiledCell, script: string): unknown {
    const run = vm.runInThisContext(
      `(${compiled.async ? "async " : ""}function (exports, require, ${GUARD_PARAMETERS}) {\n${compiled.js}\n})`,
      { filename: script, lineOffset: -1 },
    );
    return run(this.scope, this.modules.require, this.guard.flags, this.guard.interrupted);
  }

  private takeResult({ resultName }: CompiledCell): RunResult {
    if (!resultName || !(resultName in this.scope)) return undefined;
    const value = this.scope[resultName];
    delete this.scope[resultName];
    return { value };
  }

  private takeModules({ modules }: CompiledCell): void {
    for (const module of modules) {
      this.moduleScripts.set(module.path, (script) => {
        const { label, file, moduleCell } = this.compiler.sourceOf(module);
        this.sources.register(script, {
          label,
          map: module.map,
          linesBefore: moduleCell ? LINES_BEFORE_CELL : 0,
          ...(moduleCell ? { text: this.moduleTexts.get(label) } : { file }),
        });
      });
    }
    this.modules.update(modules);
  }
}

/**
 * The object that holds the cells' top-level names. The compiler exports an import as a getter; here it
 * becomes a plain value, so that a later cell may declare the name again.
 */
function createScope(): Record<string, unknown> {
  const names: Record<string, unknown> = {};
  return new Proxy(names, {
    defineProperty(_target, name, { get, value }) {
      if (name !== "__esModule") names[String(name)] = get ? get() : value;
      return true;
    },
  });
}
