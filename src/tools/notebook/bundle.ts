/** One program as one file without dependencies: `dist/NAME.mjs`, and its source map. */
import path from "node:path";
import type { Message, Plugin } from "esbuild";
import { NotebookError, NotebookErrors } from "./errors";
import { importsOf, type ProgramCell, resolveImport } from "./program-cells";
import { headerLine, mapSource } from "./program-source";

/** The oldest Node that runs an extracted program. */
const TARGET = "node20";
/** The esbuild namespace of module cells. */
const CELL = "cell";
/** The last lines of every program, as a module of its own: only the program that was started runs. */
const FOOTER = "program-footer";

/**
 * @param programs every program cell there is
 * @param folder where the file will stand, `dist`
 * @throws {NotebookErrors} the cell, or a file that it imports, cannot be compiled
 */
export async function bundleProgram(
  program: ProgramCell,
  programs: readonly ProgramCell[],
  { root, folder }: { root: string; folder: string },
): Promise<{ code: string; map: string }> {
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: root,
    entryPoints: [FOOTER],
    plugins: [cellModules(program, programs, root)],
    outfile: `${folder}/${program.name}.mjs`,
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    target: TARGET,
    charset: "utf8",
    sourcemap: "external",
    sourcesContent: true,
    banner: {
      js: `${headerLine(program)}\n// One file, no dependencies: node ${program.name}.mjs --help`,
    },
    preserveSymlinks: true,
    // Nothing from the surroundings may change the bytes.
    tsconfigRaw: {},
    logLevel: "silent",
    logLimit: 0,
  }).catch((error: unknown) => {
    throw isBuildFailure(error)
      ? new NotebookErrors(error.errors.map((message) => asNotebookError(message, program)))
      : error;
  });
  const text = (ending: string): string =>
    result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
  return {
    code: `${text(".mjs")}//# sourceMappingURL=${program.name}.mjs.map\n`,
    map: nameCells(text(".mjs.map"), programs, folder),
  };
}

function cellModules(entry: ProgramCell, programs: readonly ProgramCell[], root: string): Plugin {
  const byPath = new Map(programs.map((program) => [cellPath(program), program]));
  return {
    name: "module-cells",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path: specifier, importer, namespace, kind }) => {
        if (kind === "entry-point") return { path: specifier, namespace: FOOTER };
        if (specifier.startsWith("node:")) return { path: specifier, external: true };
        if (namespace === FOOTER) {
          const isCell = specifier === `./${entry.name}`;
          return isCell ? { path: cellPath(entry), namespace: CELL } : undefined;
        }
        const from = namespace === CELL ? byPath.get(importer) : undefined;
        if (!from) {
          if (specifier.startsWith(".")) return undefined;
          return { errors: [{ text: `"${specifier}" is a package; a program holds no packages` }] };
        }
        // Checked and placed by resolveImport before; here only the answer is needed.
        const target = resolveImport(from, { specifier, offset: 0 }, programs, root);
        if (target.kind === "cell") return { path: cellPath(target.program), namespace: CELL };
        return target.kind === "src" ? { path: target.file } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: FOOTER }, () => {
        return { contents: footer(entry), loader: "ts", resolveDir: root };
      });
      build.onLoad({ filter: /.*/, namespace: CELL }, ({ path: name }) => {
        return { contents: byPath.get(name)?.source ?? "", loader: "ts", resolveDir: root };
      });
    },
  };
}

function footer(program: ProgramCell): string {
  return [
    `import { main } from "./${program.name}";`,
    'import { runAsMain } from "./src/program/entry";',
    "",
    "runAsMain(main, import.meta.url);",
    "",
  ].join("\n");
}

/** Checks every import of the program, type-only ones too, which a bundler never sees. */
export function checkImports(
  program: ProgramCell,
  programs: readonly ProgramCell[],
  root: string,
): NotebookError[] {
  const errors: NotebookError[] = [];
  for (const found of importsOf(program)) {
    try {
      resolveImport(program, found, programs, root);
    } catch (error) {
      if (!(error instanceof NotebookError)) throw error;
      errors.push(error);
    }
  }
  return errors;
}

function cellPath(program: ProgramCell): string {
  return `${program.file}#${program.cell}`;
}

function nameCells(mapText: string, programs: readonly ProgramCell[], folder: string): string {
  const map = JSON.parse(mapText) as { sources: string[] };
  const names = new Map(programs.map((program) => [`${CELL}:${cellPath(program)}`, program]));
  map.sources = map.sources.map((source) => {
    const program = names.get(source);
    return program ? mapSource(program, folder) : source.replaceAll(path.sep, "/");
  });
  return `${JSON.stringify(map)}\n`;
}

function isBuildFailure(error: unknown): error is { errors: Message[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

/** esbuild counts lines from 1 and columns in UTF-8 bytes from 0. */
function asNotebookError({ text, location }: Message, program: ProgramCell): NotebookError {
  const place = { file: program.file, cell: program.cell };
  if (!location) return new NotebookError(place, text);
  if (location.file.startsWith(FOOTER) && /No matching export .* "main"/.test(text)) {
    return new NotebookError(
      place,
      "a program exports `main`: add `export const main = program({ ... })`",
    );
  }
  const column = Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1;
  const [file = "", cell] = location.file.replace(new RegExp(`^${CELL}:`), "").split("#");
  return new NotebookError({ file, cell, line: location.line, column }, text);
}
