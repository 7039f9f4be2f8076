/** `config_client` against a server of the judge's, which sees what it is asked and answers what nobody could foresee. */
import { writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import path from "node:path";
import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { expectDone, failure, runClient } from "./client-run";
import { startScripted } from "./scripted-server";
import { temporaryFolder } from "./stores";

const CALL: Hints = [
  "The client asks, and takes a refusal for an error.",
  "One call for all commands: it adds the token to the fields, asks, and throws what has a status of 400 or more.",
  "`const answer = await ask({ ...where, method, path, ...sent, fields })`; then `if (answer.status >= 400) throw new Refused(...)`",
];

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
          [
            "A file goes out as it is.",
            "Read it as bytes, not as text, and send them as the body.",
            '`const body = await readFile(file)`, and `call(server, "PUT", path, { fields, body })`',
          ],
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
        const hints: Hints = [
          "A script has to tell “not there” from “somebody was faster”; a person wants to read why.",
          "A refusal becomes an error with the detail of the problem as its message, and an exit code of its own for some statuses.",
          "`throw new Refused(answer.status, ...)` with the status and `detailOf(answer)`; `EXIT_CODES` has the codes",
        ];
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
            [
              "The server cannot know which version the client has seen, unless it is told.",
              "--if-match becomes the field If-Match, and --create becomes If-None-Match: *.",
              "`const conditions = condition(options)`, and `{ fields: { ...BYTES, ...conditions }, body }`",
            ],
          );
        }
        if (fields.authorization !== `Bearer ${token}`) {
          throw failure(
            done,
            `Expected authorization: Bearer ${token}, and got ${fields.authorization ?? "none"}.`,
            [
              "Every request has to bring the token.",
              "It belongs into one place, the call that all commands use: Authorization: Bearer TOKEN.",
              '`if (token !== undefined) fields.Authorization = "Bearer " + token;`',
            ],
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
      const hints: Hints = [
        "The rollback is a POST with the number in it.",
        'POST /configs/{device}/rollback, Content-Type: application/json, and {"to": 2} as the content.',
        '`call(server, "POST", pathOf(device, "rollback"), { fields, body: JSON.stringify({ to: Number(to) }) })`',
      ];
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
