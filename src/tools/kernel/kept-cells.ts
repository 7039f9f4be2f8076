// What the compiler made of cells, kept between kernels: a notebook that runs again runs mostly cells that
// have not changed, in the same order. Compiling one takes ten times as long as reading what came of it.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { CompiledCell, CompiledModule } from "./compiled-cell";
import { fileStamp } from "./file-stamp";
import { KeptFiles, sha256 } from "./kept-files";
import type { KeptModules } from "./kept-modules";
import { importsOf } from "./repairs/light-builder";
import { CodeMap } from "./repairs/source-maps";
import type { Builder, TypeScript } from "./tslab";

/** What a cell is compiled from, but for files. */
export interface CellInput {
  /** Of earlier cells. */
  declarations: string;
  /** `@module` cells by the path that the compiler gives them. */
  moduleCells: ReadonlyMap<string, string>;
  /** Of a cell that is to be run; none where a `@module` cell is to be checked. */
  code?: string;
}

interface Kept {
  /** The lab's own files that the compiler read, relative to the root, and hashes of their texts. */
  files: readonly (readonly [name: string, hash: string])[];
  cell?: Omit<CompiledCell, "map" | "modules"> & {
    maps: readonly string[];
    /** The files that the cell imports, relative to the root, and where their modules are stored. */
    modules: readonly (readonly [name: string, key: string])[];
  };
}

/** In the order in which the compiler tries them for an import without an extension. */
const EXTENSIONS = [".ts", ".tsx", ".d.ts", ".js", ".jsx"];
/** tslab's files for the cell and for what earlier cells declared. */
const OWN_FILE = /\/__(tslab|prev)__(\.d)?\.ts$/;

export class KeptCells {
  private readonly stored: KeptFiles<Kept> | undefined;
  private readonly hashes = new Map<string, { stamp: string; hash: string }>();
  private program: TypeScript.Program | undefined;

  /** @param directory none: nothing is kept */
  constructor(
    private readonly root: string,
    directory: string | undefined,
    private readonly modules: KeptModules,
  ) {
    this.stored = directory ? new KeptFiles(directory, "cells") : undefined;
  }

  /** Has the builds that tslab is given tell what they read. */
  attach(host: TypeScript.WatchCompilerHost<Builder>): void {
    const { afterProgramCreate } = host;
    host.afterProgramCreate = (builder) => {
      if ("getProgram" in builder) this.program = builder.getProgram();
      afterProgramCreate?.call(host, builder);
    };
  }

  /** What came of a cell when it was last compiled from this input and the same files. */
  find(input: CellInput): CompiledCell | undefined {
    const cell = this.read(input)?.cell;
    if (!cell) return undefined;
    const modules: CompiledModule[] = [];
    for (const [name, key] of cell.modules) {
      const module = this.modules.find(key);
      if (!module) return undefined;
      const { dir, name: base } = path.parse(path.join(this.root, name));
      const file = path.join(dir, `${base}.js`).replaceAll("\\", "/");
      modules.push({ path: file, data: module.js, map: new CodeMap(module.maps) });
    }
    const { maps, ...rest } = cell;
    return { ...rest, map: new CodeMap(maps), modules };
  }

  /** Whether nothing was wrong with a `@module` cell when it was last checked among the same others. */
  isClean(input: CellInput): boolean {
    return this.read(input) !== undefined;
  }

  /** Keeps what came of the last build, in which nothing was wrong. Modules have to be stored already. */
  keep(input: CellInput, compiled?: CompiledCell): void {
    if (!this.stored || !this.program) return;
    const read = this.program
      .getSourceFiles()
      .filter(({ fileName }) => !fileName.includes("/node_modules/") && !OWN_FILE.test(fileName));
    const files = read
      .filter(({ fileName }) => !input.moduleCells.has(fileName))
      .map((file) => [this.modules.name(file.fileName), this.modules.hash(file)] as const);
    const kept: Kept = { files };
    if (compiled) {
      const { map, modules: _, ...cell } = compiled;
      const modules = this.modulesOf(this.program, read);
      if (!map || !modules) return;
      kept.cell = { ...cell, maps: map.payloads, modules };
    }
    this.stored.write([[this.key(input), kept]]);
  }

  private modulesOf(
    program: TypeScript.Program,
    read: readonly TypeScript.SourceFile[],
  ): [name: string, key: string][] | undefined {
    const cell = program
      .getSourceFiles()
      .find(({ fileName }) => fileName.endsWith("/__tslab__.ts"));
    const modules: [string, string][] = [];
    for (const file of cell ? importsOf(program, cell) : []) {
      if (!read.includes(file) || /\.(d\.ts|json)$/.test(file.fileName)) continue;
      const key = this.modules.keyOf(file.fileName);
      if (!key) return undefined;
      modules.push([this.modules.name(file.fileName), key]);
    }
    return modules;
  }

  private read(input: CellInput): Kept | undefined {
    const kept = this.stored?.read(this.key(input));
    return kept?.files.every(([name, hash]) => this.isAsItWas(name, hash)) ? kept : undefined;
  }

  private key({ declarations, moduleCells, code }: CellInput): string {
    const all = [this.modules.surroundings, declarations, [...moduleCells], code ?? null];
    return sha256(JSON.stringify(all)).slice(0, 32);
  }

  /** Whether the compiler would still find that file, and in it that text. */
  private isAsItWas(name: string, hash: string): boolean {
    const file = path.join(this.root, name);
    return this.hash(file) === hash && !triedBefore(file).some((other) => existsSync(other));
  }

  private hash(file: string): string | undefined {
    const stamp = fileStamp(file);
    if (stamp === undefined) return undefined;
    const known = this.hashes.get(file);
    if (known?.stamp === stamp) return known.hash;
    const hash = sha256(readFileSync(file, "utf8"));
    this.hashes.set(file, { stamp, hash });
    return hash;
  }
}

/** The files that an import of this one would find in its place, if they were there. */
function triedBefore(file: string): string[] {
  const extension = EXTENSIONS.find((end) => file.endsWith(end)) ?? "";
  const base = file.slice(0, file.length - extension.length);
  return EXTENSIONS.slice(0, Math.max(EXTENSIONS.indexOf(extension), 0)).map((end) => base + end);
}
