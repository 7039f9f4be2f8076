/** `config_client` against a server of the judge's, which sees what it is asked and answers what nobody could foresee. */

import { writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import path from "node:path";
import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { expectDone, failure, runClient } from "./client-run";
import {
  CALL,
  CLIENT_BYTES,
  CLIENT_CONDITION,
  CLIENT_ROLLBACK,
  CLIENT_TOKEN,
  EXIT_CODE,
} from "./hints";
import { startScripted } from "./scripted-server";
import { temporaryFolder } from "./stores";

export const CLIENT_STEPS: readonly Step[] = [
  {
    name: "has a client that gets and puts, byte for byte",
    edit: "config_api",
    local: true,
    copy: true,
    async run(context) {
      const [device, word] = [context.randomWord(), context.randomWord()];
      const server = await startScripted(context, ({ method }) =>
        method === "PUT"
          ? { status: 201, fields: { ETag: `"1-${word}"` } }
          : { status: 200, body: `hostname ${word}\n` },
      );
      const got = await runClient(context, server, "get", device);
      expectDone(got, CALL);
      if (
        server.seen[0]?.line !== `GET /configs/${device}` ||
        got.stdout !== `hostname ${word}\n`
      ) {
        throw failure(
          got,
          `Expected GET /configs/${device}, and its content ${JSON.stringify(`hostname ${word}\n`)} on standard output.`,
          CALL,
        );
      }
      const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
      const file = path.join(await temporaryFolder(context), "a.cfg");
      await writeFile(file, bytes);
      const done = await runClient(context, server, "put", device, file);
      expectDone(done, CALL);
      const sent = server.seen[1];
      if (sent?.line !== `PUT /configs/${device}` || !sent.body.equals(bytes)) {
        throw failure(
          done,
          `Expected PUT /configs/${device} with the ${bytes.length} bytes of the file, and ${sent?.body.length ?? 0} came.`,
          CLIENT_BYTES,
        );
      }
    },
  },
  {
    name: "has a client whose exit code tells a refusal: 3 not there, 4 somebody was faster, 5 no token",
    edit: "config_api",
    local: true,
    copy: true,
    async run(context) {
      for (const [status, code] of [
        [404, 3],
        [412, 4],
        [401, 5],
      ] as const) {
        const detail = `because of ${context.randomWord()}`;
        const body = JSON.stringify({ type: "about:blank", title: "No", status, detail });
        const fields = { "Content-Type": "application/problem+json" };
        const server = await startScripted(context, () => ({ status, fields, body }));
        const ended = await runClient(context, server, "get", context.randomWord());
        const hints: Hints = EXIT_CODE;
        if (ended.status !== code) {
          throw failure(
            ended,
            `Expected exit code ${code} for an answer of ${status}, and got ${ended.status}.`,
            hints,
          );
        }
        if (!ended.stderr.includes(detail)) {
          throw failure(
            ended,
            `Expected the detail of the refusal, "${detail}", on standard error, and it is not there.`,
            hints,
          );
        }
      }
    },
  },
  {
    name: "has a client that brings its token, and puts only over what it has seen",
    edit: "config_edits",
    local: true,
    copy: true,
    async run(context) {
      const [device, token, etag] = [
        context.randomWord(),
        context.randomWord(),
        `"7-${context.randomWord()}"`,
      ];
      const server = await startScripted(context, () => ({
        status: 204,
        fields: { ETag: '"8-x"' },
      }));
      const file = path.join(await temporaryFolder(context), "a.cfg");
      await writeFile(file, "x");
      for (const [options, field, value] of [
        [["--if-match", etag], "if-match", etag],
        [["--create"], "if-none-match", "*"],
      ] as const) {
        const done = await runClient(
          context,
          server,
          "put",
          device,
          file,
          ...options,
          "--token",
          token,
        );
        expectDone(done, CALL);
        const fields: IncomingHttpHeaders = server.seen.at(-1)?.fields ?? {};
        if (fields[field] !== value) {
          throw failure(
            done,
            `Expected the field ${field}: ${value}, and got ${fields[field] ?? "none"}.`,
            CLIENT_TOKEN,
          );
        }
        if (fields.authorization !== `Bearer ${token}`) {
          throw failure(
            done,
            `Expected authorization: Bearer ${token}, and got ${fields.authorization ?? "none"}.`,
            CLIENT_CONDITION,
          );
        }
      }
    },
  },
  {
    name: "has a client that goes back to a version",
    edit: "config_edits",
    local: true,
    copy: true,
    async run(context) {
      const device = context.randomWord();
      const body = JSON.stringify({ name: device, restored: 2, version: 5 });
      const server = await startScripted(context, () => ({ status: 200, body }));
      const done = await runClient(context, server, "rollback", device, "2");
      const hints: Hints = CLIENT_ROLLBACK;
      expectDone(done, hints);
      const [asked] = server.seen;
      if (asked?.line !== `POST /configs/${device}/rollback`) {
        throw failure(
          done,
          `Expected POST /configs/${device}/rollback, and got ${asked?.line ?? "nothing"}.`,
          hints,
        );
      }
      if (
        asked.fields["content-type"] !== "application/json" ||
        !/^\{ *"to" *: *2 *\}$/.test(String(asked.body))
      ) {
        throw failure(
          done,
          `Expected {"to": 2} as application/json, and got ${String(asked.body) || "nothing"}.`,
          hints,
        );
      }
    },
  },
];
