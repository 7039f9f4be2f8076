/** Files and folders of the repository that the lab refers to: its tests, its sources, its guides. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { escapeXml } from "../../wire/xml";
import { codeBox } from "./code";
import type { Lab } from "./lab";
import { isPicture, type LinkUse, pageOfFile, relative } from "./links";
import { type Heading, renderProse } from "./prose";

export interface FilePage {
  readonly page: string;
  readonly title: string;
  /** What the file holds, or the names in the folder. */
  readonly source: string;
  /** @param files all files that have a page, so that imports can lead to them */
  readonly body: (files: ReadonlySet<string>) => string;
  readonly headings: readonly Heading[];
  readonly ids: ReadonlySet<string>;
  readonly uses: readonly LinkUse[];
}

/** What a page can show as text. */
const TEXT = /\.(?:ts|mjs|js|json|md|py|sh|css|html|conf|txt)$/;

/** @throws {NotebookError} a guide links to what is not there */
export function filePage(file: string, lab: Lab): FilePage {
  const full = path.join(lab.root, file);
  if (statSync(full).isDirectory()) return folderPage(file, lab);
  const page = pageOfFile(file);
  if (isPicture(file))
    return {
      page,
      title: file,
      source: "",
      body: () => "",
      headings: [],
      ids: new Set(),
      uses: [],
    };
  const text = readFileSync(full, "utf8");
  const uses: LinkUse[] = [];
  const ids = new Set<string>();
  if (!file.endsWith(".md")) {
    const body = (files: ReadonlySet<string>): string => codeBody(file, text, lab, files);
    return { page, title: file, source: text, body, headings: [], ids, uses };
  }
  const link = (address: string): string =>
    lab.links.resolve(address, { place: { file }, page }, (use) => uses.push(use));
  const { html, headings } = renderProse(text, { ids, link });
  const body = `<p class="above">${escapeXml(file)}</p>\n<div class="prose">\n${html}\n</div>`;
  const title = headings[0]?.text ?? file;
  return { page, title, source: text, body: () => body, headings, ids, uses };
}

function folderPage(folder: string, lab: Lab): FilePage {
  const page = pageOfFile(folder, true);
  const entries = readdirSync(path.join(lab.root, folder), { withFileTypes: true });
  const shown = entries
    .filter((entry) => entry.isDirectory() || TEXT.test(entry.name) || isPicture(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => ({ file: `${folder}/${entry.name}`, isFolder: entry.isDirectory() }));
  const items = shown.map(({ file, isFolder }) => {
    const name = path.posix.basename(file) + (isFolder ? "/" : "");
    return `<li><a href="${escapeXml(relative(page, pageOfFile(file, isFolder)))}"><code>${escapeXml(name)}</code></a></li>`;
  });
  const uses = shown.map(({ file, isFolder }) => ({
    from: { file: folder },
    written: file,
    page: pageOfFile(file, isFolder),
    fragment: "",
    file,
  }));
  const body = `<h1><code>${escapeXml(folder)}/</code></h1>\n<ul class="files">${items.join("")}</ul>`;
  const ids = new Set<string>();
  return { page, title: `${folder}/`, source: body, body: () => body, headings: [], ids, uses };
}

function codeBody(file: string, text: string, lab: Lab, files: ReadonlySet<string>): string {
  const importLink = (specifier: string): string | undefined => {
    const target = lab.links.source(specifier, file);
    return target !== undefined && files.has(target)
      ? relative(pageOfFile(file), pageOfFile(target))
      : undefined;
  };
  const language = path.extname(file).slice(1);
  const label = `Text of ${file}`;
  return `<h1 class="file"><code>${escapeXml(file)}</code></h1>\n${codeBox(text, { language, label, importLink })}`;
}
