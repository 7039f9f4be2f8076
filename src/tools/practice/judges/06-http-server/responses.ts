/** The middle of the challenge: what is not there, and what requests may look like. */

import type { Step } from "../../judging/judge";
import { type ReceivedResponse, responseFailure, sendRequest } from "../../peers/http-exchange";
import { expectStatus } from "../../peers/http-faults";
import {
  CONTENT_TYPE,
  FIELD_NAME,
  NO_USER_AGENT,
  NOT_FOUND,
  NOT_FOUND_PAGE,
  POST_HINTS,
} from "./hints";
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
          hints: CONTENT_TYPE,
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
            hints: FIELD_NAME,
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
          hints: NO_USER_AGENT,
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

function expectNotFound(response: ReceivedResponse, path: string): void {
  expectStatus(response, 404, {
    to: `GET ${path}`,
    hints: NOT_FOUND,
  });
  const page = plainMarkup(response.body);
  const missing = NOT_FOUND_LINES.find((line) => !page.includes(plainMarkup(line)));
  if (missing === undefined) return;
  throw responseFailure(response, {
    what: `Expected ${missing} in the page of the 404 to GET ${path}, and it is not there.`,
    hints: NOT_FOUND_PAGE,
  });
}
