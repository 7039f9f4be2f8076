/** The first steps of the challenge: from an open port to a page. */

import type { Step, StepContext } from "../../judging/judge";
import { sendRequest } from "../../peers/http-exchange";
import { expectResponse } from "../../peers/http-faults";
import { open } from "../../peers/tcp-connection";
import { expectPage, get, userAgent } from "./page";

/** How long the first client waits for a word before the second one comes. */
const FIRST_CLIENT_MS = 2_000;

export const FIRST_ANSWERS: readonly Step[] = [
  {
    name: "accepts a client, and is there for the next one",
    edit: "http_server",
    hints: [
      "Begin at the end: the cell of http_server listens, and says where. Nothing else can be tried before that.",
      "`main` listens on the host and the port that it is given and prints where; `serve` then takes one client after the other. You wrote both in Part 2.",
      '`const server = await listen({ host, port, signal })`, `print("HTTP Server running on http://" + formatEndpoint(server.local))`, `await serve(server, { timeoutMs, log: print })`; and in `serve`: `for await (const client of server)`.',
    ],
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
    hints: [
      "A client asks, and wants an answer: any page will do now, if it comes in HTTP.",
      "Two cells work together: http_response turns a response into bytes, http_exchange sends them to the client.",
      'In `responseBytes`: `Buffer.from("HTTP/1.1 " + statusText(status) + "\\r\\n" + fields + "\\r\\n" + body)`; in `exchange`: `await send(responseBytes(response, request.method))`.',
    ],
    async run(context) {
      expectResponse(await sendRequest(await context.server(), get("/")));
    },
  },
  {
    name: "shows the method, the path and the browser of a request",
    edit: "http_routes",
    hints: [
      "Now the request itself: its first line, and its fields up to the empty line.",
      "http_reader gives you a line at a time, http_request takes a line apart, http_head does it for the whole head; http_exchange calls it, and http_routes makes the page.",
      '`line.split(" ")` gives the method, the target and the version; `line.indexOf(":")` parts a field; `fields.get("user-agent")` is the browser.',
    ],
    async run(context) {
      const request = get("/hello", `${userAgent("Mozilla/5.0")}Accept: text/html\r\n`);
      const shown = { Method: "GET", Path: "/hello", Browser: "Mozilla/5.0" };
      expectPage(await sendRequest(await context.server(), request), shown, {
        to: "GET /hello",
        hints: [
          "Where does each of the three stand in the request? The transcript shows it.",
          "The method and the path are the first two words of the first line. The browser is the value of the field User-Agent.",
          'In `respond`: `{ Method: method, Path: path, Browser: fields.get("user-agent") ?? "unknown" }`, a line of the page for each.',
        ],
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
            hints: [
              "The page shows something, but not what this client has sent.",
              "Everything in the page comes from the request that was just read: nothing of it can be written in the program.",
              'Put `escapeHtml(fields.get("user-agent") ?? "unknown")` into the line, not a text of your own.',
            ],
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
            hints: [
              "There are three paths that this server knows. This is one of them.",
              "Keep the three in a list and look the path up in it: whole, and with its first slash.",
              '`["/", "/hello", "/about"].includes(path)`',
            ],
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
