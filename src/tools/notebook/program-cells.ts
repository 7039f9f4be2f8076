/**
 * A program is one code cell whose first line is `@module name` in a documentation comment. tslab registers such a cell as the
 * module `./name`; here it is found, and its imports are read and checked.
 */
import { existsSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { formatPlace, NotebookError, type NotebookPlace } from "./errors";
import type { Cell, Notebook } from "./format";
import { type CellImport, plainImports } from "./plain-imports";

export interface ProgramCell {
  /** The module's name, which is the extracted program's too. */
  readonly name: string;
  /** The notebook: `notebooks/02-tcp.ipynb`. */
  readonly file: string;
  readonly cell: string;
  readonly source: string;
}

const FIRST_LINE = /^\/\*\*\s*@module\b(.*?)\*\/\s*$/;
const MODULE_NAME = /^\w+$/;

/** The compiler that tslab runs cells with, so that a cell means the same here and there. */
let compiler: typeof TypeScript | undefined;
function typescript(): typeof TypeScript {
  if (!compiler) {
    const require = createRequire(import.meta.url);
    const fromTslab = createRequire(require.resolve("tslab/dist/converter.js"));
    compiler = fromTslab("@tslab/typescript-for-tslab") as typeof TypeScript;
  }
  return compiler;
}

/** What a cell's first line names as its module, valid or not; undefined when it names none. */
export function declaredModule(source: string): string | undefined {
  return FIRST_LINE.exec(source.split("\n", 1)[0] ?? "")?.[1]?.trim();
}

/** The program that a cell holds, if it holds one. @throws {NotebookError} its first line is not as it must be */
export function programCell(notebook: Notebook, cell: Cell): ProgramCell | undefined {
  if (cell.type !== "code") return undefined;
  const place = { file: notebook.file, cell: cell.id };
  const name = declaredModule(cell.source);
  if (name === undefined) {
    if (!hasLeadingModuleTag(cell.source)) return undefined;
    throw new NotebookError(
      place,
      "a program cell needs `/** @module name */` alone on its first line",
    );
  }
  if (!MODULE_NAME.test(name)) {
    throw new NotebookError(
      { ...place, line: 1 },
      `"${name}" cannot be a module's name: use letters, digits and "_" (${name.replace(/\W+/g, "_") || "tcp_server"})`,
    );
  }
  return { name, file: notebook.file, cell: cell.id, source: cell.source };
}

/** tslab takes the tag from any documentation comment before the code. */
function hasLeadingModuleTag(source: string): boolean {
  if (!source.includes("@module")) return false;
  const comments = typescript().getLeadingCommentRanges(source, 0) ?? [];
  return comments.some(({ pos, end }) => /^\/\*\*.*@module\b/s.test(source.slice(pos, end)));
}

/** All programs of the notebooks, and what is wrong with those that are none. */
export function findProgramCells(notebooks: readonly Notebook[]): {
  programs: ProgramCell[];
  errors: NotebookError[];
} {
  const programs: ProgramCell[] = [];
  const errors: NotebookError[] = [];
  for (const notebook of notebooks) {
    for (const cell of notebook.cells) {
      try {
        const program = programCell(notebook, cell);
        if (!program) continue;
        // Names that differ only in case are one file on macOS and Windows.
        const twin = programs.find(({ name }) => name.toLowerCase() === program.name.toLowerCase());
        if (twin) {
          const other = formatPlace({ file: twin.file, cell: twin.cell });
          const place = { file: program.file, cell: program.cell, line: 1 };
          throw new NotebookError(place, `the module "${program.name}" stands in ${other} already`);
        }
        programs.push(program);
      } catch (error) {
        if (!(error instanceof NotebookError)) throw error;
        errors.push(error);
      }
    }
  }
  return { programs, errors };
}

/** Every module specifier in the cell: imports, re-exports, `import()`, `import("...").Type`. */
export function importsOf(program: ProgramCell): readonly CellImport[] {
  const known =
    importsByProgram.get(program) ?? plainImports(program.source) ?? parsedImports(program);
  importsByProgram.set(program, known);
  return known;
}

const importsByProgram = new WeakMap<ProgramCell, readonly CellImport[]>();

/** As the compiler finds them, wherever they are. */
export function parsedImports(program: ProgramCell): CellImport[] {
  const ts = typescript();
  const source = ts.createSourceFile(`${program.name}.ts`, program.source, ts.ScriptTarget.ES2022);
  const found: CellImport[] = [];
  const add = (node: TypeScript.Node | undefined): void => {
    if (node && ts.isStringLiteral(node)) {
      found.push({ specifier: node.text, offset: node.getStart(source) + 1 });
    }
  };
  const visit = (node: TypeScript.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * True for a module cell that is a part of programs rather than one: it exports no `main`, and another
 * module cell of its notebook imports it. It is extracted to be read and tested, and runs in what imports it.
 */
export function isPart(cell: ProgramCell, programs: readonly ProgramCell[]): boolean {
  if (/^export\s+(?:const|let|function|async\s+function)\s+main\b/m.test(cell.source)) return false;
  return programs.some(
    (other) =>
      other.file === cell.file &&
      other !== cell &&
      importsOf(other).some(({ specifier }) => specifier.replace(/\.js$/, "") === `./${cell.name}`),
  );
}

/** What a cell's import stands for. */
export type ImportTarget =
  | { kind: "node" }
  | { kind: "src"; file: string }
  | { kind: "cell"; program: ProgramCell };

/**
 * Settles what an import means, by the rules that make a program cell run in tslab and extract alike.
 *
 * @throws {NotebookError} it is not `node:`, an existing file under `./src/`, or a module cell of this notebook
 */
export function resolveImport(
  from: ProgramCell,
  { specifier, offset }: CellImport,
  programs: readonly ProgramCell[],
  root: string,
): ImportTarget {
  const place = placeInCell(from, offset);
  const wrong = (reason: string): never => {
    throw new NotebookError(place, reason);
  };
  if (specifier.startsWith("node:")) {
    return isBuiltin(specifier) ? { kind: "node" } : wrong(`Node has no module "${specifier}"`);
  }
  if (isBuiltin(specifier)) return wrong(`write "node:${specifier}" for Node's own module`);
  if (specifier.startsWith("./src/")) return { kind: "src", file: srcFile(specifier, root, wrong) };
  if (!/^\.{0,2}\//.test(specifier)) {
    return wrong(
      `"${specifier}" is a package; a program imports only from "node:", "./src/" and module cells`,
    );
  }
  const name = /^\.\/(\w+)(?:\.js)?$/.exec(specifier)?.[1];
  const program = programs.find((candidate) => candidate.name === name);
  if (!program) {
    return wrong(
      `nothing is called "${specifier}": there is no such module cell in this notebook ` +
        '(files are imported as "./src/...")',
    );
  }
  if (program.file !== from.file) {
    const home = formatPlace({ file: program.file, cell: program.cell });
    return wrong(
      `"${specifier}" stands in ${home}; a program imports module cells of its own notebook only`,
    );
  }
  return { kind: "cell", program };
}

/** The file that `./src/...` names, found as tslab finds it: without an ending, or with `.js`. */
function srcFile(specifier: string, root: string, wrong: (reason: string) => never): string {
  const named = path.join(root, specifier);
  const inside = path.relative(path.join(root, "src"), named);
  if (inside.startsWith("..")) return wrong(`"${specifier}" leads out of src`);
  if (/\.[mc]?ts$/.test(specifier)) {
    return wrong(
      `write "${specifier.replace(/\.[mc]?ts$/, "")}": a cell imports without the ending`,
    );
  }
  for (const file of [`${named}.ts`, named.replace(/\.js$/, ".ts"), named]) {
    if (existsSync(file) && statSync(file).isFile()) return file;
  }
  return wrong(
    existsSync(named)
      ? `"${specifier}" is a folder; name a file in it`
      : `there is no file "${specifier.slice(2)}.ts"`,
  );
}

/** The place of an offset (UTF-16 units) in the program's cell. */
export function placeInCell(program: ProgramCell, offset: number): NotebookPlace {
  const before = program.source.slice(0, offset).split("\n");
  const column = (before.at(-1) ?? "").length + 1;
  return { file: program.file, cell: program.cell, line: before.length, column };
}
