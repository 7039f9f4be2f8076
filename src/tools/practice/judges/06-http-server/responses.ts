/** The middle of the challenge: what is not there, and what requests may look like. */

import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { type ReceivedResponse, responseFailure, sendRequest } from "../../peers/http-exchange";
import { expectStatus } from "../../peers/http-faults";
import { expectPage, get, HOST, plainMarkup } from "./page";

const NOT_FOUND_LINES = [
  "<h1>404 Not Found</h1>",
  "<p>The page you requested does not exist.</p>",
] as const;

export const ANSWERS: readonly Step[] = [
  {
    name: "answers 404 Not Found to every other path, with a page that says so",
    edit: "http_routes",
    async run(context) {
      const address = await context.server();
      const paths = [
        `/${context.randomWord()}`,
        "/hello/",
        "/helloo",
        "/Hello",
        "/index.html",
        "/favicon.ico",
      ];
      for (const path of paths) expectNotFound(await sendRequest(address, get(path)), path);
    },
  },
  {
    name: "says that its pages are HTML in UTF-8",
    edit: "http_response",
    async run(context) {
      const address = await context.server();
      for (const path of ["/hello", "/nope"]) {
        const response = await sendRequest(address, get(path));
        const type = response.fields.get("content-type");
        if (/^text\/html; *charset="?utf-8"?$/i.test(type ?? "")) continue;
        throw responseFailure(response, {
          what: `Expected the field Content-Type: text/html; charset=utf-8, and ${type === undefined ? "there is none" : `it says ${type}`}.`,
          hints: [
            "How does a browser know that this is a page, and which letters its bytes stand for?",
            "A field of the response says it, in every response that has a page, the 404 too.",
            "`Content-Type: text/html; charset=utf-8\\r\\n` between the status line and the empty line.",
          ],
        });
      }
    },
  },
  {
    name: "finds the user agent, however the field's name is written",
    edit: "http_request",
    async run(context) {
      const address = await context.server();
      const fields = [
        (word: string) => `user-agent: ${word}`,
        (word: string) => `USER-AGENT:${word}`,
        (word: string) => `uSeR-aGeNt: \t ${word} \t`,
      ];
      for (const field of fields) {
        const word = context.randomWord();
        expectPage(
          await sendRequest(address, get("/", `${field(word)}\r\n`)),
          { Browser: word },
          {
            to: `a request with the field ${field("…").trim()}`,
            hints: [
              "Look at the field in the transcript, letter by letter.",
              "Names of fields do not care about case, and spaces and tabs around a value do not belong to it: RFC 9110, sections 5.1 and 5.5.",
              "`name.toLowerCase()` before it becomes a key, and `value.trim()`.",
            ],
          },
        );
      }
    },
  },
  {
    name: "answers a request without a user agent too",
    edit: "http_routes",
    async run(context) {
      const response = await sendRequest(await context.server(), get("/about", ""));
      expectPage(
        response,
        { Method: "GET", Path: "/about" },
        {
          to: "a request without a User-Agent",
          hints: [
            "No request has to say who sends it. What does your server put into the page then?",
            "A field that is not there is `undefined`: decide what stands in its place.",
            '`fields.get("user-agent") ?? "unknown"`',
          ],
        },
      );
    },
  },
  {
    name: "shows that a POST is one",
    edit: "http_routes",
    async run(context) {
      const body = `name=${context.randomWord()}`;
      const request = `POST /about HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`;
      expectPage(
        await sendRequest(await context.server(), request),
        { Method: "POST", Path: "/about" },
        {
          to: "POST /about",
          hints: POST_HINTS,
        },
      );
    },
  },
];

const POST_HINTS: Hints = [
  "POST is a method as GET is one, and it brings a body after the empty line.",
  "The method is the first word of the request, whatever it is. The body comes after the head: its length is in Content-Length.",
  "`Method: method` in the page; `await readBody(reader, bodyLength(fields, line.version))` before the answer.",
];

function expectNotFound(response: ReceivedResponse, path: string): void {
  expectStatus(response, 404, {
    to: `GET ${path}`,
    hints: [
      "This path is none of the three. Even one letter or one slash makes another path.",
      "After the path is known and before the page is made: is it in the list? If not, the answer is an error.",
      '`if (!PATHS.includes(path)) throw new HttpError(404, "The page you requested does not exist.");`',
    ],
  });
  const page = plainMarkup(response.body);
  const missing = NOT_FOUND_LINES.find((line) => !page.includes(plainMarkup(line)));
  if (missing === undefined) return;
  throw responseFailure(response, {
    what: `Expected ${missing} in the page of the 404 to GET ${path}, and it is not there.`,
    hints: [
      "The status is for the browser. What does the person in front of it see?",
      "An error has a page too: the challenge shows it.",
      "In `errorResponse`: `page([`<h1>` + statusText(status) + `</h1>`, `<p>` + escapeHtml(message) + `</p>`])`",
    ],
  });
}
