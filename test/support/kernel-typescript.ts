/** The TypeScript that the kernel compiles cells with, asked what it has against files. */
import { createRequire } from "node:module";
import path from "node:path";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** The little of TypeScript's interface that the tests use; the package brings no types. */
interface TypeScript {
  version: string;
  createProgram(files: readonly string[], options: Record<string, unknown>): unknown;
  getPreEmitDiagnostics(program: unknown): unknown[];
  formatDiagnostics(diagnostics: unknown[], host: Record<string, unknown>): string;
  ScriptTarget: { ES2022: number };
  ModuleKind: { CommonJS: number; ES2022: number };
  ModuleResolutionKind: { NodeJs: number };
}

const ts: TypeScript = createRequire(import.meta.url)("@tslab/typescript-for-tslab");

export const KERNEL_TYPESCRIPT_VERSION = ts.version;

/**
 * Checks files strictly, and all that they import.
 * @param module ES2022 where a file says `import.meta`
 * @returns what is wrong, a line each; "" when nothing is
 */
export function strictDiagnostics(
  files: readonly string[],
  module: keyof TypeScript["ModuleKind"] = "CommonJS",
): string {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind[module],
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [path.join(REPOSITORY, "node_modules/@types")],
  });
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
    getCurrentDirectory: () => REPOSITORY,
    getCanonicalFileName: (file: string) => file,
    getNewLine: () => "\n",
  });
}
