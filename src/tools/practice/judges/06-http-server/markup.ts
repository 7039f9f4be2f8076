/** The last step of the challenge, and the first of safety: what a client sends is text, never markup. */

import type { Step } from "../../judging/judge";
import { responseFailure, sendRequest } from "../../peers/http-exchange";
import { expectResponse, expectStatus } from "../../peers/http-faults";
import { ESCAPE_HINTS } from "./hints";
import { get, HOST, userAgent } from "./page";

export const MARKUP: Step = {
  name: "shows markup in a user agent as the text that it is",
  edit: "http_response",
  async run(context) {
    const word = context.randomWord();
    const request = get("/hello", userAgent(`<b>${word}</b> & <script>alert(1)</script>`));
    const response = await sendRequest(await context.server(), request);
    expectStatus(response, 200, { to: "GET /hello", hints: ESCAPE_HINTS });
    const text = response.body;
    if (!/<script|<b>/i.test(text) && text.includes(`&lt;b&gt;${word}`) && text.includes("&amp;"))
      return;
    throw responseFailure(response, {
      what: `Expected &lt;b&gt;${word} and &amp; in the page, for <b>${word} and & in the user agent.`,
      hints: ESCAPE_HINTS,
    });
  },
};

const SCRIPT = "<script>alert(1)</script>";

const PLACES: readonly [where: string, request: string][] = [
  ["an attribute's quotes", get("/hello", userAgent(`"><img src=x onerror='${SCRIPT}'>`))],
  ["the query", get(`/hello?q=${SCRIPT}`)],
  ["an encoded query", get(`/hello?q=${encodeURIComponent(SCRIPT)}`)],
  ["the path", get(`/${SCRIPT}`)],
  ["an encoded path", get(`/${encodeURIComponent(SCRIPT)}`)],
  ["the method", `${SCRIPT} / HTTP/1.1\r\n${HOST}\r\n`],
  ["the version", `GET / ${SCRIPT}\r\n${HOST}\r\n`],
  ["the host", `GET / HTTP/1.1\r\nHost: ${SCRIPT}\r\n\r\n`],
  ["a field's name", get("/", `${SCRIPT}: x\r\n`)],
];

export const NO_MARKUP: Step = {
  name: "lets no markup into a page, wherever in a request it stands",
  edit: "http_routes",
  further: true,
  async run(context) {
    const address = await context.server();
    for (const [where, request] of PLACES) {
      const response = await sendRequest(address, request);
      expectResponse(response);
      if (!/<script|<img/i.test(response.body)) continue;
      throw responseFailure(response, {
        what: `Expected no markup of the client's in a page, and what it sent as ${where} is in it as it was.`,
        hints: ESCAPE_HINTS,
      });
    }
  },
};
