// Stock tslab: each cell that imports from src checks and emits every file behind the import again,
// twice translated: a second and more before the first line of the cell runs.
// Here: what came of files that have not changed since is taken from the cache.

import path from "node:path";
import type { KeptModules } from "../kept-modules";
import type { Builder, TypeScript } from "../tslab";
import { importsOf } from "./light-builder";
import type { CodeMaps } from "./source-maps";

type CheckFiles = (
  program: TypeScript.Program,
  files: TypeScript.SourceFile[],
) => readonly TypeScript.Diagnostic[];

/** tslab's name for the cell itself, among the files of a build. */
const CELL_FILE = "__tslab__.ts";

/** TypeScript's check of a cell and its imports, which passes over imports known to be clean. */
export function checkOnce(check: CheckFiles, kept: KeptModules): CheckFiles {
  return (program, files) => {
    const imports = files.filter((file) => !isCell(file));
    const unknown = kept.turnTo(imports, (file) => importsOf(program, file));
    const found = check(program, [...files.filter(isCell), ...unknown]);
    const wrong = new Set(found.map(({ file }) => file));
    for (const file of unknown) {
      // Which of two files in a circle is blamed for it depends on which is checked first.
      if (!importsOf(program, file).some((part) => wrong.has(part))) kept.foundClean(file.fileName);
    }
    return found;
  };
}

/** Has every build that tslab is given emit an import from the cache, or into it. */
export function emitOnce(
  host: TypeScript.WatchCompilerHost<Builder>,
  root: string,
  kept: KeptModules,
  maps: CodeMaps,
): void {
  const { afterProgramCreate } = host;
  host.afterProgramCreate = (builder) => {
    if ("emit" in builder) {
      const emit = builder.emit.bind(builder);
      builder.emit = (file, write, token, only, transformers) => {
        if (!file || !write || isCell(file)) return emit(file, write, token, only, transformers);
        const known = kept.get(file.fileName);
        if (known) {
          const { dir, name } = path.parse(path.relative(root, file.fileName));
          write(path.posix.join("outDir", dir, `${name}.js`), maps.standIn(known), false);
          return { emitSkipped: false, diagnostics: [] };
        }
        const keep: TypeScript.WriteFileCallback = (name, text, ...rest) => {
          if (name.endsWith(".js")) {
            maps.whenTranslated(text, (module) => kept.keep(file.fileName, module));
          }
          write(name, text, ...rest);
        };
        return emit(file, keep, token, only, transformers);
      };
    }
    afterProgramCreate?.call(host, builder);
  };
}

function isCell({ fileName }: TypeScript.SourceFile): boolean {
  return path.basename(fileName) === CELL_FILE;
}
