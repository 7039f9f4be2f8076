/** A part of the lab: its prose, its cells, and what they have shown. */
import { escapeXml } from "../../wire/xml";
import { NotebookError } from "../notebook/errors";
import type { Cell } from "../notebook/format";
import { withoutMarks } from "../practice/copies/solution-marks";
import { codeBox, type ImportLink } from "./code";
import type { BookPart, BookProgram, Lab } from "./lab";
import { type LinkSource, type LinkUse, pageOfFile, relative } from "./links";
import { outputsHtml } from "./outputs";
import { type Heading, renderProse } from "./prose";

export interface Article {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Everything that a link can lead to. */
  readonly ids: ReadonlySet<string>;
  readonly uses: readonly LinkUse[];
  readonly errors: readonly NotebookError[];
}

export function partArticle({ notebook, page }: BookPart, lab: Lab): Article {
  const ids = new Set(notebook.cells.map(({ id }) => id));
  const headings: Heading[] = [];
  const uses: LinkUse[] = [];
  const errors: NotebookError[] = [];
  const cells = notebook.cells.map((cell): string => {
    const source: LinkSource = { place: { file: notebook.file, cell: cell.id }, page };
    const link = (address: string): string => {
      try {
        return lab.links.resolve(address, source, (use) => uses.push(use));
      } catch (error) {
        if (!(error instanceof NotebookError)) throw error;
        errors.push(error);
        return "#";
      }
    };
    const place = { cell: cell.id, ids, link };
    if (cell.type === "markdown") {
      const prose = renderProse(cell.source, place);
      headings.push(...prose.headings);
      return `<div class="prose" id="${cell.id}">\n${prose.html}\n</div>`;
    }
    if (cell.source.trim() === "") return `<div id="${cell.id}"></div>`;
    const program = lab.programs.find(
      (one) => one.cell.file === notebook.file && one.cell.cell === cell.id,
    );
    const importLink: ImportLink = (specifier) => {
      const module = lab.programs.find(
        (one) => one.from.page === page && specifier.replace(/\.js$/, "") === `./${one.cell.name}`,
      );
      if (module) return `#${module.cell.cell}`;
      const file = lab.links.source(specifier, notebook.file);
      if (file === undefined) return undefined;
      const target = pageOfFile(file);
      uses.push({ from: source.place, written: specifier, page: target, fragment: "", file });
      return relative(page, target);
    };
    return codeCell(cell, program, importLink, outputsHtml(cell.outputs, place));
  });
  return { html: cells.join("\n"), headings, ids, uses, errors };
}

function codeCell(
  { id, type, source }: Cell,
  program: BookProgram | undefined,
  importLink: ImportLink,
  outputs: string,
): string {
  const language = type === "code" ? "typescript" : "";
  const parts = [
    `<div class="cell${program ? " is-program" : ""}" id="${id}">`,
    `<p class="cell-id"><a href="#${id}"><span class="visually-hidden">Cell </span>${id}</a></p>`,
    codeBox(withoutMarks(source), { language, label: `Code of ${id}`, importLink }),
    program ? programLine(program) : "",
    outputs,
    "</div>",
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** What becomes of a program cell. */
function programLine({ cell: { name }, runs, page }: BookProgram): string {
  const link = `<a href="${escapeXml(page)}">${runs ? "program" : "module"} <code>${name}</code></a>`;
  return runs
    ? `<p class="program">The ${link}: <code class="command">npm run program -- ${name}</code></p>`
    : `<p class="program">The ${link}, which programs import</p>`;
}
