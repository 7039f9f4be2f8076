import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { expect, it } from "vitest";
import { blankSources } from "../practice/support/blank-sources";

const root = path.resolve(import.meta.dirname, "../..");
const ts: typeof TypeScript = createRequire(import.meta.url)("@tslab/typescript-for-tslab");

/** What cells import: the kernel compiles it with a TypeScript of its own. */
const FOLDERS = ["sockets", "program", "http", "store", "diff", "scan"];

it(`src/{${FOLDERS}} and every blank program compile strictly with the kernel's TypeScript 5.0`, async () => {
  expect(ts.version).toMatch(/^5\.0\./);
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, "src", folder)).map((file) => path.join(root, "src", folder, file)),
  );
  const options: TypeScript.CompilerOptions = {
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
  };
  const blanks = await blankSources(root);
  expect([...blanks.values()].filter((text) => text.includes("TODO: ")).length).toBeGreaterThan(10);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => blanks.has(name) || fileExists(name);
  host.readFile = (name) => blanks.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const blank = blanks.get(name);
    if (blank === undefined) return getSourceFile(name, version, ...rest);
    return ts.createSourceFile(name, blank, version, true);
  };
  const program = ts.createProgram([...files, ...blanks.keys()], options, host);
  expect(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host)).toBe("");
}, 60_000);
