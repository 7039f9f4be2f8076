import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { NotebookError } from "../../../src/tools/notebook/errors";
import {
  cellTags,
  findCell,
  formatNotebook,
  parseNotebook,
} from "../../../src/tools/notebook/format";
import { notebookText } from "./support/lab-folder";

const FIXTURES = path.join(import.meta.dirname, "fixtures");
const jupyterLab = await readFile(path.join(FIXTURES, "as-jupyterlab.ipynb"), "utf8");
const vsCode = await readFile(path.join(FIXTURES, "as-vscode.ipynb"), "utf8");

const SMALL = notebookText("%% md intro\n# Hello\n%% code one\nconsole.log(1);\n");

function problem(text: string): string {
  try {
    parseNotebook(text, "notebooks/bad.ipynb");
  } catch (error) {
    if (error instanceof NotebookError) return error.message;
    throw error;
  }
  return "no error";
}

/** Sets the outputs of the code cell that has none, and puts them back. */
function thereAndBack(text: string): string {
  const notebook = parseNotebook(text, "x.ipynb");
  for (const cell of notebook.cells) {
    if (cell.type !== "code") continue;
    cell.outputs = [{ output_type: "stream", name: "stdout", text: "fresh\n" }];
    cell.executionCount = 77;
    cell.source += "\n// changed";
  }
  const before = parseNotebook(text, "x.ipynb");
  const changed = parseNotebook(formatNotebook(notebook), "x.ipynb");
  for (const [index, cell] of changed.cells.entries()) {
    const old = before.cells[index];
    if (old) Object.assign(cell, { ...old });
  }
  return formatNotebook(changed);
}

describe("a notebook read and written keeps its bytes", () => {
  it.each([
    ["as JupyterLab and nbformat write it", jupyterLab],
    ["as VS Code writes it", vsCode],
    ["of our own", SMALL],
    ["without a newline at its end", SMALL.trimEnd()],
    ["with two spaces of indent", JSON.stringify(JSON.parse(SMALL), null, 2)],
    ["with tabs", JSON.stringify(JSON.parse(SMALL), null, "\t")],
    ["on one line", JSON.stringify(JSON.parse(SMALL))],
    ["with Windows line ends", SMALL.replaceAll("\n", "\r\n")],
    ["with a byte order mark", `\uFEFF${SMALL}`],
    ["with escaped letters", SMALL.replace("Hello", "Gr\\u00fc\\u00df\\u0065")],
    ["with sources as strings", SMALL.replaceAll(/\[\s*("[^"]+")\s*\]/g, "$1")],
  ])("%s", (_how, text) => {
    expect(formatNotebook(parseNotebook(text, "x.ipynb"))).toBe(text);
  });

  it("and every notebook of the lab does", async () => {
    const folder = path.resolve(import.meta.dirname, "../../../notebooks");
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".ipynb"))) {
      const text = await readFile(path.join(folder, name), "utf8");
      expect(formatNotebook(parseNotebook(text, name)) === text, name).toBe(true);
    }
  });

  it.each([
    ["as nbformat writes it", jupyterLab],
    ["of our own", SMALL],
    ["with Windows line ends", SMALL.replaceAll("\n", "\r\n")],
    ["with tabs", JSON.stringify(JSON.parse(SMALL), null, "\t")],
  ])("after its cells were changed and changed back, %s", (_how, text) => {
    expect(thereAndBack(text)).toBe(text);
  });
});

describe("changing a cell", () => {
  it("leaves every other byte as it was", () => {
    const notebook = parseNotebook(jupyterLab, "x.ipynb");
    const cell = findCell(notebook, "empty_cell");
    if (!cell) throw new Error("no such cell");
    cell.executionCount = 4;
    cell.outputs = [{ output_type: "stream", name: "stdout", text: "a\nb" }];
    expect(formatNotebook(notebook)).toBe(
      jupyterLab.replace(
        /"execution_count": null,(\s+"id": "empty_cell",[^[]*?"outputs": )\[\]/,
        (_all, between) =>
          `"execution_count": 4,${between}[\n    {\n     "name": "stdout",\n     "output_type": "stream",\n` +
          '     "text": [\n      "a\\n",\n      "b"\n     ]\n    }\n   ]',
      ),
    );
  });

  it("keeps a source that was a string a string, and one that was a list a list", () => {
    const asString = SMALL.replace(/\[\s*("console[^"]+")\s*\]/, "$1");
    for (const [text, expected] of [
      [asString, '"source": "a\\nb"'],
      [SMALL, '"source": [\n    "a\\n",\n    "b"\n   ]'],
    ] as const) {
      const notebook = parseNotebook(text, "x.ipynb");
      const cell = findCell(notebook, "one");
      if (cell) cell.source = "a\nb";
      expect(formatNotebook(notebook)).toContain(expected);
    }
  });

  it("stores outputs with their keys in order and without what is transient", () => {
    const notebook = parseNotebook(SMALL, "x.ipynb");
    const cell = findCell(notebook, "one");
    const output = {
      output_type: "display_data" as const,
      transient: { display_id: "7" },
      metadata: {},
      data: { "text/plain": "x\ny", "application/json": { b: "1\n2", a: 1 } },
    };
    if (cell) cell.outputs = [output];
    const text = formatNotebook(notebook);
    expect(JSON.stringify(JSON.parse(text).cells[1].outputs)).toBe(
      '[{"data":{"application/json":{"a":1,"b":"1\\n2"},"text/plain":["x\\n","y"]},"metadata":{},"output_type":"display_data"}]',
    );
  });

  it("joins multi-line strings for those who read", () => {
    const [, cell] = parseNotebook(jupyterLab, "x.ipynb").cells;
    expect(cell?.outputs[0]).toEqual({
      output_type: "stream",
      name: "stdout",
      text: "one\r\ntwo\n\u001b[31mred\u001b[0m",
    });
    expect(cell && cellTags(cell)).toEqual(["raises-exception"]);
  });
});

describe("a file that is no notebook of nbformat 4.5 is refused, with file and cell:", () => {
  const change = (edit: (notebook: ReturnType<typeof JSON.parse>) => void): string => {
    const notebook = JSON.parse(SMALL);
    edit(notebook);
    return JSON.stringify(notebook, null, 1);
  };

  it.each([
    ["empty", "", ":1:1: not JSON: the text ends where a value should be"],
    ["cut off", SMALL.slice(0, 15), ":3:2: not JSON: the text ends where"],
    ["a merge conflict", SMALL.replace('"id"', '<<<<<<< HEAD\n"id"'), ":5:4: not JSON: expected"],
    ["a trailing comma", '{"cells": [1,]}', ":1:14: not JSON: expected a value"],
    ["an unfinished string", '{"cells": "abc\n"}', ":1:11: not JSON: expected a complete string"],
    ["a key twice", '{"a": 1, "a": 2}', ':1:10: not JSON: the property "a" stands twice'],
    ["text after the end", "{} x", ":1:4: not JSON: something follows"],
    ["very deep", "[".repeat(100_000), ":1:202: not JSON: nested deeper than 200 levels"],
    ["another JSON value", "[1]", ": not a notebook: the file holds no JSON object"],
    ["another JSON object", "{}", ': not a notebook: it has no "nbformat" version'],
    [
      "no cells",
      '{"nbformat":4,"nbformat_minor":5}',
      ': not a notebook: it has no list of "cells"',
    ],
    ["nbformat 5", '{"nbformat":5,"nbformat_minor":0}', ": nbformat 5.0 is newer than"],
    ["nbformat 3", '{"nbformat":3,"nbformat_minor":0}', ": nbformat 3.0 is too old"],
    ["nbformat 4.4", '{"nbformat":4,"nbformat_minor":4}', "jupyter nbconvert --to notebook"],
    [
      "a cell id twice",
      SMALL.replace('"one"', '"intro"'),
      "#intro: cells 1 and 2 have the same id",
    ],
    ["no cell id", change((nb) => delete nb.cells[1].id), ":11: cell 2 has no id"],
    ["a bad cell id", SMALL.replace('"one"', '"a b"'), ':11: cell 2 has the id "a b"'],
    ["a long cell id", SMALL.replace('"one"', `"${"x".repeat(65)}"`), ":11: cell 2 has the id"],
    [
      "an unknown cell type",
      SMALL.replace('"code"', '"heading"'),
      '#one: the cell_type is "heading"',
    ],
    [
      "a source of numbers",
      change((nb) => (nb.cells[1].source = [1])),
      "#one: the source is neither",
    ],
    ["no metadata", change((nb) => delete nb.cells[1].metadata), "#one: the metadata is not"],
    ["no outputs", change((nb) => delete nb.cells[1].outputs), "#one: the outputs are not a list"],
    [
      "a bad output",
      change((nb) => (nb.cells[1].outputs = [{}])),
      "#one: output 1 is not an output",
    ],
    [
      "a bad count",
      change((nb) => (nb.cells[1].execution_count = "1")),
      "#one: the execution_count",
    ],
  ])("%s", (_what, text, expected) => {
    const message = problem(text);
    expect(message).toContain("notebooks/bad.ipynb");
    expect(message).toContain(expected);
  });

  it("reads a picture of many megabytes", () => {
    const picture = "iVBORw0KGgo".repeat(1_000_000);
    const text = SMALL.replace("console.log(1);", picture);
    expect(parseNotebook(text, "x.ipynb").cells[1]?.source).toBe(picture);
  });
});
