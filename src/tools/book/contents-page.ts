/** The first page: every part with what it teaches, its criteria and its programs. */
import { escapeXml } from "../../wire/xml";
import type { BookPart, BookProgram, Lab } from "./lab";
import { programFile } from "./program-page";
import { BOOK_TITLE, type Page } from "./template";

const ABOUT = "Network programming in TypeScript, by doing it: real sockets, opened cell by cell.";

export function contentsPage({ parts, programs }: Lab): Page {
  const running = programs.filter(({ runs }) => runs);
  const body = [
    `<h1>${BOOK_TITLE}</h1>`,
    `<p class="lead">${ABOUT}</p>`,
    '<div class="prose"><p>This is the lab to read. Each cell stands with what it has really printed. To run the cells yourself, change them, and see what happens then, type <code>npm start</code> in the lab’s folder.</p></div>',
    '<ol class="parts">',
    ...parts.map((part) => partItem(part, running)),
    "</ol>",
    running.length === 0 ? "" : programTable(running),
  ];
  return {
    page: "index.html",
    title: BOOK_TITLE,
    about: ABOUT,
    body: body.filter((part) => part !== "").join("\n"),
  };
}

function partItem({ part, title, page }: BookPart, programs: readonly BookProgram[]): string {
  const own = programs.filter(({ from }) => from.page === page);
  const links = own.map(
    (one) => `<a href="${escapeXml(one.page)}"><code>${one.cell.name}</code></a>`,
  );
  const lines = [
    `<li><h2><a href="${escapeXml(page)}"><span class="number">${escapeXml(part.number)}</span> ${escapeXml(title)}</a></h2>`,
    `<p>${escapeXml(part.about)}</p>`,
    part.criteria.length > 0
      ? `<p class="criteria">Criteria</p><ul class="criteria">${part.criteria.map((one) => `<li>${escapeXml(one)}</li>`).join("")}</ul>`
      : "",
    links.length > 0 ? `<p class="made">Programs: ${links.join(", ")}</p>` : "",
    "</li>",
  ];
  return lines.filter((line) => line !== "").join("\n");
}

function programTable(programs: readonly BookProgram[]): string {
  const rows = programs.map((program) => {
    const { cell, about, page, from } = program;
    const file = programFile(program, "mjs");
    return `<tr><th scope="row"><a href="${escapeXml(page)}"><code>${cell.name}</code></a></th><td>${escapeXml(about)}</td><td><a href="${escapeXml(from.page)}#${cell.cell}">Part ${escapeXml(from.part.number)}</a></td><td><a href="${escapeXml(file)}" download>${cell.name}.mjs</a></td></tr>`;
  });
  return `<h2 id="programs">The programs</h2>
<div class="prose"><p>Each is a cell of its part, and each is one file that runs wherever Node.js does: <code>node tcp_server.mjs</code>.</p></div>
<div class="table programs" tabindex="0" role="group" aria-label="The programs"><table>
<thead><tr><th scope="col">Program</th><th scope="col">What it does</th><th scope="col">From</th><th scope="col">File</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></div>`;
}
