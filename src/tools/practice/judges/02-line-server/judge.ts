/** Part 2: a server that answers every line with its number, and a client for it. */
import type { Judge, Step, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { LineConnection } from "../../peers/line-connection";
import { LINE_CLIENT_STEPS } from "./client";

/** Sends a line and expects its answer. */
async function ask(
  connection: LineConnection,
  text: string,
  number: number,
  hints: Hints,
): Promise<void> {
  await connection.send(`${text}\n`);
  await expectLine(connection, `${number}: ${text}`, hints);
}

async function expectLine(
  connection: LineConnection,
  expected: string,
  hints: Hints,
): Promise<void> {
  const got = await connection.line();
  if (got === expected) return;
  const what = `Expected the line ${JSON.stringify(expected)}, and got ${got === undefined ? connection.got : JSON.stringify(got)}.`;
  throw connection.failure({ what, hints });
}

const ANSWER: Hints = [
  "The answer to the line `hello` is the line `1: hello`, and it too has a line end.",
  "Accept the client; take its lines; send each back behind its number, a colon and a space.",
  '`for await (const line of lines(client)) await client.send(number + ": " + line + "\\n")`',
];
const GONE: Hints = [
  "There was a client before this one. Is your server still there for the next?",
  "Accept in a loop, and let no client's error leave it.",
  "`for await (const client of server) { ... }` accepts until the server is closed",
];
const LOOP: Hints = [
  "The connection is for more than one line. What does your server do after its first answer?",
  "Go round in a loop until the client ends, and count there: the count begins before the loop.",
  "`let number = 0; for await (const line of lines(client)) { number += 1; ... }`",
];
const FRAMING: Hints = [
  "One `recv` is neither one line nor a whole one: where a line ends, only its line end says.",
  "Keep what comes until there is a line end in it, give out each whole line, and keep the rest for later. Step 4 has it.",
  "`for await (const line of lines(client))` of `./lines`, in place of `recv`",
];
const SIDE_BY_SIDE: Hints = [
  "While one client says nothing, your server must be able to serve another. What does it wait for?",
  "The loop that accepts must not await a talk: it starts one and accepts the next client.",
  "`const talk = answerLines(client).catch(...)` in the loop, without `await`",
];
const OWN_COUNT: Hints = [
  "There was another client before, or is at the same time. Whose lines did your server count?",
  "A variable outside of the function that talks is shared by all talks. Each talk needs one of its own.",
  "`let number = 0;` as the first line of `answerLines`",
];
const RUDE: Hints = [
  "A client left with a reset, and then another asked. Is your server still there?",
  "`recv` throws for the one who left. What nobody catches ends the program, and with it every talk.",
  "`answerLines(client).catch((error) => print(...))`: one client's error is a line of output",
];

const SERVER_STEPS: readonly Step[] = [
  {
    name: "answers a line with its number",
    edit: "line_server",
    async run(context) {
      await ask(await LineConnection.open(context, ANSWER), context.randomWord(), 1, ANSWER);
    },
  },
  {
    name: "begins at 1 again with the next client",
    edit: "line_server",
    async run(context) {
      for (let i = 0; i < 2; i += 1) {
        const connection = await LineConnection.open(context, GONE);
        await ask(connection, context.randomWord(), 1, OWN_COUNT);
        connection.tcp.close();
      }
    },
  },
  {
    name: "keeps the connection open, and counts on",
    edit: "line_server",
    async run(context) {
      const connection = await LineConnection.open(context, GONE);
      for (const number of [1, 2, 3]) await ask(connection, context.randomWord(), number, LOOP);
    },
  },
  {
    name: "answers each of several lines that come in one packet, an empty one too",
    edit: "line_server",
    async run(context) {
      const texts = [context.randomWord(), "", context.randomWord()];
      const connection = await LineConnection.open(context, GONE);
      await connection.send(texts.map((text) => `${text}\n`).join(""));
      for (const [i, text] of texts.entries())
        await expectLine(connection, `${i + 1}: ${text}`, FRAMING);
    },
  },
  {
    name: "puts a line together that comes in pieces",
    edit: "line_server",
    async run(context) {
      const text = context.randomWord();
      const connection = await LineConnection.open(context, GONE);
      await connection.send(...`${text}\n`);
      await expectLine(connection, `1: ${text}`, FRAMING);
    },
  },
  {
    name: "puts a character together that comes in pieces",
    edit: "line_server",
    async run(context) {
      const text = `${context.randomWord()} 10 €, 7 £, 世界`;
      const connection = await LineConnection.open(context, GONE);
      await connection.send(...Array.from(Buffer.from(`${text}\n`), (byte) => Uint8Array.of(byte)));
      await expectLine(connection, `1: ${text}`, [
        "In UTF-8 `€` is three bytes, and they came one by one. What does a single one decode to?",
        "Decode with a decoder that keeps an unfinished character until the rest of it comes, one for each connection.",
        "`const decoder = new TextDecoder()`, then `decoder.decode(piece, { stream: true })`",
      ]);
    },
  },
  {
    name: "takes a last line without its end for none, and closes when the client has ended",
    edit: "line_server",
    async run(context) {
      const text = context.randomWord();
      const connection = await LineConnection.open(context, GONE);
      await connection.send(`${text}\n${context.randomWord()}`);
      connection.tcp.end();
      await expectLine(connection, `1: ${text}`, FRAMING);
      const more = await connection.line();
      if (more === undefined && connection.rest === "" && connection.tcp.ending === "closed")
        return;
      throw connection.failure({
        what: `Expected the end of the connection after one answer, and got ${more === undefined ? connection.got : JSON.stringify(more)}.`,
        hints: [
          "The client has ended its side, in the middle of a line. What is left to do?",
          "A line is whole when its end has come; the rest is no line. Then the talk is over, and the server closes too.",
          "`.finally(() => client.close())` after the talk; `lines` leaves out what has no end",
        ],
      });
    },
  },
  {
    name: "serves the others while some clients say nothing",
    edit: "line_server",
    async run(context) {
      const quiet = await LineConnection.open(context, GONE);
      await quiet.send("half a li");
      const connections: LineConnection[] = [];
      for (let i = 0; i < 5; i += 1) connections.push(await LineConnection.open(context, GONE));
      // The last to come speaks first, so that a server that serves in turn cannot pass by luck.
      for (const connection of connections.reverse())
        await ask(connection, context.randomWord(), 1, SIDE_BY_SIDE);
    },
  },
  {
    name: "counts each client's lines by themselves, when two talk in turns",
    edit: "line_server",
    async run(context) {
      const connections = [
        await LineConnection.open(context, GONE),
        await LineConnection.open(context, GONE),
      ];
      for (const number of [1, 2, 3]) {
        for (const connection of connections)
          await ask(connection, context.randomWord(), number, OWN_COUNT);
      }
    },
  },
  {
    name: "goes on after a client that leaves abruptly",
    edit: "line_server",
    run: leavesAbruptly,
  },
];

async function leavesAbruptly(context: StepContext): Promise<void> {
  const staying = await LineConnection.open(context, RUDE);
  await ask(staying, context.randomWord(), 1, GONE);
  for (let i = 0; i < 3; i += 1) {
    const leaving = await LineConnection.open(context, RUDE);
    await ask(leaving, context.randomWord(), 1, GONE);
    await leaving.send("half a li");
    leaving.tcp.reset();
  }
  await ask(staying, context.randomWord(), 2, RUDE);
  await ask(await LineConnection.open(context, RUDE), context.randomWord(), 1, RUDE);
}

export const lineServerJudge: Judge = {
  part: "02",
  kind: "exercise",
  task: "a server that answers every line, and a client for it",
  programs: ["line_server", "line_client"],
  remote: true,
  steps: [...SERVER_STEPS, ...LINE_CLIENT_STEPS],
};
