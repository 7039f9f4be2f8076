/** Marked solutions, and the stubs that take their place. */
import { describe, expect, it } from "vitest";
import { parseNotebook } from "../../../src/tools/notebook/format";
import { blank } from "../../../src/tools/practice/copies/copies";
import { blankSource, solutionRegions } from "../../../src/tools/practice/copies/solution-marks";
import { notebookText } from "../notebook/support/lab-folder";

const PLACE = { file: "notebooks/02-tcp.ipynb", cell: "client" };
const CELL = `/** @module client */
export function answer(): number {
  // ### BEGIN SOLUTION find the "answer"
  return 42;
  // ### END SOLUTION
}
export function list(): number[] {
    // ### BEGIN SOLUTION list them
    // STUB return [];
    return [1, 2];
    // ### END SOLUTION
}
export function check(): void {
  // ### BEGIN SOLUTION look at it
  // STUB
  throw new Error("no");
  // ### END SOLUTION
}`;

describe("a solution", () => {
  it("gives way to a TODO that is thrown, or to its own stub", () => {
    expect(blankSource(CELL, PLACE)).toBe(`/** @module client */
export function answer(): number {
  // TODO: find the "answer"
  throw new Error("TODO: find the \\"answer\\" (cell client)");
}
export function list(): number[] {
    // TODO: list them
    return [];
}
export function check(): void {
  // TODO: look at it

}`);
  });

  it("stays where it is to be kept, marks and all", () => {
    const kept = blankSource(CELL, PLACE, (index) => index !== 1);
    expect(kept).toContain("// ### BEGIN SOLUTION find");
    expect(kept).toContain("    return [];\n");
    expect(kept).toContain('throw new Error("no");');
    expect(solutionRegions(kept, PLACE).map(({ todo }) => todo)).toEqual([
      'find the "answer"',
      "look at it",
    ]);
  });

  it.each([
    ["// ### BEGIN SOLUTION a", /client:1: "### BEGIN SOLUTION" without its "### END SOLUTION"/],
    ["// ### END SOLUTION", /client:1: "### END SOLUTION" without a beginning/],
    [
      "// ### BEGIN SOLUTION a\n// ### BEGIN SOLUTION b",
      /client:2: a solution begins within the one of line 1/,
    ],
    ["// ### BEGIN SOLUTION\n// ### END SOLUTION", /client:1: .* needs a few words/],
  ])("with wrong marks is an error that names the line: %j", (source, message) => {
    expect(() => blankSource(source, PLACE)).toThrow(message);
  });

  it("is taken out of a whole notebook, with outputs and links that would lead nowhere", () => {
    const text = notebookText(
      `%% md a\nSee [Part 1](01-x.ipynb#y) and [tests](../test/x.ts).\n%% code client\n${CELL}\n`,
    );
    const notebook = parseNotebook(text, "notebooks/02-tcp.ipynb");
    blank(notebook);
    expect(notebook.cells[0]?.source).toBe(
      "See [Part 1](../notebooks/01-x.ipynb#y) and [tests](../test/x.ts).",
    );
    expect(notebook.cells[1]?.source).toBe(blankSource(CELL, PLACE));
  });
});
