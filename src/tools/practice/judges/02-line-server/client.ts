/** The client of Part 2: it sends lines, and prints the answer to each. The judge is its server. */

import type { Step, StepContext } from "../../judging/judge";
import { type Hints, StepFailure } from "../../judging/step-failure";
import { ClientRun } from "../../peers/client-run";
import { LineConnection } from "../../peers/line-connection";
import type { TcpConnection } from "../../peers/tcp-connection";
import { CLIENT_FRAMING, END, LINE_END, PRINT, STATUS } from "./hints";

const PROGRAM = "line_client";

/** A client that runs, and what it has said. */
interface Play {
  readonly client: ClientRun;
  readonly accepted: TcpConnection;
  /** The lines that came, at most as many as were to come. */
  readonly heard: readonly string[];
}

/** Runs the client with these lines; `answer` is called with each that arrives, counted from 0. */
async function play(
  context: StepContext,
  questions: readonly string[],
  answer: (connection: LineConnection, index: number) => Promise<void>,
): Promise<Play> {
  const client = await ClientRun.start(context, PROGRAM, questions);
  const accepted = await client.accept();
  const connection = new LineConnection(accepted);
  const heard: string[] = [];
  while (heard.length < questions.length) {
    const line = await connection.line();
    if (line === undefined) break;
    heard.push(line);
    await answer(connection, heard.length - 1);
  }
  return { client, accepted, heard };
}

/** A client that has all its answers ends, and is left alone until then. */
const finish = ({ client, accepted }: Play, hints: Hints) =>
  client.endByItself(accepted, { after: "after the last answer", hints });

/** The answers must stand in the output, each on a line of its own, in their order. */
function expectPrinted({ client }: Play, answers: readonly string[], hints: Hints): void {
  const stdout = client.running.stdout();
  const printed = stdout.split("\n");
  const places = answers.map((answer) => printed.findIndex((line) => line.endsWith(answer)));
  const once = answers.every((answer) => stdout.split(answer).length === 2);
  const inOrder = places.every((place, i) => place > (places[i - 1] ?? -1));
  if (once && inOrder) return;
  const what = `Expected the ${answers.length} answers in the output, each on a line of its own, and got ${JSON.stringify(stdout)}.`;
  throw client.failure({ what, hints });
}

const words = (context: StepContext, count: number) =>
  Array.from({ length: count }, () => context.randomWord());

/** Expects that the answers are printed, however the server sends them. */
async function printsAll(
  context: StepContext,
  answers: readonly string[],
  hints: Hints,
  answer: (connection: LineConnection, index: number) => Promise<void>,
): Promise<Play> {
  const played = await play(context, words(context, answers.length), answer);
  const all = (stdout: string) => answers.every((text) => stdout.includes(text)) || undefined;
  await played.client.running.until(all, "the answers").catch((error: unknown) => {
    if (!(error instanceof StepFailure)) throw error; // this step's own failure says more
  });
  expectPrinted(played, answers, hints);
  return played;
}

export const LINE_CLIENT_STEPS: readonly Step[] = [
  {
    name: "as a client, sends the lines that it is given, each with its line end",
    edit: PROGRAM,
    local: true,
    async run(context) {
      const questions = [context.randomWord(), `${context.randomWord()} 10 €`];
      const played = await play(context, questions, async (connection, i) =>
        connection.send(`${i + 1}: ok\n`),
      );
      if (questions.every((line, i) => played.heard[i] === line)) return;
      throw played.client.failure({
        what: `Expected the lines ${JSON.stringify(questions)}, and got ${JSON.stringify(played.heard)}.`,
        hints: LINE_END,
      });
    },
  },
  {
    name: "as a client, prints the answer to each line",
    edit: PROGRAM,
    local: true,
    async run(context) {
      const answers = words(context, 3);
      await printsAll(context, answers, PRINT, (connection, i) =>
        connection.send(`${answers[i]}\n`),
      );
    },
  },
  {
    name: "as a client, ends with 0 when all is answered, though the server keeps the connection",
    edit: PROGRAM,
    local: true,
    async run(context) {
      const done = await play(context, words(context, 2), (connection) =>
        connection.send(`${context.randomWord()}\n`),
      );
      done.client.expectStatus(await finish(done, END), 0, STATUS);
    },
  },
  {
    name: "as a client, prints each of several answers that come in one packet",
    edit: PROGRAM,
    local: true,
    async run(context) {
      const answers = words(context, 3);
      const all = answers.map((line) => `${line}\n`).join("");
      const played = await printsAll(context, answers, CLIENT_FRAMING, async (connection, i) => {
        if (i === 0) await connection.send(all);
      });
      await finish(played, CLIENT_FRAMING); // whoever took all for the first answer waits for more
    },
  },
  {
    name: "as a client, puts an answer together that comes in pieces",
    edit: PROGRAM,
    local: true,
    async run(context) {
      const answers = words(context, 2).map((word) => `10 € ${word} £`);
      await printsAll(context, answers, CLIENT_FRAMING, (connection, i) =>
        connection.send(
          ...Array.from(Buffer.from(`${answers[i]}\n`), (byte) => Uint8Array.of(byte)),
        ),
      );
    },
  },
  {
    name: "as a client, ends with 1 and a plain line when the server closes too soon",
    edit: PROGRAM,
    local: true,
    async run(context) {
      const left = await play(context, words(context, 2), async (connection, i) => {
        if (i === 0) await connection.send(`${context.randomWord()}\n`);
        connection.tcp.end();
      });
      left.client.expectStatus(await finish(left, END), 1, STATUS);
    },
  },
];
