/** Beyond the challenge: what becomes of the connection, and bodies in pieces. RFC 9112, sections 7 and 9; RFC 9110, 10.1.1. */

import type { Address, Step } from "../../judging/judge";
import { StepFailure } from "../../judging/step-failure";
import { sendRequest } from "../../peers/http-exchange";
import { ANSWER_MAX_MS, open } from "../../peers/tcp-connection";
import { CHUNK_HINTS, CLOSE_HINTS, CONTINUE, EMPTY_LINE } from "./hints";
import { expectPage, get, HOST } from "./page";

export const CONNECTIONS: readonly Step[] = [
  {
    name: "speaks HTTP/1.0, where Host is not needed, and closes",
    edit: "http_head",
    further: true,
    async run(context) {
      const address = await context.server();
      const request = "GET /hello HTTP/1.0\r\n\r\n";
      const to = "GET /hello HTTP/1.0";
      expectPage(
        await sendRequest(address, request),
        { Path: "/hello" },
        { to, hints: CLOSE_HINTS },
      );
      const { closed, transcript } = await askTwice(address, request);
      if (closed) return;
      throw new StepFailure({
        what: "Expected the server to close after its response to HTTP/1.0, and it keeps the connection open.",
        transcript,
        hints: CLOSE_HINTS,
      });
    },
  },
  {
    name: "does with the connection what it says",
    edit: "http_exchange",
    further: true,
    async run(context) {
      const { text, closed, transcript } = await askTwice(await context.server(), get("/hello"));
      const said = /^connection: *close\r$/im.test(text);
      if (closed === said) return;
      throw new StepFailure({
        what: said
          ? "Expected the connection to be closed, as the response says, and it is open."
          : "Expected the connection to stay open, since the response does not say Connection: close, and it is closed.",
        transcript,
        hints: CLOSE_HINTS,
      });
    },
  },
  {
    name: "reads a body in chunks, with a trailer",
    edit: "http_body",
    further: true,
    async run(context) {
      const chunks = "5;name=x\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Trailer: y\r\n\r\n";
      const request = `POST /hello HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${chunks}`;
      const response = await sendRequest(await context.server(), request);
      expectPage(response, { Method: "POST" }, { to: "a POST in chunks", hints: CHUNK_HINTS });
    },
  },
  {
    name: "lets a client that asks first go on with its body",
    edit: "http_exchange",
    further: true,
    async run(context) {
      const connection = await open(await context.server());
      context.after(() => connection.close());
      const fields = "Expect: 100-continue\r\nContent-Length: 5\r\n";
      await connection.send(`POST /hello HTTP/1.1\r\n${HOST}${fields}\r\n`);
      const said = (pattern: RegExp) =>
        connection.until((received) => pattern.test(received.toString("latin1")) || undefined);
      const goOn = await said(/^HTTP\/1\.1 100 /);
      if (goOn) await connection.send("hello");
      if (goOn && (await said(/\r\n\r\nHTTP\/1\.1 200/))) return;
      throw new StepFailure({
        what: goOn
          ? "Expected the status 200 after the body, and it does not come."
          : "Expected HTTP/1.1 100 Continue before the body, and it does not come.",
        transcript: String(connection.transcript),
        hints: CONTINUE,
      });
    },
  },
  {
    name: "overlooks an empty line before a request",
    edit: "http_head",
    further: true,
    async run(context) {
      const response = await sendRequest(await context.server(), `\r\n${get("/hello")}`);
      expectPage(
        response,
        { Path: "/hello" },
        {
          to: "a request after an empty line",
          hints: EMPTY_LINE,
        },
      );
    },
  },
];

/** Sends a request, and when it is answered, another one. Has the server closed instead of answering it? */
async function askTwice(address: Address, request: string) {
  const connection = await open(address);
  try {
    const pages = (received: Buffer): number => String(received).split("</html>").length - 1;
    await connection.send(request);
    const first = await connection.until(
      (received) => pages(received) > 0 || undefined,
      ANSWER_MAX_MS,
    );
    if (first) await connection.send(request);
    const text = String(connection.received());
    await connection.until(
      (received, ending) => pages(received) > 1 || ending !== "open" || undefined,
    );
    const closed = connection.ending !== "open" && pages(connection.received()) < 2;
    return { text, closed, transcript: String(connection.transcript) };
  } finally {
    connection.close();
  }
}
