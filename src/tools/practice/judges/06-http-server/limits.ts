/** Beyond the challenge: every length and every wait has a limit, and a status of its own. RFC 9110, section 15.5. */

import type { Step, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { responseFailure, sendRequest, sendRequestOn } from "../../peers/http-exchange";
import { expectStatus } from "../../peers/http-faults";
import { open } from "../../peers/tcp-connection";
import { BYTES_NOT_CHARACTERS, TOO_LONG_HINTS, TOO_SLOW } from "./hints";
import { get, HOST } from "./page";

const MEBIBYTE = 1024 * 1024;
/** More than one receive takes. */
const PIECE_BYTES = 16 * 1024;
const PIECES = 3;
/** How long to wait for a server that ends its side after a refusal. */
const END_MAX_MS = 1_000;
/** How long a server may wait for a request that does not go on; ours waits 10 s. */
const PATIENCE_MAX_MS = 30_000;
const post = (fields: string, body = "") => `POST / HTTP/1.1\r\n${HOST}${fields}\r\n${body}`;

const TOO_LONG: readonly [status: number, what: string, edit: string, request: () => string][] = [
  [414, "path", "http_reader", () => `GET /${"x".repeat(MEBIBYTE)} HTTP/1.1\r\n${HOST}\r\n`],
  [431, "field", "http_reader", () => get("/", `X: ${"x".repeat(MEBIBYTE)}\r\n`)],
  [431, "short fields", "http_head", () => get("/", "X: y\r\n".repeat(MEBIBYTE / 6))],
  [413, "body", "http_body", () => post(`Content-Length: ${MEBIBYTE}\r\n`, "x".repeat(MEBIBYTE))],
  [
    413,
    "body in chunks",
    "http_body",
    () =>
      post(
        "Transfer-Encoding: chunked\r\n",
        `${`1000\r\n${"x".repeat(4096)}\r\n`.repeat(MEBIBYTE / 4096)}0\r\n\r\n`,
      ),
  ],
];

export const LIMITS: readonly Step[] = [
  ...TOO_LONG.map(([status, what, edit, request]): Step => {
    return {
      name: `answers ${status} to a mebibyte of ${what}`,
      edit,
      further: true,
      async run(context) {
        const response = await sendRequest(await context.server(), request());
        expectStatus(response, status, { to: `a mebibyte of ${what}`, hints: TOO_LONG_HINTS });
      },
    };
  }),
  {
    name: "answers 413 before the body is sent, if its length is known",
    edit: "http_body",
    further: true,
    async run(context) {
      const response = await sendRequest(
        await context.server(),
        post("Content-Length: 9999999999\r\n"),
      );
      expectStatus(response, 413, {
        to: "a body of ten gigabytes that is only announced",
        hints: TOO_LONG_HINTS,
      });
    },
  },
  {
    name: "hears out a client that still sends when it is refused",
    edit: "http_drain",
    further: true,
    run: hearOut,
  },
  {
    name: "takes no length that its numbers cannot hold",
    edit: "http_body",
    further: true,
    async run(context) {
      const response = await sendRequest(
        await context.server(),
        post("Content-Length: 99999999999999999999\r\n"),
      );
      expectStatus(response, [400, 413], {
        to: "a length of twenty digits",
        hints: TOO_LONG_HINTS,
      });
    },
  },
  {
    name: "answers 408 to a client that begins and does not go on",
    edit: "http_exchange",
    further: true,
    maxMs: PATIENCE_MAX_MS + 10_000,
    async run(context) {
      const timeoutMs = PATIENCE_MAX_MS + 5_000;
      const response = await sendRequest(await context.server(), "GET /hello HT", { timeoutMs });
      expectStatus(response, 408, {
        to: "half a request, after a wait",
        hints: TOO_SLOW,
      });
    },
  },
  {
    name: "counts the bytes of its body, not the characters",
    edit: "http_response",
    further: true,
    async run(context) {
      const agent = Buffer.from("Žofka 🦊").toString("latin1");
      const response = await sendRequest(
        await context.server(),
        get("/hello", `User-Agent: ${agent}\r\n`),
      );
      const hints: Hints = BYTES_NOT_CHARACTERS;
      expectStatus(response, 200, { to: "a user agent with letters of several bytes", hints });
      const length = response.fields.get("content-length");
      const bytes = response.raw.length - response.raw.indexOf("\r\n\r\n") - 4;
      const right = length === undefined || Number(length) === bytes;
      if (right && response.body.includes("Žofka 🦊")) return;
      throw responseFailure(response, {
        what: right
          ? "Expected Žofka 🦊 in the page, as the client has sent it, and it is not there."
          : `Expected a Content-Length of ${bytes}, the bytes of the body, and it is ${length}.`,
        hints,
      });
    },
  },
];

/** A close while the client sends would reset the connection, and the reset could overtake the response. */
async function hearOut(context: StepContext): Promise<void> {
  const connection = await open(await context.server());
  context.after(() => connection.close());
  const response = await sendRequestOn(
    connection,
    post("Content-Length: 9999999999\r\n", "x".repeat(PIECE_BYTES)),
  );
  expectStatus(response, 413, { to: "a body of ten gigabytes", hints: TOO_LONG_HINTS });
  // Its end of the connection ends here, at the latest: has it only stopped sending, or has it gone?
  await connection.until((_received, ending) => ending !== "open" || undefined, END_MAX_MS);
  for (let i = 0; i < PIECES; i++) await connection.send("x".repeat(PIECE_BYTES));
  if (!connection.broken) return;
  throw responseFailure(response, {
    what: "Expected the server to receive what its client still sends, and it has broken the connection off.",
    hints: TOO_LONG_HINTS,
  });
}
