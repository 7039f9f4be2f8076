/** The client of Part 2: it sends lines, and prints the answer to each. The judge is its server. */

import { type Bench, type Hints, type Step, StepFailure } from "../../judging/judge";
import { ClientRun } from "../../peers/client-run";
import { LineTalk } from "../../peers/line-connection";
import type { Connection } from "../../peers/tcp-connection";

const PROGRAM = "line_client";

/** A client that runs, and what it has said. */
interface Play {
  readonly client: ClientRun;
  readonly caller: Connection;
  /** The lines that came, at most as many as were to come. */
  readonly heard: readonly string[];
}

/** Runs the client with these lines; `answer` is called with each that arrives, counted from 0. */
async function play(
  bench: Bench,
  questions: readonly string[],
  answer: (talk: LineTalk, index: number) => Promise<void>,
): Promise<Play> {
  const client = await ClientRun.start(bench, PROGRAM, questions);
  const caller = await client.caller();
  const talk = new LineTalk(caller);
  const heard: string[] = [];
  while (heard.length < questions.length) {
    const line = await talk.line();
    if (line === undefined) break;
    heard.push(line);
    await answer(talk, heard.length - 1);
  }
  return { client, caller, heard };
}

/** A client that has all its answers ends, and is left alone until then. */
const finish = ({ client, caller }: Play, hints: Hints) =>
  client.endByItself(caller, { after: "after the last answer", hints });

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

const PRINT: Hints = [
  "Each line that the client sends is answered with a line. It is the answer that is to be printed.",
  "After each question, take the next line from the server, and print it.",
  "`const answer = await answers.next(); print(printable(answer.value));`",
];
const END: Hints = [
  "The client has the answers to all its lines. The server keeps the connection open: what does the client wait for?",
  "It knows how many answers will come, one for each line. After the last it closes.",
  "`for (const question of questions) { ...; const answer = await answers.next(); ... }`",
];
const STATUS: Hints = [
  "Somebody may run this program in a script, which sees nothing but its exit status.",
  "The end of the generator before the last answer: the client has not got what it asked for, so that is an error.",
  '`if (answer.done) throw socketError("CLOSED_EARLY", "recv", server.remote)`',
];
const FRAMING: Hints = [
  "One `recv` is not one answer: a server may send several at once, or one in pieces.",
  "Make one generator of lines for the whole connection; it keeps what came too early.",
  "`const answers = lines(server);` before the loop, `await answers.next()` in it",
];

const words = (bench: Bench, count: number) => Array.from({ length: count }, () => bench.word());

/** Expects that the answers are printed, however the server sends them. */
async function printsAll(
  bench: Bench,
  answers: readonly string[],
  hints: Hints,
  answer: (talk: LineTalk, index: number) => Promise<void>,
): Promise<Play> {
  const played = await play(bench, words(bench, answers.length), answer);
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
    async run(bench) {
      const questions = [bench.word(), `${bench.word()} 10 €`];
      const played = await play(bench, questions, async (talk, i) => talk.send(`${i + 1}: ok\n`));
      if (questions.every((line, i) => played.heard[i] === line)) return;
      throw played.client.failure({
        what: `Expected the lines ${JSON.stringify(questions)}, and got ${JSON.stringify(played.heard)}.`,
        hints: [
          "What the client is given on its command line are lines, and a line has an end.",
          "Send each with a line feed after it; it makes no difference whether together or one by one.",
          '`await server.send(question + "\\n")`',
        ],
      });
    },
  },
  {
    name: "as a client, prints the answer to each line",
    edit: PROGRAM,
    local: true,
    async run(bench) {
      const answers = words(bench, 3);
      await printsAll(bench, answers, PRINT, (talk, i) => talk.send(`${answers[i]}\n`));
    },
  },
  {
    name: "as a client, ends with 0 when all is answered, though the server keeps the connection",
    edit: PROGRAM,
    local: true,
    async run(bench) {
      const done = await play(bench, words(bench, 2), (talk) => talk.send(`${bench.word()}\n`));
      done.client.expectStatus(await finish(done, END), 0, STATUS);
    },
  },
  {
    name: "as a client, prints each of several answers that come in one packet",
    edit: PROGRAM,
    local: true,
    async run(bench) {
      const answers = words(bench, 3);
      const all = answers.map((line) => `${line}\n`).join("");
      const played = await printsAll(bench, answers, FRAMING, async (talk, i) => {
        if (i === 0) await talk.send(all);
      });
      await finish(played, FRAMING); // whoever took all for the first answer waits for more
    },
  },
  {
    name: "as a client, puts an answer together that comes in pieces",
    edit: PROGRAM,
    local: true,
    async run(bench) {
      const answers = words(bench, 2).map((word) => `10 € ${word} £`);
      await printsAll(bench, answers, FRAMING, (talk, i) =>
        talk.send(...Array.from(Buffer.from(`${answers[i]}\n`), (byte) => Uint8Array.of(byte))),
      );
    },
  },
  {
    name: "as a client, ends with 1 and a plain line when the server closes too soon",
    edit: PROGRAM,
    local: true,
    async run(bench) {
      const left = await play(bench, words(bench, 2), async (talk, i) => {
        if (i === 0) await talk.send(`${bench.word()}\n`);
        talk.connection.end();
      });
      left.client.expectStatus(await finish(left, END), 1, STATUS);
    },
  },
];
