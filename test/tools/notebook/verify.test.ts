import { describe, expect, it } from "vitest";
import { diffLines } from "../../../src/tools/notebook/diff";
import { type Cell, findCell, parseNotebook } from "../../../src/tools/notebook/format";
import type { Output } from "../../../src/tools/notebook/output";
import { differenceError } from "../../../src/tools/notebook/store";
import { compareOutputs } from "../../../src/tools/notebook/verify";
import { notebookText } from "./support/lab-folder";

function cell(outputs: Output[], tags = ""): Cell {
  const found = findCell(parseNotebook(notebookText(`%% code one ${tags}\n1\n`), "x"), "one");
  if (!found) throw new Error("no cell");
  return Object.assign(found, { outputs });
}
const stdout = (text: string): Output => ({ output_type: "stream", name: "stdout", text });
const shown = (data: Record<string, unknown>): Output => ({
  output_type: "display_data",
  data,
  metadata: {},
});

describe("comparing fresh outputs with stored ones", () => {
  it("finds nothing where only ports, dates and durations differ", () => {
    const stored = [stdout("on 127.0.0.1:8080 at 02:04:05, 3 ms\n")];
    expect(
      compareOutputs(cell(stored), [stdout("on 127.0.0.1:40123 at 11:22:33, 41 ms\n")]),
    ).toEqual([]);
  });

  it("shows a changed line between its neighbours", () => {
    const stored = [stdout("one\ntwo\nthree\nfour\nfive\nsix\n")];
    expect(compareOutputs(cell(stored), [stdout("one\ntwo\nthree\nFOUR\nfive\nsix\n")])).toEqual([
      "  ...",
      "  two",
      "  three",
      "- four",
      "+ FOUR",
      "  five",
      "  six",
    ]);
  });

  it("finds text that came on the other stream", () => {
    const fresh: Output = { output_type: "stream", name: "stderr", text: "a\n" };
    expect(compareOutputs(cell([stdout("a\n")]), [fresh])).toEqual([
      "- [stdout]",
      "+ [stderr]",
      "  a",
    ]);
  });

  it("finds a missing and an additional output", () => {
    expect(compareOutputs(cell([stdout("a\n")]), [])).toEqual(["- [stdout]", "- a"]);
    expect(compareOutputs(cell([]), [stdout("a\n")])).toEqual(["+ [stdout]", "+ a"]);
  });

  it("compares drawings and pages, a tag a line", () => {
    const svg = (colour: string) =>
      shown({ "image/svg+xml": `<svg><g><rect fill="${colour}"/></g></svg>` });
    expect(compareOutputs(cell([svg("red")]), [svg("red")])).toEqual([]);
    expect(compareOutputs(cell([svg("red")]), [svg("blue")])).toEqual(
      expect.arrayContaining(['- <rect fill="red"/>', '+ <rect fill="blue"/>']),
    );
  });

  it("shows the text of a drawing first, and not all of a long difference", () => {
    const drawing = (sign: string) =>
      shown({ "image/svg+xml": `<svg>${`<g>${sign}</g>`.repeat(99)}</svg>`, "text/plain": sign });
    const lines = compareOutputs(cell([drawing("a")]), [drawing("b")]);
    expect(lines.slice(0, 3)).toEqual(["  [text/plain]", "- a", "+ b"]);
    const run = { cell: cell([]), outputs: [], milliseconds: 0 };
    const { message } = differenceError("notebooks/01-one.ipynb", { run, lines });
    expect(message).toMatch(/^notebooks\/01-one\.ipynb#one: the output differs/);
    expect(message).toMatch(/\.\.\. \d+ more lines$/);
    expect(message.split("\n").length).toBeLessThan(50);
  });

  it("compares what went wrong, not the traceback", () => {
    const error = (evalue: string, line: string): Output => ({
      output_type: "error",
      ename: "TypeError",
      evalue,
      traceback: [`TypeError: ${evalue}`, line],
    });
    expect(compareOutputs(cell([error("a", "at 1")]), [error("a", "at 2")])).toEqual([]);
    expect(compareOutputs(cell([error("a", "at 1")]), [error("b", "at 1")])).not.toEqual([]);
  });

  it("lets a cell that is tagged output-varies say anything, but not nothing", () => {
    const tagged = cell([stdout("this machine\n")], "output-varies");
    expect(compareOutputs(tagged, [stdout("that machine\n")])).toEqual([]);
    expect(compareOutputs(tagged, [])).not.toEqual([]);
  });
});

describe("a line diff", () => {
  it("keeps common lines and marks the rest", () => {
    expect(diffLines(["a", "b", "c"], ["a", "x", "c", "d"])).toEqual([
      "  a",
      "- b",
      "+ x",
      "  c",
      "+ d",
    ]);
  });

  it("of the same lines is empty", () => {
    expect(diffLines(["a"], ["a"])).toEqual([]);
  });

  it("of very many lines stays bounded", () => {
    const lines = (mark: string) => Array.from({ length: 20_000 }, (_none, at) => `${mark}${at}`);
    expect(diffLines(lines("a"), lines("b"))).toHaveLength(40_000);
  });
});
