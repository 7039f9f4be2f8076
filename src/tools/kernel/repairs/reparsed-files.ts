// Stock tslab: a cell that awaits inside a statement, and declares something whose class it did not
// import, dies with "Paths must either both be absolute or both be relative". TypeScript parses such a
// cell twice, and looks for the paths of imports beside the first result, which has no path.
// Here: the first result gets the path of the second.

import type { Builder, TypeScript } from "../tslab";

interface Parsed {
  path: string;
  original?: Parsed;
}

/** Has every build that tslab is given know the path of the cell that was parsed twice. */
export function repairReparsedFiles(host: TypeScript.WatchCompilerHost<Builder>): void {
  const { afterProgramCreate } = host;
  host.afterProgramCreate = (builder) => {
    if ("getProgram" in builder) {
      const program = builder.getProgram();
      for (const name of program.getRootFileNames()) {
        // Every source file has these two, but they are not in the public types.
        const file = program.getSourceFile(name) as unknown as Parsed | undefined;
        if (file?.original) file.original.path = file.path;
      }
    }
    afterProgramCreate?.call(host, builder);
  };
}
