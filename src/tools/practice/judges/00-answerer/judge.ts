/** Part 0: a first program, which answers whatever line a caller sends. */

import type { Judge, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { LineConnection } from "../../peers/line-connection";
import { ANSWER, CLOSE, NEXT_CALLER } from "./hints";

const ANSWERER = "answerer";

/** Calls, says a line, and expects it back with "You said: " before it. */
async function call(context: StepContext, hints: Hints): Promise<LineConnection> {
  const connection = await LineConnection.open(context, hints);
  const words = `${context.randomWord()} ${context.randomWord()}`;
  await connection.send(`${words}\n`);
  // Whoever has not sent the line's end back is understood too, at the end of the connection.
  const answer = (await connection.line()) ?? connection.rest;
  if (answer.trim() === `You said: ${words}`) return connection;
  const got = answer === "" ? connection.got : JSON.stringify(answer);
  throw connection.failure({ what: `Expected "You said: ${words}", and got ${got}.`, hints });
}

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
      async run(context) {
        await call(context, ANSWER);
      },
    },
    {
      name: "answers the next callers too, one after the other",
      edit: ANSWERER,
      async run(context) {
        for (let i = 0; i < 3; i += 1) {
          await call(context, NEXT_CALLER);
        }
      },
    },
    {
      name: "closes the connection after its answer",
      edit: ANSWERER,
      async run(context) {
        const connection = await call(context, ANSWER);
        await connection.line();
        if (connection.tcp.ending === "closed") return;
        const got =
          connection.rest || connection.tcp.ending === "reset" ? connection.got : "nothing more";
        throw connection.failure({
          what: `Expected the end of the connection after the answer, and got ${got}.`,
          hints: CLOSE,
        });
      },
    },
  ],
};
