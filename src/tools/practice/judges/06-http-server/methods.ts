/** Beyond the challenge: methods, versions, targets and codings. RFC 9110, section 9; RFC 9112, sections 3 and 6. */

import type { Step } from "../../judging/judge";
import { responseFailure, sendRequest } from "../../peers/http-exchange";
import { expectResponse, expectStatus } from "../../peers/http-faults";
import { HEAD, HEAD_PAGE, METHOD_HINTS, TARGET_HINTS, TRANSFER_CODING, VERSION } from "./hints";
import { expectPage, get, HOST } from "./page";

const TARGETS: readonly [name: string, target: string, path: string][] = [
  ["leaves the query out of the path", "/hello?name=Ada&x=/nope", "/hello"],
  ["decodes the path", "/%68ell%6F", "/hello"],
  ["understands a target with the whole address in it", "http://localhost/about", "/about"],
];

export const METHODS: readonly Step[] = [
  ...["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"].map((method): Step => {
    return {
      name: `answers 405 to ${method}, and says what it allows`,
      edit: "http_routes",
      further: true,
      async run(context) {
        const response = await sendRequest(
          await context.server(),
          `${method} /hello HTTP/1.1\r\n${HOST}\r\n`,
        );
        expectStatus(response, 405, { to: `${method} /hello`, hints: METHOD_HINTS });
        if (/\bGET\b/.test(response.fields.get("allow") ?? "")) return;
        throw responseFailure(response, {
          what: "Expected the field Allow with GET in it, and it is not there.",
          hints: METHOD_HINTS,
        });
      },
    };
  }),
  {
    name: "answers 501 to a method that nobody knows",
    edit: "http_routes",
    further: true,
    async run(context) {
      const response = await sendRequest(
        await context.server(),
        `BREW /hello HTTP/1.1\r\n${HOST}\r\n`,
      );
      expectStatus(response, 501, { to: "BREW /hello", hints: METHOD_HINTS });
    },
  },
  {
    name: "answers 505 to another major version",
    edit: "http_request",
    further: true,
    async run(context) {
      expectStatus(
        await sendRequest(await context.server(), `GET / HTTP/2.0\r\n${HOST}\r\n`),
        505,
        {
          to: "GET / HTTP/2.0",
          hints: VERSION,
        },
      );
    },
  },
  ...["/hello", "/nope"].map((path): Step => {
    return {
      name: `answers HEAD ${path} with the head of a GET`,
      edit: "http_response",
      further: true,
      async run(context) {
        const address = await context.server();
        const whole = await sendRequest(address, get(path, ""));
        expectResponse(whole);
        const request = `HEAD ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
        const head = await sendRequest(address, request, { end: true });
        expectStatus(head, whole.status, { to: `HEAD ${path}`, hints: HEAD });
        if (head.body !== "") {
          const what = "Expected a head alone, and a body came after it.";
          throw responseFailure(head, { what, hints: HEAD });
        }
        for (const name of ["content-length", "content-type"]) {
          const [got, wanted] = [head, whole].map(({ fields }) => fields.get(name) ?? "missing");
          if (got === wanted) continue;
          // A length of another page: not the head is wrong, but the page that it counts.
          const counted = name === "content-length" && Number(got) > 0;
          throw responseFailure(head, {
            what: `Expected the same ${name} as for GET (${wanted}), and it is ${got}.`,
            hints: counted ? HEAD_PAGE : HEAD,
            ...(counted && { edit: "http_routes" }),
          });
        }
      },
    };
  }),
  ...TARGETS.map(([name, target, path]): Step => {
    return {
      name,
      edit: "http_routes",
      further: true,
      async run(context) {
        expectPage(
          await sendRequest(await context.server(), get(target)),
          { Path: path },
          {
            to: `GET ${target}`,
            hints: TARGET_HINTS,
          },
        );
      },
    };
  }),
  ...(
    [
      ["a transfer coding that it does not know", "gzip, chunked", [501]],
      // RFC 9112, 6.3 asks for 400; 6.1 for 501, by a server that does not know the coding.
      ["a transfer coding that does not tell the end", "gzip", [400, 501]],
    ] as const
  ).map(([what, coding, statuses]): Step => {
    return {
      name: `takes no request with ${what}`,
      edit: "http_body",
      further: true,
      async run(context) {
        const response = await sendRequest(
          await context.server(),
          get("/", `Transfer-Encoding: ${coding}\r\n`),
        );
        expectStatus(response, statuses, {
          to: what,
          hints: TRANSFER_CODING,
        });
      },
    };
  }),
];
