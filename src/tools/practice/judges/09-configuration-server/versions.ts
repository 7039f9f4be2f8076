/** The first steps of the server: it takes a configuration, and gives it back. */

import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { BEGIN, EACH_DEVICE, EXACT, FOUND, HEAD, KNOWN, NEW, NOT_THERE, REPLACED } from "./hints";
import {
  expectProblem,
  expectStatus,
  get,
  hasBytes,
  pathOf,
  put,
  type Reply,
  send,
  wrong,
} from "./requests";

function expectBytes(reply: Reply, bytes: Uint8Array, hints: Hints = EXACT): void {
  expectStatus(reply, 200, FOUND);
  if (hasBytes(reply, bytes)) return;
  const what = `Expected the ${bytes.length} bytes that were put last, and got ${reply.body.length === 0 ? "nothing" : "others"}.`;
  throw wrong(reply, what, hints);
}

export const KEEPING: readonly Step[] = [
  {
    name: "accepts a connection, and answers in HTTP",
    edit: "config_service",
    hints: BEGIN,
    async run(context) {
      const reply = await get(context, `/${context.randomWord()}`);
      if (reply.status < 500) return;
      expectStatus(reply, 404, BEGIN);
    },
  },
  {
    name: "answers 201 Created when a configuration is put for the first time",
    edit: "config_changes",
    async run(context) {
      expectStatus(
        await put(context, context.randomWord(), `hostname ${context.randomWord()}\n`),
        201,
        NEW,
      );
    },
  },
  {
    name: "gives the very bytes back",
    edit: "config_reads",
    async run(context) {
      const device = context.randomWord();
      const bytes = Buffer.from([
        ...Buffer.from(context.randomWord()),
        ...Array.from({ length: 256 }, (_, i) => i),
      ]);
      expectStatus(await put(context, device, bytes), 201, NEW);
      expectBytes(await get(context, pathOf(device)), bytes);
    },
  },
  {
    name: "keeps the configuration of each device for itself",
    edit: "config_reads",
    async run(context) {
      const kept = Array.from(
        { length: 3 },
        () => [context.randomWord(), `hostname ${context.randomWord()}\n`] as const,
      );
      for (const [device, text] of kept) expectStatus(await put(context, device, text), 201, NEW);
      for (const [device, text] of kept) {
        expectBytes(await get(context, pathOf(device)), Buffer.from(text), EACH_DEVICE);
      }
    },
  },
  {
    name: "answers 204 when a configuration is replaced, and has the new one",
    edit: "config_changes",
    async run(context) {
      const [device, text] = [context.randomWord(), context.randomWord()];
      expectStatus(await put(context, device, "first\n"), 201, NEW);
      const second = await put(context, device, text);
      expectStatus(second, 204, KNOWN);
      expectBytes(await get(context, pathOf(device)), Buffer.from(text), REPLACED);
    },
  },
  {
    name: "answers 404 to what is not there, with problem details",
    edit: "config_lookup",
    async run(context) {
      expectProblem(await get(context, pathOf(context.randomWord())), 404, NOT_THERE);
      expectProblem(await get(context, `/${context.randomWord()}`), 404, NOT_THERE);
    },
  },
  {
    name: "answers HEAD with the fields of GET, and nothing else",
    edit: "config_reads",
    async run(context) {
      const device = context.randomWord();
      const body = `hostname ${context.randomWord()}\n`;
      expectStatus(await put(context, device, body), 201, NEW);
      const hints: Hints = HEAD;
      const [head, whole] = [
        await send(context, "HEAD", pathOf(device)),
        await get(context, pathOf(device)),
      ];
      expectStatus(head, 200, hints);
      for (const name of ["content-length", "content-type", "etag"]) {
        const [a, b] = [head.fields.get(name), whole.fields.get(name)];
        if (a === b) continue;
        throw wrong(
          head,
          `Expected ${name} as GET has it (${b}), and HEAD has ${a ?? "none"}.`,
          hints,
        );
      }
      if (head.raw.length > head.raw.indexOf("\r\n\r\n") + 4) {
        throw wrong(head, "Expected nothing after the head, and there is content.", hints);
      }
    },
  },
];
