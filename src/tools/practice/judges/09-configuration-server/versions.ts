/** The first steps of the server: it takes a configuration, and gives it back. */
import type { Step } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
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

const BEGIN: Hints = [
  "Begin where a request comes in: the cell of config_service has the server, and nothing that answers.",
  "First ask whether the request is allowed at all, then let the routes answer it. What they throw becomes an answer too.",
  "`allow(request); return await route(request);`, and in `catch`: `asProblem(error)`; when it is a `Problem`, its `toResponse()`",
];
const NEW: Hints = [
  "The device was not there before: now there is one more.",
  "201 Created says that something new is there, and Location where. Answer only when it is kept.",
  '`const { version, before } = await store.put(device, bytes, ...)`; when `before` is undefined: `response(201, "", { Location, ETag })`',
];
const KNOWN: Hints = [
  "The device had a configuration already: nothing new was made, something was replaced.",
  "204 No Content says that it is done, and that there is nothing to read. What was there before becomes an earlier version.",
  '`if (before !== undefined) return response(204, "", fields);`',
];
const FOUND: Hints = [
  "It was put a moment ago, and acknowledged.",
  "Look the device up under the name that the path has, and answer 200 with the bytes of its current version.",
  "`const current = currentOf(store, device); return content(request, current, await store.read(device, current));`",
];
const EXACT: Hints = [
  "What comes out is not what went in. Compare the two in the transcript.",
  "A configuration is bytes, whatever they mean: do not decode, trim or translate them on the way.",
  "`const bytes = await request.bytes()`, and `response(200, bytes, ...)` with the same",
];
const NOT_THERE: Hints = [
  "Nobody has ever put a configuration of that name.",
  "404 Not Found is for what is not there; an empty 200 says that there is one, and that it is empty.",
  "`if (current === undefined) throw new Problem(404, ...)`",
];

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
        expectBytes(await get(context, pathOf(device)), Buffer.from(text), [
          "Three devices were put, and one has the configuration of another.",
          "The name in the path says which one is meant, in every request anew.",
          '`"GET /configs/{device}": async (request, { device }) => ...`',
        ]);
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
      expectBytes(await get(context, pathOf(device)), Buffer.from(text), [
        "The old configuration is still the current one.",
        "The last version holds. Nothing that was read before may be answered from memory without a look at what is there now.",
        "`store.current(device)` is the last version",
      ]);
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
      const hints: Hints = [
        "HEAD is GET without the content: a client asks how it is, not for it.",
        "The same status and the same fields, Content-Length too, and then nothing.",
        "`routes` of ./src/http/router answers HEAD from the GET route; a server of your own must not send the body.",
      ];
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
