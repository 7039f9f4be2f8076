/** The last steps of the challenge: one request after the other, in pieces, and several clients at once. */

import type { Step, StepContext } from "../../judging/judge";
import { StepFailure } from "../../judging/step-failure";
import { readResponse, sendRequest, sendRequestOn } from "../../peers/http-exchange";
import { expectStatus } from "../../peers/http-faults";
import { open, type TcpConnection } from "../../peers/tcp-connection";
import { IN_PIECES_HINTS, NEXT_CLIENT, ONE_AT_A_TIME_HINTS } from "./hints";
import { expectPage, get, userAgent } from "./page";

const REQUESTS_IN_A_ROW = 30;
/** `GET /hel` */
const HALF_BYTES = 8;
/** How long a server is given to say something wrong about half a request. */
const HALF_MS = 200;

export const CLIENTS: readonly Step[] = [
  {
    name: "serves many requests, one after the other",
    edit: "http_server",
    async run(context) {
      const address = await context.server();
      for (let i = 1; i <= REQUESTS_IN_A_ROW; i++) {
        const found = i % 2 === 1;
        expectStatus(
          await sendRequest(address, get(found ? "/hello" : `/${context.randomWord()}`)),
          found ? 200 : 404,
          {
            to: `request ${i} of ${REQUESTS_IN_A_ROW}`,
            hints: NEXT_CLIENT,
          },
        );
      }
    },
  },
  {
    name: "waits for the rest of a request that arrives in pieces",
    edit: "http_reader",
    async run(context) {
      const browser = `${context.randomWord()}/1.0`;
      const request = get("/hello", userAgent(browser));
      const cuts = Array.from({ length: request.length - 1 }, (_, i) => i + 1);
      expectPage(
        await sendRequest(await context.server(), request, { cuts }),
        { Path: "/hello", Browser: browser },
        {
          to: "a request that arrives byte by byte",
          hints: IN_PIECES_HINTS,
        },
      );
      await twoHalves(context, request, browser);
    },
  },
  {
    name: "serves several clients at once, also while others say nothing or only half",
    edit: "http_server",
    run: serveAtOnce,
  },
];

async function twoHalves(context: StepContext, request: string, browser: string): Promise<void> {
  const connection = await open(await context.server());
  context.after(() => connection.close());
  await connection.send(request.slice(0, HALF_BYTES));
  const early = await connection.until(
    (received, ending) => received.length > 0 || ending !== "open" || undefined,
    HALF_MS,
  );
  if (early) {
    throw new StepFailure({
      what: "Expected the server to wait for the rest of the request, and it did not: half a request was enough for it.",
      transcript: String(connection.transcript),
      replay: `(printf 'GET /hel'; sleep 1; printf 'lo HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n') | nc -w 2 ${connection.address.host} ${connection.address.port}`,
      hints: IN_PIECES_HINTS,
    });
  }
  const response = await sendRequestOn(connection, request.slice(HALF_BYTES), { method: "GET" });
  expectPage(
    response,
    { Path: "/hello", Browser: browser },
    {
      to: "a request in two halves",
      hints: IN_PIECES_HINTS,
    },
  );
}

/**
 * The clients connect in one order and ask in the other: so a server that takes one at a time, with the rest
 * waiting in the backlog, has nobody to answer.
 */
async function serveAtOnce(context: StepContext): Promise<void> {
  const address = await context.server();
  const clients: { connection: TcpConnection; request: string; sent: number; browser: string }[] =
    [];
  for (let i = 0; i < 6; i++) {
    const connection = await open(address);
    context.after(() => connection.close());
    const browser = context.randomWord();
    const request = get(["/", "/hello", "/about"][i % 3] ?? "/", userAgent(browser));
    // One says nothing, one sends half a line, one all but the last byte, and so on.
    const sent = [0, 9, request.length - 1][i % 3] ?? 0;
    if (sent > 0) await connection.send(request.slice(0, sent));
    clients.push({ connection, request, sent, browser });
  }
  for (const [i, { connection, request, sent, browser }] of [...clients.entries()].reverse()) {
    connection.transcript.note(`${i} clients that came before have not asked yet`);
    await connection.send(request.slice(sent));
    expectPage(
      await readResponse(connection, "GET"),
      { Browser: browser },
      {
        to: `client ${i + 1} of ${clients.length}, while ${i} that came before have not asked yet`,
        hints: ONE_AT_A_TIME_HINTS,
      },
    );
  }
}
