/** Part 2: a server that answers every line with its number, and a client for it. */
import type { Bench, Hints, Judge, Step } from "../../judging/judge";
import { LineTalk } from "../../peers/line-connection";
import { LINE_CLIENT_STEPS } from "./client";

/** Sends a line and expects its answer. */
async function ask(talk: LineTalk, text: string, number: number, hints: Hints): Promise<void> {
  await talk.send(`${text}\n`);
  await expectLine(talk, `${number}: ${text}`, hints);
}

async function expectLine(talk: LineTalk, expected: string, hints: Hints): Promise<void> {
  const got = await talk.line();
  if (got === expected) return;
  const what = `Expected the line ${JSON.stringify(expected)}, and got ${got === undefined ? talk.got : JSON.stringify(got)}.`;
  throw talk.failure({ what, hints });
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
    async run(bench) {
      await ask(await LineTalk.open(bench, ANSWER), bench.word(), 1, ANSWER);
    },
  },
  {
    name: "begins at 1 again with the next client",
    edit: "line_server",
    async run(bench) {
      for (let i = 0; i < 2; i += 1) {
        const talk = await LineTalk.open(bench, GONE);
        await ask(talk, bench.word(), 1, OWN_COUNT);
        talk.connection.close();
      }
    },
  },
  {
    name: "keeps the connection open, and counts on",
    edit: "line_server",
    async run(bench) {
      const talk = await LineTalk.open(bench, GONE);
      for (const number of [1, 2, 3]) await ask(talk, bench.word(), number, LOOP);
    },
  },
  {
    name: "answers each of several lines that come in one packet, an empty one too",
    edit: "line_server",
    async run(bench) {
      const texts = [bench.word(), "", bench.word()];
      const talk = await LineTalk.open(bench, GONE);
      await talk.send(texts.map((text) => `${text}\n`).join(""));
      for (const [i, text] of texts.entries()) await expectLine(talk, `${i + 1}: ${text}`, FRAMING);
    },
  },
  {
    name: "puts a line together that comes in pieces",
    edit: "line_server",
    async run(bench) {
      const text = bench.word();
      const talk = await LineTalk.open(bench, GONE);
      await talk.send(...`${text}\n`);
      await expectLine(talk, `1: ${text}`, FRAMING);
    },
  },
  {
    name: "puts a character together that comes in pieces",
    edit: "line_server",
    async run(bench) {
      const text = `${bench.word()} 10 €, 7 £, 世界`;
      const talk = await LineTalk.open(bench, GONE);
      await talk.send(...Array.from(Buffer.from(`${text}\n`), (byte) => Uint8Array.of(byte)));
      await expectLine(talk, `1: ${text}`, [
        "In UTF-8 `€` is three bytes, and they came one by one. What does a single one decode to?",
        "Decode with a decoder that keeps an unfinished character until the rest of it comes, one for each connection.",
        "`const decoder = new TextDecoder()`, then `decoder.decode(piece, { stream: true })`",
      ]);
    },
  },
  {
    name: "takes a last line without its end for none, and closes when the client has ended",
    edit: "line_server",
    async run(bench) {
      const text = bench.word();
      const talk = await LineTalk.open(bench, GONE);
      await talk.send(`${text}\n${bench.word()}`);
      talk.connection.end();
      await expectLine(talk, `1: ${text}`, FRAMING);
      const more = await talk.line();
      if (more === undefined && talk.rest === "" && talk.connection.ending === "closed") return;
      throw talk.failure({
        what: `Expected the end of the connection after one answer, and got ${more === undefined ? talk.got : JSON.stringify(more)}.`,
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
    async run(bench) {
      const quiet = await LineTalk.open(bench, GONE);
      await quiet.send("half a li");
      const talks: LineTalk[] = [];
      for (let i = 0; i < 5; i += 1) talks.push(await LineTalk.open(bench, GONE));
      // The last to come speaks first, so that a server that serves in turn cannot pass by luck.
      for (const talk of talks.reverse()) await ask(talk, bench.word(), 1, SIDE_BY_SIDE);
    },
  },
  {
    name: "counts each client's lines by themselves, when two talk in turns",
    edit: "line_server",
    async run(bench) {
      const talks = [await LineTalk.open(bench, GONE), await LineTalk.open(bench, GONE)];
      for (const number of [1, 2, 3]) {
        for (const talk of talks) await ask(talk, bench.word(), number, OWN_COUNT);
      }
    },
  },
  {
    name: "goes on after a client that leaves abruptly",
    edit: "line_server",
    run: leavesAbruptly,
  },
];

async function leavesAbruptly(bench: Bench): Promise<void> {
  const staying = await LineTalk.open(bench, RUDE);
  await ask(staying, bench.word(), 1, GONE);
  for (let i = 0; i < 3; i += 1) {
    const leaving = await LineTalk.open(bench, RUDE);
    await ask(leaving, bench.word(), 1, GONE);
    await leaving.send("half a li");
    leaving.connection.reset();
  }
  await ask(staying, bench.word(), 2, RUDE);
  await ask(await LineTalk.open(bench, RUDE), bench.word(), 1, RUDE);
}

export const lineServerJudge: Judge = {
  part: "02",
  kind: "exercise",
  task: "a server that answers every line, and a client for it",
  programs: ["line_server", "line_client"],
  remote: true,
  steps: [...SERVER_STEPS, ...LINE_CLIENT_STEPS],
};
