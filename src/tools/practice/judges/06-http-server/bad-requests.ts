/** Beyond the challenge: what is no request is answered with the status that says why. RFC 9112, sections 2 to 7. */

import type { Step } from "../../judging/judge";
import { sendRequest } from "../../peers/http-exchange";
import { expectStatus } from "../../peers/http-faults";
import { HALF_REQUEST } from "./hints";
import { get, HOST } from "./page";

interface Refusal {
  readonly what: string;
  readonly request: string;
  /** Why it is refused, and where that is written. */
  readonly rule: string;
}

/** Requests that belong to one cell. */
interface Group {
  readonly edit: string;
  /** Where in the cell to look. */
  readonly where: string;
  readonly refusals: readonly Refusal[];
}

const LINE_RULE =
  "A request line is a method, one space, a target, one space, a version (RFC 9112, section 3).";
const FIELD_RULE =
  "A field is a token, a colon directly after it, and a value on the same line (RFC 9112, section 5).";
const HOST_RULE = "A request in HTTP/1.1 has one Host (RFC 9112, section 3.2).";
const TARGET_RULE =
  "In a target % is followed by two hex digits, and together they are UTF-8 (RFC 3986, section 2.1).";
const LENGTH_RULE = "Content-Length is one whole number without a sign (RFC 9110, section 8.6).";
const CHUNK_RULE =
  "A chunk is its size in hex, CR LF, that many bytes, CR LF (RFC 9112, section 7.1).";
const CHUNKED = get("/", "Transfer-Encoding: chunked\r\n");

const GROUPS: readonly Group[] = [
  {
    edit: "http_request",
    where: "In `parseRequestLine`: look at every part, and at what is left over",
    refusals: [
      { what: "words", request: "What is the time?\r\n\r\n", rule: LINE_RULE },
      { what: "a line without a version", request: `GET /hello\r\n${HOST}\r\n`, rule: LINE_RULE },
      { what: "two spaces", request: `GET  /hello HTTP/1.1\r\n${HOST}\r\n`, rule: LINE_RULE },
      {
        what: "a space in the path",
        request: `GET /hello world HTTP/1.1\r\n${HOST}\r\n`,
        rule: LINE_RULE,
      },
      {
        what: "a method that is no token",
        request: `G(T / HTTP/1.1\r\n${HOST}\r\n`,
        rule: "A method is a token: letters, digits and a few signs (RFC 9110, section 5.6.2).",
      },
      {
        what: "a control byte in the path",
        request: `GET /he\x00llo HTTP/1.1\r\n${HOST}\r\n`,
        rule: LINE_RULE,
      },
      { what: "a version that is none", request: `GET / HTTP/one\r\n${HOST}\r\n`, rule: LINE_RULE },
      {
        what: "TLS",
        request: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        rule: LINE_RULE,
      },
    ],
  },
  {
    edit: "http_request",
    where: "In `addField`: look at the name and at the value before they are kept",
    refusals: [
      { what: "a field without a colon", request: get("/", "User-Agent\r\n"), rule: FIELD_RULE },
      { what: "a field without a name", request: get("/", ": x\r\n"), rule: FIELD_RULE },
      {
        what: "a space before the colon",
        request: get("/", "User-Agent : x\r\n"),
        rule: FIELD_RULE,
      },
      {
        what: "a field that goes on in the next line",
        request: get("/", "User-Agent: a\r\n b\r\n"),
        rule: "Lines that begin with a space once went on the line before; servers refuse them now (RFC 9112, section 5.2).",
      },
      {
        what: "a control byte in a field",
        request: get("/", "User-Agent: a\x07b\r\n"),
        rule: FIELD_RULE,
      },
      {
        what: "a bare CR in a field",
        request: get("/", "User-Agent: a\rX: b\r\n"),
        rule: FIELD_RULE,
      },
    ],
  },
  {
    edit: "http_head",
    where: "In `checkHost`, which `exchange` calls when all fields are there",
    refusals: [
      { what: "HTTP/1.1 without Host", request: "GET / HTTP/1.1\r\n\r\n", rule: HOST_RULE },
      { what: "two Hosts", request: get("/", "Host: example.com\r\n"), rule: HOST_RULE },
    ],
  },
  {
    edit: "http_routes",
    where: "In `parseTarget`: `decodeURIComponent` throws where it cannot decode",
    refusals: [
      {
        what: "a path without its slash",
        request: `GET hello HTTP/1.1\r\n${HOST}\r\n`,
        rule: "A path starts with a slash (RFC 9112, section 3.2.1).",
      },
      { what: "a % followed by nonsense", request: get("/%zz"), rule: TARGET_RULE },
      { what: "a % at the end", request: get("/hello%"), rule: TARGET_RULE },
      { what: "bytes that are not UTF-8", request: get("/%ff"), rule: TARGET_RULE },
    ],
  },
  {
    edit: "http_body",
    where: "In `bodyLength` and `readChunks`: a length is taken only where it is clear",
    refusals: [
      {
        what: "a length that is no number",
        request: get("/", "Content-Length: five\r\n"),
        rule: LENGTH_RULE,
      },
      { what: "a negative length", request: get("/", "Content-Length: -1\r\n"), rule: LENGTH_RULE },
      {
        what: "a length with a sign",
        request: get("/", "Content-Length: +1\r\n"),
        rule: LENGTH_RULE,
      },
      {
        what: "two lengths",
        request: get("/", "Content-Length: 1\r\nContent-Length: 2\r\n"),
        rule: LENGTH_RULE,
      },
      {
        what: "both a length and chunks",
        request: `${get("/", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")}0\r\n\r\n`,
        rule: "Whoever says both wants two readers to disagree where the request ends (RFC 9112, section 6.3).",
      },
      { what: "a chunk without a size", request: `${CHUNKED}hello\r\n0\r\n\r\n`, rule: CHUNK_RULE },
      {
        what: "a chunk that is too long",
        request: `${CHUNKED}1\r\nab\r\n0\r\n\r\n`,
        rule: CHUNK_RULE,
      },
    ],
  },
];

export const REFUSALS: readonly Step[] = GROUPS.flatMap(({ edit, where, refusals }) =>
  refusals.map(({ what, request, rule }): Step => {
    return {
      name: `answers 400 Bad Request to ${what}`,
      edit,
      further: true,
      async run(context) {
        expectStatus(await sendRequest(await context.server(), request), 400, {
          to: what,
          hints: [
            rule,
            `${where}.`,
            '`throw new HttpError(400, "...")`, which `exchange` makes a response of.',
          ],
        });
      },
    };
  }),
);

const CUT_OFF: readonly [where: string, request: string][] = [
  ["its request line", "GET /hel"],
  ["its fields", "GET /hello HTTP/1.1\r\nHost: local"],
  ["its body", `POST / HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nhello`],
];

export const HALF_REQUESTS: readonly Step[] = CUT_OFF.map(([where, request]): Step => {
  return {
    name: `answers 400 to a client that ends in the middle of ${where}`,
    edit: "http_reader",
    further: true,
    async run(context) {
      expectStatus(await sendRequest(await context.server(), request, { end: true }), 400, {
        to: `a request that ends in the middle of ${where}`,
        hints: HALF_REQUEST,
      });
    },
  };
});
