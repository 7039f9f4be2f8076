// Stock tslab: each build also works out which of TypeScript's and Node's own declaration files refer to
// which, a fifth of the time that a cell takes, to know which files the cell imports.
// Here: a builder that only follows the imports of the lab's own files.

import type { Builder, Ts, TypeScript } from "../tslab";

/** The names under which a file's imports were found; not in the public types. */
type WithResolutions = TypeScript.SourceFile & {
  resolvedModules?: {
    forEach(visit: (found: { resolvedModule?: TypeScript.ResolvedModule }) => void): void;
  };
};

/** For `createWatchCompilerHost`: creates the programs of its builds. */
export function lightBuilder(ts: Ts): TypeScript.CreateProgram<Builder> {
  return (rootNames, options, host, old, ...rest) => {
    const builder = ts.createAbstractBuilder(rootNames, options, host, old, ...rest);
    // Binds the files, which tslab then changes. Bound later, they would lose what it set.
    builder.getProgram().getTypeChecker();
    builder.getAllDependencies = (file) =>
      importsOf(builder.getProgram(), file).map(({ fileName }) => fileName);
    return builder as Builder;
  };
}

/** A file and all that it imports, also by way of others. Declaration files are not looked into. */
export function importsOf(
  program: TypeScript.Program,
  file: TypeScript.SourceFile,
): TypeScript.SourceFile[] {
  const found = new Set([file]);
  for (const { fileName, resolvedModules } of found as Set<WithResolutions>) {
    if (fileName.endsWith(".d.ts")) continue;
    resolvedModules?.forEach(({ resolvedModule }) => {
      const imported = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (imported) found.add(imported);
    });
  }
  return [...found];
}
