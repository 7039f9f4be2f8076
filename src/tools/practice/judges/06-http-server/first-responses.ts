/** The first steps of the challenge: from an open port to a page. */

import type { Step, StepContext } from "../../judging/judge";
import { sendRequest } from "../../peers/http-exchange";
import { expectResponse } from "../../peers/http-faults";
import { open } from "../../peers/tcp-connection";
import {
  ANY_RESPONSE,
  LISTEN,
  NOT_WRITTEN_DOWN,
  REQUEST_PARTS,
  REQUEST_SHOWN,
  THREE_PATHS,
} from "./hints";
import { expectPage, get, userAgent } from "./page";

/** How long the first client waits for a word before the second one comes. */
const FIRST_CLIENT_MS = 2_000;

export const FIRST_ANSWERS: readonly Step[] = [
  {
    name: "accepts a client, and is there for the next one",
    edit: "http_server",
    hints: LISTEN,
    async run(context) {
      // What it says is the next step's business: here it has to be there afterwards.
      const isAnswered = await visit(context);
      // A server that goes with its first client can have taken the next one into its queue before it has gone.
      if (!isAnswered) await visit(context);
      const last = await open(await context.server());
      last.close();
    },
  },
  {
    name: "answers a request in HTTP",
    edit: "http_exchange",
    hints: ANY_RESPONSE,
    async run(context) {
      expectResponse(await sendRequest(await context.server(), get("/")));
    },
  },
  {
    name: "shows the method, the path and the browser of a request",
    edit: "http_routes",
    hints: REQUEST_PARTS,
    async run(context) {
      const request = get("/hello", `${userAgent("Mozilla/5.0")}Accept: text/html\r\n`);
      const shown = { Method: "GET", Path: "/hello", Browser: "Mozilla/5.0" };
      expectPage(await sendRequest(await context.server(), request), shown, {
        to: "GET /hello",
        hints: REQUEST_SHOWN,
      });
    },
  },
  {
    name: "shows what the client has sent, whatever it is",
    edit: "http_routes",
    async run(context) {
      const address = await context.server();
      for (const path of ["/about", "/hello"]) {
        const browser = `${context.randomWord()}/${context.randomWord()} (${context.randomWord()})`;
        const request = get(path, `Accept: ${context.randomWord()}\r\n${userAgent(browser)}`);
        expectPage(
          await sendRequest(address, request),
          { Path: path, Browser: browser },
          {
            to: `GET ${path} from another browser`,
            hints: NOT_WRITTEN_DOWN,
          },
        );
      }
    },
  },
  {
    name: "answers 200 OK to /, /hello and /about",
    edit: "http_routes",
    async run(context) {
      const address = await context.server();
      for (const path of ["/", "/hello", "/about"]) {
        expectPage(
          await sendRequest(address, get(path)),
          { Path: path },
          {
            to: `GET ${path}`,
            hints: THREE_PATHS,
          },
        );
      }
    },
  },
];

/** Whether the server says anything to a client. */
async function visit(context: StepContext): Promise<boolean> {
  const client = await open(await context.server());
  context.after(() => client.close());
  await client.send(get("/"));
  await client.until(
    (received, ending) => received.length > 0 || ending !== "open" || undefined,
    FIRST_CLIENT_MS,
  );
  client.close();
  return client.received().length > 0;
}
