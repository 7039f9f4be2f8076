/** What a program cell imports: read quickly where that is certain, and by the compiler everywhere else. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { listNotebooks, readNotebook } from "../../../src/tools/notebook/files";
import { plainImports } from "../../../src/tools/notebook/plain-imports";
import { findProgramCells, parsedImports } from "../../../src/tools/notebook/program-cells";

const REPOSITORY = path.resolve(import.meta.dirname, "../../..");

/** As the compiler finds them. */
function parsed(source: string): ReturnType<typeof parsedImports> {
  return parsedImports({ name: "a", file: "notebooks/01.ipynb", cell: "a", source });
}

describe("the imports of a program cell", () => {
  it("are found without the compiler in every program of the lab, and are those that it finds", async () => {
    const files = await listNotebooks(REPOSITORY);
    const notebooks = await Promise.all(files.map((file) => readNotebook(REPOSITORY, file)));
    const { programs } = findProgramCells(notebooks);
    expect(programs.length).toBeGreaterThan(0);
    for (const program of programs) {
      expect(plainImports(program.source), `${program.file}#${program.cell}`).toEqual(
        parsedImports(program),
      );
    }
  });

  it.each([
    ["none", "export const a = 1;"],
    ["of every usual form", 'import "a"\nimport b, { type c } from \'b\';import * as d from "d";'],
    ["of types", 'import type { A } from "./a";\nimport { type B as C, } from "./b";'],
    ["over several lines", 'import {\n  a,\n  b,\n} from "./a";\n'],
    ["behind comments", '/** @module a */\n// import b from "b";\n/* import */ import c from "c";'],
    [
      "before texts that say so",
      'import a from "a";\nlet b = "import it"; f("from", ["from", "a"]);',
    ],
  ])("are read without the compiler: %s", (_what, source) => {
    expect(plainImports(source)).toEqual(parsed(source));
  });

  it.each([
    ["re-exports", 'export * as b from "./b";'],
    ["import()", 'const p = import("./p");'],
    ["types of other modules", 'let x: import("./x").X;'],
    ["imports further down", 'const a = 1;\nimport b from "./b";'],
    ["imports with comments within", 'import { a /* the first */ } from "./a";'],
    ["specifiers with escapes", 'import a from "./\\x61";'],
    ["imports in the manner of CommonJS", 'import a = require("./a");'],
  ])("are left to the compiler: %s", (_what, source) => {
    expect(plainImports(source)).toBeUndefined();
    expect(parsed(source)).toHaveLength(1);
  });

  it("in a text are none", () => {
    const source = 'const a = `\nimport b from "b";\n`;';
    expect(plainImports(source) ?? parsed(source)).toEqual([]);
  });
});
