/** Part 0: a first program, which answers whatever line a caller sends. */
import type { Bench, Hints, Judge } from "../../judging/judge";
import { LineTalk } from "../../peers/line-connection";

const ANSWERER = "answerer";

/** Calls, says a line, and expects it back with "You said: " before it. */
async function call(bench: Bench, hints: Hints): Promise<LineTalk> {
  const talk = await LineTalk.open(bench, hints);
  const words = `${bench.word()} ${bench.word()}`;
  await talk.send(`${words}\n`);
  // Whoever has not sent the line's end back is understood too, at the end of the connection.
  const answer = (await talk.line()) ?? talk.rest;
  if (answer.trim() === `You said: ${words}`) return talk;
  const got = answer === "" ? talk.got : JSON.stringify(answer);
  throw talk.failure({ what: `Expected "You said: ${words}", and got ${got}.`, hints });
}

const ANSWER: Hints = [
  "The caller has said something, and waits. What has your program received, and what does it send?",
  "Three things for each caller: receive, send `You said: ` and what was received, close.",
  '`const line = await caller.recv(1024); await caller.send("You said: " + line);`',
];

export const answererJudge: Judge = {
  part: "00",
  kind: "exercise",
  task: "a program that answers",
  programs: [ANSWERER],
  remote: true,
  steps: [
    {
      name: "answers a line that nobody could foresee",
      edit: ANSWERER,
      async run(bench) {
        await call(bench, ANSWER);
      },
    },
    {
      name: "answers the next callers too, one after the other",
      edit: ANSWERER,
      async run(bench) {
        for (let i = 0; i < 3; i += 1) {
          await call(bench, [
            "There was a caller before. Does your program wait for another one?",
            "Accept in a loop: when one caller is done, the next is accepted.",
            "`for await (const caller of server) { ... }`",
          ]);
        }
      },
    },
    {
      name: "closes the connection after its answer",
      edit: ANSWERER,
      async run(bench) {
        const talk = await call(bench, ANSWER);
        await talk.line();
        if (talk.connection.ending === "closed") return;
        const got = talk.rest || talk.connection.ending === "reset" ? talk.got : "nothing more";
        throw talk.failure({
          what: `Expected the end of the connection after the answer, and got ${got}.`,
          hints: [
            "The caller has its answer. How is it to know that no more will come?",
            "A connection has two ends, and each has to be closed by the program that has it.",
            "`await caller.close();` after the answer",
          ],
        });
      },
    },
  ],
};
