/**
 * A notebook in nbformat 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html), read and
 * written without loss: a part that was not changed keeps its bytes.
 */
import { NotebookError } from "./errors";
import {
  applyEdits,
  type JsonNode,
  JsonTextError,
  type JsonValue,
  parseJsonText,
  type TextEdit,
} from "./json-text";
import {
  joinMultiline,
  type Output,
  readOutput,
  sameJson,
  splitMultiline,
  storedOutput,
} from "./output";

export type CellType = "code" | "markdown" | "raw";

export interface Cell {
  readonly id: string;
  readonly type: CellType;
  /** Counts from 0. */
  readonly index: number;
  readonly metadata: Readonly<Record<string, JsonValue>>;
  source: string;
  /** Empty for cells that are not code. */
  outputs: Output[];
  /** null: not run yet. */
  executionCount: number | null;
}

export interface Notebook {
  /** As shown to people: relative to the repository, `notebooks/02-tcp.ipynb`. */
  readonly file: string;
  /** The text that was read. */
  readonly text: string;
  readonly metadata: Readonly<Record<string, JsonValue>>;
  readonly cells: readonly Cell[];
}

/** nbformat 4.5, "Cell ids": 1 to 64 letters, digits, "-" and "_". */
const CELL_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const CELL_TYPES: ReadonlySet<string> = new Set<CellType>(["code", "markdown", "raw"]);

/** The nodes of each notebook that was read, for writing only what changed. */
const roots = new WeakMap<Notebook, JsonNode>();

/** The cell's tags (nbformat: `metadata.tags`), such as `raises-exception`. */
export function cellTags(cell: Cell): readonly string[] {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

export function findCell(notebook: Notebook, id: string): Cell | undefined {
  return notebook.cells.find((cell) => cell.id === id);
}

/**
 * @param file how the notebook is named in errors
 * @throws {NotebookError} the text is not JSON, not a notebook, older than nbformat 4.5, or a cell is wrong
 */
export function parseNotebook(text: string, file: string): Notebook {
  const root = parseRoot(text, file);
  checkVersion(root, file);
  const cellNodes = root.members?.get("cells")?.elements;
  if (!cellNodes) {
    throw new NotebookError({ file }, 'not a notebook: it has no list of "cells"');
  }
  const cells: Cell[] = [];
  for (const [index, node] of cellNodes.entries()) {
    const cell = readCell(node, index, { file, text });
    const twin = cells.find(({ id }) => id === cell.id);
    if (twin) {
      throw new NotebookError(
        { file, cell: cell.id },
        `cells ${twin.index + 1} and ${index + 1} have the same id; give one of them another`,
      );
    }
    cells.push(cell);
  }
  const notebook = { file, text, metadata: objectOf(root.members?.get("metadata")) ?? {}, cells };
  roots.set(notebook, root);
  return notebook;
}

/** The notebook's text with the changes made to its cells' source, outputs and execution count. */
export function formatNotebook(notebook: Notebook): string {
  const root = roots.get(notebook);
  if (!root) throw new TypeError("formatNotebook needs a notebook from parseNotebook");
  const nodes = root.members?.get("cells")?.elements ?? [];
  const edits: TextEdit[] = [];
  for (const cell of notebook.cells) {
    const members = nodes[cell.index]?.members;
    const change = (name: string, value: unknown): void => {
      const node = members?.get(name);
      if (!node) throw new TypeError(`cell ${cell.id} has no ${name}`);
      edits.push({
        start: node.start,
        end: node.end,
        text: layOut(value, notebook.text, root),
      });
    };
    const source = members?.get("source")?.value;
    if (joinMultiline(source) !== cell.source) {
      change("source", Array.isArray(source) ? splitMultiline(cell.source) : cell.source);
    }
    if (cell.type !== "code") continue;
    if (members?.get("execution_count")?.value !== cell.executionCount) {
      change("execution_count", cell.executionCount);
    }
    const before = members?.get("outputs")?.elements?.map(({ value }) => readOutput(value));
    if (!sameJson(before, cell.outputs)) change("outputs", cell.outputs.map(storedOutput));
  }
  return applyEdits(notebook.text, edits);
}

function parseRoot(text: string, file: string): JsonNode {
  try {
    const root = parseJsonText(text);
    if (root.members) return root;
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const { line, column, message } = error;
    throw new NotebookError({ file, line, column }, `not JSON: ${message}`);
  }
  throw new NotebookError({ file }, "not a notebook: the file holds no JSON object");
}

function checkVersion(root: JsonNode, file: string): void {
  const major = root.members?.get("nbformat")?.value;
  const minor = root.members?.get("nbformat_minor")?.value;
  if (typeof major !== "number" || typeof minor !== "number") {
    throw new NotebookError({ file }, 'not a notebook: it has no "nbformat" version');
  }
  if (major > 4) {
    throw new NotebookError(
      { file },
      `nbformat ${major}.${minor} is newer than this lab knows (4.5); save it as version 4`,
    );
  }
  if (major < 4 || minor < 5) {
    throw new NotebookError(
      { file },
      `nbformat ${major}.${minor} is too old, its cells have no ids: open and save it in JupyterLab or ` +
        `VS Code, or run \`jupyter nbconvert --to notebook --nbformat 4 --inplace ${file}\` with a ` +
        "current Jupyter, so that it becomes 4.5",
    );
  }
}

function readCell(node: JsonNode, index: number, from: { file: string; text: string }): Cell {
  const { members } = node;
  const { file, text } = from;
  const id = members?.get("id")?.value;
  if (typeof id !== "string" || !CELL_ID.test(id)) {
    const line = text.slice(0, node.start).split("\n").length;
    const found = id === undefined ? "no id" : `the id ${JSON.stringify(id)}`;
    throw new NotebookError(
      { file, line },
      `cell ${index + 1} has ${found}; an id is 1 to 64 letters, digits, "-" or "_"`,
    );
  }
  const wrong = (reason: string): never => {
    throw new NotebookError({ file, cell: id }, reason);
  };
  const type = members?.get("cell_type")?.value;
  if (typeof type !== "string" || !CELL_TYPES.has(type)) {
    return wrong(`the cell_type is ${JSON.stringify(type)}, not code, markdown or raw`);
  }
  const source = joinMultiline(members?.get("source")?.value);
  if (source === undefined) return wrong("the source is neither a string nor a list of strings");
  const metadata = objectOf(members?.get("metadata")) ?? wrong("the metadata is not an object");
  const cell: Cell = {
    id,
    type: type as CellType, // one of CELL_TYPES
    index,
    metadata,
    source,
    outputs: [],
    executionCount: null,
  };
  if (type !== "code") return cell;
  const count = members?.get("execution_count")?.value;
  if (count !== null && typeof count !== "number") {
    return wrong("the execution_count is neither a number nor null");
  }
  cell.executionCount = count;
  const outputs = members?.get("outputs")?.elements ?? wrong("the outputs are not a list");
  for (const [at, output] of outputs.entries()) {
    const read = readOutput(output.value);
    cell.outputs.push(read ?? wrong(`output ${at + 1} is not an output of nbformat 4.5`));
  }
  return cell;
}

function objectOf(node: JsonNode | undefined): Record<string, JsonValue> | undefined {
  const value = node?.value;
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
}

/** Nesting of a cell's members: the notebook, its list of cells, the cell. */
const CELL_MEMBER_DEPTH_LEVELS = 3;

/** Lays a cell's member out with the file's own indent and line ends. */
function layOut(value: unknown, text: string, root: JsonNode): string {
  const indent = /^\{\r?\n([ \t]*)/.exec(text.slice(root.start))?.[1];
  if (indent === undefined) return JSON.stringify(value);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const margin = indent.repeat(CELL_MEMBER_DEPTH_LEVELS);
  return JSON.stringify(value, null, indent).replaceAll("\n", newline + margin);
}
