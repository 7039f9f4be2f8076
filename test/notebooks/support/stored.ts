/** A part as it is stored: its cells by id, and what they printed. */
import { readNotebook } from "../../../src/tools/notebook/files";

/** @param name `07-http-for-real` */
export async function storedPart(name: string) {
  const notebook = await readNotebook(process.cwd(), `notebooks/${name}.ipynb`);
  const cell = (id: string) => {
    const found = notebook.cells.find((one) => one.id === id);
    if (found === undefined) throw new Error(`${name} has no cell ${id}`);
    return found;
  };
  /** What a cell printed. */
  const printed = (id: string) =>
    cell(id)
      .outputs.map((output) => (output.output_type === "stream" ? output.text : ""))
      .join("");
  return { notebook, cell, printed };
}

/** The lines of a cell without the marks of what a learner's copy leaves out. */
export function ownLines({ source }: { readonly source: string }): string[] {
  return source.split("\n").filter((line) => !/^\s*\/\/ (###|STUB)/.test(line));
}
