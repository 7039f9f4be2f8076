/** The right status for everything else that can go wrong. */

import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { readResponse } from "../../peers/http-exchange";
import { open } from "../../peers/tcp-connection";
import { expectProblem, JSON_TYPE, pathOf, put, send, wrong } from "./requests";

/** More than any server of this kind allows; ours can be told up to 64 MiB. */
const TOO_LARGE_BYTES = 70 * 1024 * 1024;

const TYPE: Hints = [
  "A form of any web page can send text/html, and a rollback that nobody meant.",
  "A configuration is text/plain or application/octet-stream, or has no type at all; a rollback is application/json. Anything else is 415.",
  '`requireType(request, CONFIGURATIONS, "optional")`',
];

export const REFUSALS: readonly Step[] = [
  {
    name: "answers 405 to a method that a path does not have, and says which it has",
    edit: "config_service",
    further: true,
    async run(context) {
      const hints: Hints = [
        "The path is known; the method is not for it.",
        "405 comes with a field Allow, which names the methods that the path does have.",
        "`routes(table, otherwise)` of ./src/http/router knows 404 from 405",
      ];
      const reply = await send(context, "PATCH", pathOf(context.randomWord()));
      expectProblem(reply, 405, hints);
      const allowed = (reply.fields.get("allow") ?? "").split(/, */);
      for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
        if (allowed.includes(method)) continue;
        throw wrong(
          reply,
          `Expected ${method} in the field Allow, and it says: ${allowed.join(", ") || "nothing"}.`,
          hints,
        );
      }
    },
  },
  {
    name: "answers 415 to content of another type",
    edit: "config_requests",
    further: true,
    async run(context) {
      expectProblem(
        await put(context, context.randomWord(), "<p>", { "Content-Type": "text/html" }),
        415,
        TYPE,
      );
    },
  },
  {
    name: "answers 409 to a rollback to a version that there is not, and 400 to nonsense",
    edit: "config_requests",
    further: true,
    async run(context) {
      const device = context.randomWord();
      await put(context, device, "x");
      const rollback = (body: string) =>
        send(context, "POST", `${pathOf(device)}/rollback`, { body, fields: JSON_TYPE });
      const hints: Hints = [
        "The device is there; what is asked of it cannot be done.",
        "409 Conflict says that it does not go with what there is now; 400 that the request cannot be understood.",
        "`chosenVersion` throws `new Problem(409, ...)` where no version has that number",
      ];
      expectProblem(await rollback('{"to": 99}'), 409, hints);
      expectProblem(await rollback("{"), 400, hints);
      expectProblem(await send(context, "GET", "/configs?limit=many"), 400, [
        "A typing error must not pass for a default.",
        "A parameter that is a number is read as one, or refused with 400.",
        '`wholeNumber("limit", text, 1, PAGE_MAX)`',
      ]);
    },
  },
  {
    name: "answers 413 to a body without end",
    edit: "config_server",
    further: true,
    async run(context) {
      const path = pathOf(context.randomWord());
      const address = await context.server();
      const connection = await open(address);
      context.after(() => connection.close());
      const host = `Host: ${address.host}:${address.port}\r\n`;
      await connection.send(
        `PUT ${path} HTTP/1.1\r\n${host}Content-Length: ${TOO_LARGE_BYTES}\r\n\r\n`,
      );
      const answer = await readResponse(connection, "PUT");
      expectProblem({ ...answer, method: "PUT", path }, 413, [
        "Whoever sends for ever fills the memory of the server.",
        "Refuse a body that is larger than allowed as soon as that is known: Content-Length says so before it is sent.",
        "`serve({ limits: { maxBodyBytes } }, ...)` of ./src/http/server answers 413 by itself",
      ]);
    },
  },
];
