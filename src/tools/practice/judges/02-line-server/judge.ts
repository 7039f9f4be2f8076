/** Part 2: a server that answers every line with its number, and a client for it. */

import type { Judge, Step, StepContext } from "../../judging/judge";
import { repeatedAfterReset } from "../../judging/replay";
import type { Hints } from "../../judging/step-failure";
import { LineConnection } from "../../peers/line-connection";
import { LINE_CLIENT_STEPS } from "./client";
import {
  ANSWER,
  CHARACTER,
  FRAMING,
  GONE,
  LAST_LINE,
  LOOP,
  OWN_COUNT,
  RUDE,
  SIDE_BY_SIDE,
} from "./hints";

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
      await expectLine(connection, `1: ${text}`, CHARACTER);
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
        hints: LAST_LINE,
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
  await repeatedAfterReset(async (reset) => {
    for (let i = 0; i < 3; i += 1) {
      const leaving = await LineConnection.open(context, RUDE);
      await ask(leaving, context.randomWord(), 1, GONE);
      await leaving.send("half a li");
      leaving.tcp.reset();
      reset(leaving.tcp);
    }
    await ask(staying, context.randomWord(), 2, RUDE);
    await ask(await LineConnection.open(context, RUDE), context.randomWord(), 1, RUDE);
  });
}

export const lineServerJudge: Judge = {
  part: "02",
  kind: "exercise",
  task: "a server that answers every line, and a client for it",
  programs: ["line_server", "line_client"],
  remote: true,
  steps: [...SERVER_STEPS, ...LINE_CLIENT_STEPS],
};
