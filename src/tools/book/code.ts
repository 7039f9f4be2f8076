/** Code in colour, by highlight.js; what it imports leads to where that stands. */
import hljs from "highlight.js/lib/core";
import apache from "highlight.js/lib/languages/apache";
import bash from "highlight.js/lib/languages/bash";
import diff from "highlight.js/lib/languages/diff";
import http from "highlight.js/lib/languages/http";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import { escapeXml } from "../../wire/xml";
import { preformatted } from "./boxes";

const LANGUAGES = { apache, bash, diff, http, json, python, typescript, xml };
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** Where an import leads, or undefined when the book does not have it. */
export type ImportLink = (specifier: string) => string | undefined;

export interface CodeLook {
  /** As after the backticks in Markdown, or a file's ending. A language that is not known stays plain. */
  readonly language: string;
  /** What the box is called when it has the keyboard's focus. */
  readonly label: string;
  readonly importLink?: ImportLink;
}

/** A box of code. */
export function codeBox(source: string, { language, label, importLink }: CodeLook): string {
  const text = source.replace(/\n+$/, "");
  const html = hljs.getLanguage(language)
    ? hljs.highlight(text, { language, ignoreIllegals: true }).value
    : escapeXml(text);
  const linked = importLink ? withImports(html, importLink) : html;
  return `<div class="code">${preformatted("source", label, text, `<code>${linked}</code>`)}</div>`;
}

function withImports(html: string, importLink: ImportLink): string {
  return html.replace(
    /<span class="hljs-string">&quot;(\.[\w./-]+)&quot;<\/span>/g,
    (string, specifier: string) => {
      const href = importLink(specifier);
      return href === undefined
        ? string
        : `<a class="import" href="${escapeXml(href)}">${string}</a>`;
    },
  );
}
