import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, it } from "vitest";

/** The little of TypeScript's interface that this test uses; the package brings no types. */
interface TypeScript {
  version: string;
  createProgram(files: string[], options: Record<string, unknown>): unknown;
  getPreEmitDiagnostics(program: unknown): unknown[];
  formatDiagnostics(diagnostics: unknown[], host: Record<string, unknown>): string;
  ScriptTarget: { ES2022: number };
  ModuleKind: { CommonJS: number };
  ModuleResolutionKind: { NodeJs: number };
}

const root = path.resolve(import.meta.dirname, "../..");
const ts: TypeScript = createRequire(import.meta.url)("@tslab/typescript-for-tslab");

/** What cells import: the kernel compiles it with a TypeScript of its own. */
const FOLDERS = ["sockets", "program", "http", "store", "diff", "scan"];

it(`src/{${FOLDERS}} compile strictly with the kernel's TypeScript 5.0`, () => {
  expect(ts.version).toMatch(/^5\.0\./);
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, "src", folder)).map((file) => path.join(root, "src", folder, file)),
  );
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [path.join(root, "node_modules/@types")],
  });
  const diagnostics = ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (file: string) => file,
    getNewLine: () => "\n",
  });
  expect(diagnostics).toBe("");
}, 60_000);
