/** Beyond the challenge: a server that stands whatever its clients do. */

import type { Address, Step, StepContext } from "../../judging/judge";
import { repeatedAfterReset } from "../../judging/replay";
import type { Hints } from "../../judging/step-failure";
import { type ReceivedResponse, responseFailure, sendRequest } from "../../peers/http-exchange";
import { expectStatus } from "../../peers/http-faults";
import { open, type TcpConnection } from "../../peers/tcp-connection";
import { ASIDE_HINTS, CUT_ANYWHERE, SURVIVE_HINTS } from "./hints";
import { mutations } from "./mutations";
import { expectPage, get, HOST } from "./page";

const DRIP_MS = 1_000;
const MUTATIONS = 500;
const ASKERS = 10;

export const ROBUST: readonly Step[] = [
  {
    name: "gives the same answer wherever the request is cut",
    edit: "http_reader",
    further: true,
    async run(context) {
      const address = await context.server();
      const request = `POST /hello?a=%20 HTTP/1.1\r\n${HOST}User-Agent: é\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
      const hints: Hints = CUT_ANYWHERE;
      const whole = await sendRequest(address, request);
      expectStatus(whole, 200, { to: "a POST in one chunk", hints });
      for (let cut = 1; cut < request.length; cut++) {
        const response = await sendRequest(address, request, { cuts: [cut] });
        if (response.status === whole.status && response.body === whole.body) continue;
        throw responseFailure(response, {
          what: `Expected the same answer when the request is cut after ${cut} bytes, and it is another.`,
          hints,
        });
      }
    },
  },
  {
    name: "keeps nobody waiting for twenty clients that say nothing, or only half",
    edit: "http_server",
    further: true,
    async run(context) {
      const address = await context.server();
      for (let i = 0; i < 20; i++) {
        const client = await opened(context, address);
        if (i % 2) await client.send("GET /hello HT");
      }
      const to = "GET /hello, while twenty others wait";
      expectPage(
        await sendRequest(address, get("/hello")),
        { Path: "/hello" },
        { to, hints: ASIDE_HINTS },
      );
    },
  },
  {
    name: "does not delay others for a client that sends a byte a second",
    edit: "http_server",
    further: true,
    async run(context) {
      const address = await context.server();
      const slow = await opened(context, address);
      const slowly = get("/hello");
      let sent = 0;
      const drip = setInterval(() => void slow.send(slowly[sent++] ?? ""), DRIP_MS);
      context.after(() => clearInterval(drip));
      await slow.send(slowly[sent++] ?? "");
      for (let i = 1; i <= 50; i++) {
        const to = `request ${i} of 50, beside a slow client`;
        expectStatus(await sendRequest(address, get("/about")), 200, { to, hints: ASIDE_HINTS });
      }
    },
  },
  {
    name: "survives clients that leave at any moment",
    edit: "http_server",
    further: true,
    async run(context) {
      const address = await context.server();
      const request = get("/hello");
      await repeatedAfterReset(async (reset) => {
        for (let i = 0; i < 40; i++) {
          const client = await opened(context, address);
          await client.send(request.slice(0, i % 2 ? i : request.length));
          client.reset();
          reset(client);
        }
        const to = "GET /hello, after forty clients have left in the middle";
        const response = await sendRequest(address, request);
        expectPage(response, { Path: "/hello" }, { to, hints: SURVIVE_HINTS });
      });
    },
  },
  {
    name: `survives ${MUTATIONS} requests with something wrong in them, and answers in HTTP or not at all`,
    edit: "http_exchange",
    further: true,
    maxMs: 120_000,
    async run(context) {
      const address = await context.server();
      const requests = [...mutations(MUTATIONS)];
      const askNext = async (): Promise<void> => {
        for (let text = requests.pop(); text !== undefined; text = requests.pop()) {
          context.signal.throwIfAborted();
          expectSense(await sendRequest(address, text, { end: true }));
        }
      };
      await Promise.all(Array.from({ length: ASKERS }, askNext));
      const to = `GET /hello, after ${MUTATIONS} odd requests`;
      expectPage(
        await sendRequest(address, get("/hello")),
        { Path: "/hello" },
        { to, hints: SURVIVE_HINTS },
      );
    },
  },
];

async function opened(context: StepContext, address: Address): Promise<TcpConnection> {
  const connection = await open(address);
  context.after(() => connection.close());
  return connection;
}

/** An answer in HTTP, or the end of the connection. */
function expectSense(response: ReceivedResponse): void {
  const { raw, status, closed } = response;
  if (raw.length === 0 && closed) return;
  if (status >= 200 && status !== 500) return;
  const got =
    status === 500
      ? "500 Internal Server Error"
      : raw.length === 0
        ? "nothing at all"
        : "something else";
  throw responseFailure(response, {
    what: `Expected an answer in HTTP that says what is wrong, or the end of the connection, and got ${got}.`,
    hints: SURVIVE_HINTS,
  });
}
