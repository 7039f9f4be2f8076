/** Requests to the challenge's server, and the page that it answers with. */

import type { Hints } from "../../judging/step-failure";
import { type ReceivedResponse, responseFailure } from "../../peers/http-exchange";
import { expectStatus } from "../../peers/http-faults";
import { PAGE } from "./hints";

export const HOST = "Host: localhost\r\n";

/** A request with the field Host; `fields` are lines with their ends, by default a user agent. */
export function get(target: string, fields = userAgent("socket-lab")): string {
  return `GET ${target} HTTP/1.1\r\n${HOST}${fields}\r\n`;
}

export function userAgent(text: string): string {
  return `User-Agent: ${text}\r\n`;
}

/** What the page says, by its label: `{ Path: "/hello" }`, as it stands in HTML. */
export type Shown = Readonly<Partial<Record<"Method" | "Path" | "Browser", string>>>;

export interface PageHints {
  /** What was asked, for people: `GET /hello`. */
  readonly to: string;
  readonly hints: Hints;
  readonly edit?: string;
}

/** @throws {StepFailure} the answer is not 200 with the page that shows this */
export function expectPage(
  response: ReceivedResponse,
  shown: Shown,
  { to, hints, edit }: PageHints,
): void {
  const editable = edit === undefined ? {} : { edit };
  expectStatus(response, 200, { to, hints, ...editable });
  const page = plainMarkup(response.body);
  if (!page.includes("<h1>Request Info</h1>")) {
    throw responseFailure(response, {
      what: `Expected a page with the heading <h1>Request Info</h1> to ${to}, and it has none.`,
      hints: PAGE,
      edit: "http_routes",
    });
  }
  for (const [label, value] of Object.entries(shown)) {
    const line = `<p><strong>${label}:</strong> ${value}</p>`;
    if (page.includes(plainMarkup(line))) continue;
    const found = new RegExp(`<p\\b[^>]*>\\s*<strong\\b[^>]*>\\s*${label}:.*?</p>`, "is").exec(
      response.body,
    )?.[0];
    throw responseFailure(response, {
      what: `Expected the line ${line} in the page to ${to}, and ${found ? `it is ${found}` : "there is none"}.`,
      hints,
      ...editable,
    });
  }
}

/** Markup without what a page may differ in: white space, attributes, capital letters in the names of tags. */
export function plainMarkup(html: string): string {
  return html
    .replace(
      /<(\/?)([a-z][a-z0-9]*)\b[^<>]*>/gi,
      (_tag, slash: string, name: string) => `<${slash}${name.toLowerCase()}>`,
    )
    .replace(/\s+/g, " ")
    .replace(/ ?(<\/?[a-z][a-z0-9]*>) ?/g, "$1");
}
