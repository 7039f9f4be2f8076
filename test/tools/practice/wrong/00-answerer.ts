/** First programs that nearly answer. */
import { program } from "../../../../src/program/program";
import { formatEndpoint } from "../../../../src/sockets/endpoint";
import { listen } from "../../../../src/sockets/tcp";
import type { Wrong } from "../support/wrong";

function answerer(
  answer: (line: string) => string | undefined,
  { once = false, open = false } = {},
) {
  return program({
    name: "answerer",
    about: "Is wrong.",
    port: 8080,
    async run({ host, port, signal, print }) {
      const server = await listen({ host, port, signal });
      print(`listening on ${formatEndpoint(server.local)}`);
      let first = true;
      for await (const accepted of server) {
        const line = String(await accepted.recv(1024));
        const text = first || !once ? answer(line) : undefined;
        first = false;
        if (text !== undefined) await accepted.send(text);
        if (!open) await accepted.close();
      }
    },
  });
}

const wrong = (fault: string, step: string, main: ReturnType<typeof answerer>): Wrong => ({
  fault,
  step,
  programs: { answerer: main },
});

const ANSWERS = "answers a line that nobody could foresee";
const said = (line: string) => `You said: ${line}`;

export const wrongAnswerers: readonly Wrong[] = [
  wrong(
    "says nothing",
    ANSWERS,
    answerer(() => undefined),
  ),
  wrong(
    "answers what the example says",
    ANSWERS,
    answerer(() => "You said: Anyone there?\n"),
  ),
  wrong(
    "only sends the line back",
    ANSWERS,
    answerer((line) => line),
  ),
  wrong(
    "closes no connection",
    "closes the connection after its answer",
    answerer(said, { open: true }),
  ),
  wrong(
    "answers one caller alone",
    "answers the next callers too, one after the other",
    answerer(said, { once: true }),
  ),
];
