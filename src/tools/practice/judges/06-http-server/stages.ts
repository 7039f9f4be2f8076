/** The stages of Part 6, from the outside in: after each of them a browser gets more. */
import type { Stage } from "../../judging/judge";

export const STAGES: readonly Stage[] = [
  {
    title: "accept clients",
    task: "Listen, print where, and begin an exchange for each client without waiting for its end.",
    cells: ["http-server"],
    uses: "`listen({ host, port, signal })` of `./src/sockets/tcp` gives the server, `for await (const client of server)` its clients; `formatEndpoint(server.local)` of `./src/sockets/endpoint` writes where it listens.",
    until: "accepts a client, and is there for the next one",
  },
  {
    title: "answer in HTTP",
    task: "Make the bytes of a response: the status line, the fields, an empty line, the body. Send them to each client, whatever it asked.",
    cells: ["http-response", "http-exchange"],
    uses: "nothing new; `send` in the cell http-exchange is the client's own, with a time limit.",
    until: "answers a request in HTTP",
  },
  {
    title: "read the request",
    task: "Take lines from the stream wherever it is cut, then the request line and the fields apart; show the method, the path and the browser on the page.",
    cells: ["http-reader", "http-request", "http-head", "http-exchange", "http-routes"],
    uses: "`this.more()` of the reader gives the next bytes; `throw new HttpError(400, ...)` refuses a request.",
    until: "answers 200 OK to /, /hello and /about",
  },
  {
    title: "refuse what is not there",
    task: "Answer 404 Not Found to every other path, with a page that says so.",
    cells: ["http-routes"],
    uses: "`throw new HttpError(404, ...)`; `errorResponse` makes its page.",
    until: "answers 404 Not Found to every other path, with a page that says so",
  },
  {
    title: "serve every client",
    task: "Whatever clients send or leave out, however slowly and however many there are: each gets its page, and no text of a client becomes markup.",
    cells: ["http-response"],
    uses: "nothing; `escapeHtml` is yours to write.",
    until: "shows markup in a user agent as the text that it is",
  },
];
