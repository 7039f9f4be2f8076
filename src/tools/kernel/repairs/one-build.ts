// Stock tslab: every cell that declares a name is built twice, the first time only to learn the names.
// Here: parsing and binding the cell alone tells the names, and the first build is skipped.

import type { Builder, Ts, TypeScript } from "../tslab";
import { Skippable } from "./skippable";

export class OneBuild extends Skippable {
  private names: TypeScript.SourceFile | undefined;
  private skipped: unknown;

  constructor(private readonly ts: Ts) {
    super();
  }

  /** Runs one of tslab's conversions of `code`, which starts with the build to skip. */
  convert<T>(code: string, convert: () => T): T {
    const file = this.bind(code);
    // Without names there is no second build, and the first is the one that counts.
    // Set by binding, but not in the public types.
    const { locals } = file as { locals?: { size: number } };
    this.names = locals?.size ? file : undefined;
    try {
      return convert();
    } finally {
      this.names = undefined;
    }
  }

  /** Stands between TypeScript's timer for a build and tslab's. */
  repair(system: TypeScript.System): void {
    const { setTimeout: setRebuild, clearTimeout: clearRebuild } = system;
    system.setTimeout = (build, delay, ...args: unknown[]) => {
      const timer: unknown = setRebuild?.call(
        system,
        () => {
          if (!this.names && !this.skips) return build(...args);
          this.skipped = timer;
          if (this.names) this.show?.(this.names);
          this.names = undefined;
        },
        delay,
      );
      return timer;
    };
    // TypeScript clears the timer of the build that it believes is still to come.
    system.clearTimeout = (timer) => {
      if (timer !== this.skipped) clearRebuild?.call(system, timer);
    };
  }

  /** Learns how to hand tslab a result in place of a build's. */
  attach(host: TypeScript.WatchCompilerHost<Builder>): void {
    this.show = (file) =>
      host.afterProgramCreate?.({ getSourceFile: () => file } as unknown as Builder); // all that is asked of it
  }

  private show: ((file: TypeScript.SourceFile) => void) | undefined;

  private bind(code: string): TypeScript.SourceFile {
    const { ts } = this;
    const target = ts.ScriptTarget.ES2022;
    const file = ts.createSourceFile("cell.ts", `export {};\n${code}`, target, true);
    // Used by every type check, but not in the public types.
    type Bind = (file: TypeScript.SourceFile, options: TypeScript.CompilerOptions) => void;
    (ts as unknown as { bindSourceFile: Bind }).bindSourceFile(file, { target });
    return file;
  }
}
