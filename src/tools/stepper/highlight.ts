/** Code in colour, by highlight.js. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import http from "highlight.js/lib/languages/http";
import json from "highlight.js/lib/languages/json";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import type { Role, Styles } from "../terminal/palette";

const LANGUAGES = { bash, http, json, typescript, xml };
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** Scopes of highlight.js (its "CSS classes reference"); the rest stays as it is. */
const ROLES: Readonly<Record<string, Role>> = {
  keyword: "keyword",
  literal: "number",
  number: "number",
  string: "string",
  regexp: "string",
  comment: "comment",
  doctag: "comment",
  title: "function",
  "title function": "function",
  "title class": "type",
  type: "type",
  built_in: "type",
  attr: "accent",
  attribute: "accent",
  meta: "keyword",
  tag: "muted",
  name: "keyword",
};

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

/** The code's lines, each with its styles within itself. A language that is not known stays plain. */
export function highlight(code: string, language: string, styles: Styles): string[] {
  if (!styles.colour || !hljs.getLanguage(language)) return code.split("\n");
  const html = hljs.highlight(code, { language, ignoreIllegals: true }).value;
  const open: (Role | undefined)[] = [];
  let text = "";
  for (const [token, scopes] of html.matchAll(/<span class="([^"]*)">|<\/span>|[^<]+/g)) {
    if (scopes !== undefined) open.push(roleOf(scopes) ?? open.at(-1));
    else if (token === "</span>") open.pop();
    else text += paint(decode(token), open.at(-1), styles);
  }
  return text.split("\n");
}

/** `hljs-title function_` is the scope `title function`. */
function roleOf(scopes: string): Role | undefined {
  const name = scopes.replace("hljs-", "").replaceAll("_ ", " ").replace(/_$/, "");
  return ROLES[name] ?? ROLES[name.split(" ")[0] ?? ""];
}

function paint(text: string, role: Role | undefined, styles: Styles): string {
  return role ? text.split("\n").map(styles[role]).join("\n") : text;
}

function decode(html: string): string {
  return html.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
}
