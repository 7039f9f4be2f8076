// What we use of tslab's inside: an exact version, because none of this is its public interface.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Converter } from "tslab/dist/converter";
import type { CodeMetadata } from "tslab/dist/metadata";
import { PackageFiles } from "./package-files";

export type Ts = typeof TypeScript;
export type { Converter, TypeScript };
export type Builder = TypeScript.EmitAndSemanticDiagnosticsBuilderProgram;

/** The version whose internals this kernel was written against and is tested with. */
export const TSLAB_VERSION = "1.0.22";

export interface DisplayData {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string };
}

export interface Tslab {
  ts: Ts;
  /** Keeps TypeScript's machine code for the next start. To be called after it has compiled something. */
  keepCode(): void;
  createConverter(): Converter;
  isCompleteCode(code: string): { completed: boolean; indent?: string };
  getCodeMetadata(code: string): CodeMetadata;
  printQuickInfo(info: TypeScript.QuickInfo): string;
  /** What `import ... from "tslab"` gives a cell. Loaded when first asked for. */
  publicModule(show: (data: DisplayData, update: boolean) => void): unknown;
}

/** The installation cannot run this kernel; the message says what to do. */
export class InstallationError extends Error {
  override readonly name = "InstallationError";
}

/**
 * The versions of tslab and its TypeScript.
 * @throws InstallationError when tslab is missing or not the version that we know.
 */
export function tslabVersions(root: string): { tslab: string; typescript: string } {
  const fromRoot = createRequire(path.join(root, "package.json"));
  let manifest: string;
  try {
    manifest = fromRoot.resolve("tslab/package.json");
  } catch {
    throw new InstallationError(`tslab is not installed: run "npm ci" in ${root}`);
  }
  const tslab = version(manifest);
  if (tslab !== TSLAB_VERSION) {
    throw new InstallationError(
      `tslab ${tslab} is installed, but this kernel reaches into tslab ${TSLAB_VERSION}: run "npm ci" in ${root}`,
    );
  }
  const fromTslab = createRequire(manifest);
  return {
    tslab,
    typescript: version(fromTslab.resolve("@tslab/typescript-for-tslab/package.json")),
  };
}

function version(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/**
 * Loads tslab's compiler, with `repair` applied to the TypeScript that it uses before it is loaded.
 */
export function loadTslab(
  root: string,
  cacheDirectory: string | undefined,
  repair: (ts: Ts) => Partial<Ts>,
): Tslab {
  const manifest = createRequire(path.join(root, "package.json")).resolve("tslab/package.json");
  const fromTslab = createRequire(manifest);
  const files = new PackageFiles(cacheDirectory);
  const tsFile = fromTslab.resolve("@tslab/typescript-for-tslab");
  const ts = files.load(tsFile) as Ts;
  files.replace(tsFile, { ...ts, ...repair(ts) });
  // biome-ignore lint/suspicious/noExplicitAny: tslab's own types are those of its parts
  const dist = (file: string): any => files.load(fromTslab.resolve(`./dist/${file}.js`));
  const converter = dist("converter");
  return {
    ts,
    keepCode: () => files.keepCode(),
    createConverter: () => converter.createConverter({ isJS: false, isBrowser: false }),
    isCompleteCode: converter.isCompleteCode,
    getCodeMetadata: dist("metadata").getCodeMetadata,
    printQuickInfo: dist("inspect").printQuickInfo,
    publicModule(show) {
      // Loaded as any package is: src/wire finds it among those.
      files.share(fromTslab);
      // `display` calls whatever this variable of tslab's holds.
      fromTslab("./dist/jupyter.js").lastWriteDisplayData = show;
      return fromTslab("./dist/public.js");
    },
  };
}
