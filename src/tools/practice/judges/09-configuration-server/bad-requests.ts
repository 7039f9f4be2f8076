/** The right status for everything else that can go wrong. */

import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { readResponse } from "../../peers/http-exchange";
import { open } from "../../peers/tcp-connection";
import { BAD_PARAMETER, METHOD_NOT_ALLOWED, NO_SUCH_VERSION, TOO_LARGE, TYPE } from "./hints";
import { expectProblem, JSON_TYPE, pathOf, put, send, wrong } from "./requests";

/** More than any server of this kind allows; ours can be told up to 64 MiB. */
const TOO_LARGE_BYTES = 70 * 1024 * 1024;

export const REFUSALS: readonly Step[] = [
  {
    name: "answers 405 to a method that a path does not have, and says which it has",
    edit: "config_service",
    further: true,
    async run(context) {
      const hints: Hints = METHOD_NOT_ALLOWED;
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
      const hints: Hints = NO_SUCH_VERSION;
      expectProblem(await rollback('{"to": 99}'), 409, hints);
      expectProblem(await rollback("{"), 400, hints);
      expectProblem(await send(context, "GET", "/configs?limit=many"), 400, BAD_PARAMETER);
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
      expectProblem({ ...answer, method: "PUT", path }, 413, TOO_LARGE);
    },
  },
];
