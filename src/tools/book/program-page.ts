/** The file that a program cell becomes, to read, to run and to take along. */
import { escapeXml } from "../../wire/xml";
import { PROGRAMS_FOLDER } from "../notebook/extract";
import { importsOf } from "../notebook/program-cells";
import { programSource } from "../notebook/program-source";
import { withoutMarks } from "../practice/copies/solution-marks";
import { codeBox } from "./code";
import type { BookProgram, Lab } from "./lab";
import { pageOfFile, relative } from "./links";
import type { Page } from "./template";

/** `programs/tcp_server.mjs` */
export function programFile({ cell }: BookProgram, ending: "ts" | "mjs"): string {
  return `programs/${cell.name}.${ending}`;
}

/** @param files the files of the repository that have a page */
export function programPage(program: BookProgram, lab: Lab, files: ReadonlySet<string>): Page {
  const { cell, runs, from, about, page } = program;
  const { name } = cell;
  const home = `${relative(page, from.page)}#${cell.cell}`;
  const origin = `Cell <a href="${escapeXml(home)}">${escapeXml(cell.cell)}</a> of Part ${escapeXml(`${from.part.number}: ${from.title}`)}`;
  const parts = [
    `<p class="above"><span>${origin}</span></p>`,
    `<h1><code>${name}</code></h1>`,
    about === "" ? "" : `<p class="lead">${escapeXml(about)}</p>`,
    '<div class="prose">',
    ...(runs ? howToRun(program) : [imported(program, lab)]),
    "</div>",
    `<h2 id="source">Source</h2>`,
    codeBox(readable(program), {
      language: "typescript",
      label: `Source of ${name}`,
      importLink: (specifier) => importLink(specifier, program, lab, files),
    }),
    `<p class="program"><a href="${name}.ts" download>${name}.ts</a></p>`,
  ];
  const body = parts.filter((part) => part !== "").join("\n");
  return { page, title: name, about: about || `A module of Part ${from.part.number}`, body };
}

function howToRun({ cell: { name } }: BookProgram): string[] {
  const box = (commands: string): string =>
    codeBox(commands, { language: "bash", label: "Commands" });
  return [
    "<p>In the lab's folder, as its cell stands now:</p>",
    box(`npm run program -- ${name} --help\nnpm run program -- ${name}`),
    `<p>Or anywhere else: <a href="${name}.mjs" download>${name}.mjs</a> is one file that needs nothing but Node.js.</p>`,
    box(`node ${name}.mjs --help`),
  ];
}

function imported(program: BookProgram, lab: Lab): string {
  const { name, file } = program.cell;
  const users = lab.programs.filter(
    ({ cell }) =>
      cell.file === file &&
      importsOf(cell).some(({ specifier }) => specifier.replace(/\.js$/, "") === `./${name}`),
  );
  const links = users.map(
    (user) => `<a href="${relative(program.page, user.page)}"><code>${user.cell.name}</code></a>`,
  );
  return `<p>A module: it runs in what imports it, ${links.join(", ")}.</p>`;
}

/** The source map is for machines, the marks of an exercise for copies. */
function readable({ cell, runs }: BookProgram): string {
  const source = programSource(cell, PROGRAMS_FOLDER, runs);
  return withoutMarks(source.replace(/\n\/\/# sourceMappingURL=.*\n$/, "\n"));
}

function importLink(
  specifier: string,
  { cell, page }: BookProgram,
  lab: Lab,
  files: ReadonlySet<string>,
): string | undefined {
  const module = lab.programs.find(
    (one) => one.cell.file === cell.file && specifier.replace(/\.js$/, "") === `./${one.cell.name}`,
  );
  if (module) return relative(page, module.page);
  const file = lab.links.source(specifier.replace(/^\.\.\//, "./"), cell.file);
  return file !== undefined && files.has(file) ? relative(page, pageOfFile(file)) : undefined;
}
