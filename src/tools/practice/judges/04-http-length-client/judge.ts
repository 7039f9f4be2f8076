/** Part 4: a web client that stops where the response ends. The judge is its server. */

import { formatEndpoint } from "../../../../sockets/endpoint";
import type { Judge, Step, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { ClientRun } from "../../peers/client-run";
import { bytesOf, receiveRequest, sendApart } from "../../peers/send-in-pieces";
import type { TcpConnection } from "../../peers/tcp-connection";
import {
  BYTES,
  CASE,
  CUT_SHORT,
  LENGTH_ZERO,
  MORE,
  NO_CLOSE,
  PIECES,
  STOP,
  TO_THE_END,
} from "./hints";

const CLIENT = "http_length_client";

/** A client that has asked for a page, and waits. */
interface Visit {
  readonly client: ClientRun;
  readonly accepted: TcpConnection;
  readonly request: string;
}

async function visit(context: StepContext, path = "/"): Promise<Visit> {
  const client = await ClientRun.start(context, CLIENT, ["--path", path]);
  const accepted = await client.accept();
  return { client, accepted, request: await receiveRequest(client, accepted) };
}

const head = (...fields: readonly string[]) =>
  ["HTTP/1.1 200 OK", "Content-Type: text/plain", ...fields, "", ""].join("\r\n");
const withLength = (body: string) => head(`Content-Length: ${Buffer.byteLength(body)}`) + body;

/** The program must end, with 0, and its output must end with an empty line and exactly this body. */
async function expectBody(
  { client, accepted }: Visit,
  body: string,
  hints: Hints,
  late: Hints = hints,
): Promise<void> {
  const end = { after: "when it had the whole body", hints: late };
  const status = await client.endByItself(accepted, end);
  const stdout = client.running.stdout();
  const printed = stdout.slice(stdout.indexOf("\n\n") + 2);
  if (status === 0 && stdout.includes("\n\n") && printed === body) return;
  const got = status === 0 ? JSON.stringify(printed.slice(0, 200)) : `exit status ${status}`;
  const what = `Expected the output to end with an empty line and the body ${JSON.stringify(body)}, and got ${got}.`;
  throw client.failure({ what, hints });
}

const steps: readonly Step[] = [
  {
    name: "asks for the path that it is given, and does not ask the server to close",
    edit: CLIENT,
    local: true,
    async run(context) {
      const path = `/${context.randomWord()}`;
      const visited = await visit(context, path);
      const [first = "", ...fields] = visited.request.split("\r\n");
      const host = `host: ${formatEndpoint(visited.accepted.address)}`;
      const wrong =
        first !== `GET ${path} HTTP/1.1`
          ? `the request line ${JSON.stringify(first)}`
          : !fields.some((line) => line.toLowerCase().replace(/:\s*/, ": ") === host)
            ? `no field "Host: ${formatEndpoint(visited.accepted.address)}"`
            : fields.find((line) => /^connection:\s*close/i.test(line));
      if (!wrong) return;
      throw visited.client.failure({
        what: `Expected "GET ${path} HTTP/1.1", a field Host and no "Connection: close", and got ${wrong}.`,
        hints: NO_CLOSE,
      });
    },
  },
  {
    name: "stops where Content-Length says, though the server keeps the connection",
    edit: "receive_response",
    local: true,
    async run(context) {
      const body = `${context.randomWord()}\n${context.randomWord()}\n`;
      const visited = await visit(context);
      await visited.accepted.send(withLength(body));
      await expectBody(visited, body, MORE, STOP);
    },
  },
  {
    name: "counts bytes and not characters",
    edit: "receive_response",
    local: true,
    async run(context) {
      const body = `${context.randomWord()} 10 €, 世界\n`;
      const visited = await visit(context);
      await visited.accepted.send(Buffer.from(withLength(body)));
      await expectBody(visited, body, BYTES);
    },
  },
  {
    name: "puts a response together that comes in pieces",
    edit: "receive_response",
    local: true,
    async run(context) {
      const body = `${context.randomWord()} £\n`;
      const visited = await visit(context);
      await sendApart(visited.accepted, bytesOf(withLength(body)));
      await expectBody(visited, body, PIECES);
    },
  },
  {
    name: "finds the length however its field is written",
    edit: "receive_response",
    local: true,
    async run(context) {
      const body = `${context.randomWord()}\n`;
      const visited = await visit(context);
      await visited.accepted.send(head(`content-LENGTH:   ${body.length} `) + body);
      await expectBody(visited, body, CASE);
    },
  },
  {
    name: "takes no byte more than the length says",
    edit: "receive_response",
    local: true,
    async run(context) {
      const body = context.randomWord();
      const visited = await visit(context);
      await visited.accepted.send(withLength(body) + withLength(context.randomWord()));
      await expectBody(visited, body, MORE);
    },
  },
  {
    name: "is done with the head when the length is 0",
    edit: "receive_response",
    local: true,
    async run(context) {
      const visited = await visit(context);
      await visited.accepted.send(withLength(""));
      await expectBody(visited, "", LENGTH_ZERO);
    },
  },
  {
    name: "receives until the server closes when there is no length",
    edit: "receive_response",
    local: true,
    async run(context) {
      const body = `${context.randomWord()}\n${context.randomWord()}\n`;
      const visited = await visit(context);
      await sendApart(
        visited.accepted,
        [head(), body.slice(0, 5), body.slice(5)].map((text) => Buffer.from(text)),
      );
      visited.accepted.end();
      await expectBody(visited, body, TO_THE_END);
    },
  },
  {
    name: "ends with 1 and a plain line when the server closes before the length is reached",
    edit: "receive_response",
    local: true,
    further: true,
    async run(context) {
      const visited = await visit(context);
      await visited.accepted.send(withLength(context.randomWord()).slice(0, -3));
      visited.accepted.end();
      const hints: Hints = CUT_SHORT;
      const end = { after: "when the server had closed", hints };
      const status = await visited.client.endByItself(visited.accepted, end);
      visited.client.expectStatus(status, 1, hints);
    },
  },
];

export const httpLengthJudge: Judge = {
  part: "04",
  kind: "exercise",
  task: "a web client that stops where the response ends",
  programs: [CLIENT],
  proves: ["send an HTTP request over TCP that you wrote by hand"],
  steps,
};
