/** Part 7: an HTTP server that counts by client. The judge calls from many addresses of this machine. */

import { setTimeout as pause } from "node:timers/promises";
import type { Address, Judge, Step, StepContext } from "../../judging/judge";
import { AGAIN, FULL, KEPT, LIMIT, OTHERS, RESPONSE, RETRY, ROOM, STRICT } from "./hints";
import {
  ask,
  askAtOnce,
  askOften,
  count,
  expectAnswered,
  failure,
  freshAddress,
  type ReceivedResponse,
  told,
} from "./many-addresses";

const SERVER = "limited_server";
const ALLOWED = 20;
/** A window that does not end during a step, however slow the machine. */
const LONG = ["--port", "0", "--window", "600000"];

/** The learner's server with a long window; or the one that `--server` names, with the window that it has. */
async function serverWith(
  context: StepContext,
  args: readonly string[],
): Promise<{ server: Address; local: boolean }> {
  const server = await context.server();
  if (context.output() === undefined) return { server, local: false };
  return { server: (await context.start(SERVER, args)).address, local: true };
}

const steps: readonly Step[] = [
  {
    name: "answers a request",
    edit: SERVER,
    async run(context) {
      const server = await context.server();
      await expectAnswered(context, server, freshAddress(server), "to a first request", RESPONSE);
    },
  },
  {
    name: "answers the others as if nothing were",
    edit: "address_limit",
    async run(context) {
      const { server } = await serverWith(context, LONG);
      await askAtOnce(context, server, freshAddress(server));
      await expectAnswered(context, server, freshAddress(server), "for another address", OTHERS);
    },
  },
  {
    name: "answers 20 requests of an address in a second, and 429 to what is beyond",
    edit: "address_limit",
    async run(context) {
      const { server, local } = await serverWith(context, LONG);
      const answers = await askAtOnce(context, server, freshAddress(server));
      const [some] = answers;
      if (!some) return;
      const [answered, refused] = [count(answers, 200), count(answers, 429)];
      const wanted = local ? `${ALLOWED} times` : `at least ${ALLOWED} times`;
      const what = `Expected ${wanted} 200 and the rest 429 of ${answers.length} requests at once, and got ${told(answers)}.`;
      if (refused === 0 || (local && answered > ALLOWED)) throw failure(what, LIMIT, some, server);
      if (answered < ALLOWED || answered + refused < answers.length)
        throw failure(what, STRICT, some, server);
    },
  },
  {
    name: "says in Retry-After in how many seconds to try again",
    edit: SERVER,
    async run(context) {
      const { server } = await serverWith(context, LONG);
      const answers = await askAtOnce(context, server, freshAddress(server));
      for (const answer of answers.filter(({ status }) => status === 429)) {
        if (/^[1-9]\d{0,3}$/.test(answer.retryAfter ?? "")) continue;
        const got = answer.retryAfter === undefined ? "none" : JSON.stringify(answer.retryAfter);
        throw failure(
          `Expected a Retry-After of whole seconds with 429, and got ${got}.`,
          RETRY,
          answer,
          server,
        );
      }
    },
  },
  {
    name: "answers an address again when its time is over",
    edit: "address_limit",
    async run(context) {
      const { server } = await serverWith(context, ["--port", "0", "--requests", "3"]);
      const from = freshAddress(server);
      const answers = await askAtOnce(context, server, from);
      const seconds = Math.max(...answers.map(({ retryAfter }) => Number(retryAfter ?? 0)));
      await pause(Math.min(seconds, 5) * 1000 + 50);
      await expectAnswered(context, server, from, `${seconds} s later, as Retry-After said`, AGAIN);
    },
  },
  {
    name: "counts those together who find its table full",
    edit: "address_limit",
    local: true,
    async run(context) {
      const limits = ["--addresses", "3", "--requests", "4"];
      const { address: server } = await context.start(SERVER, [...LONG, ...limits]);
      for (let i = 0; i < 3; i += 1) await ask(context, server, freshAddress(server));
      const late: ReceivedResponse[] = [];
      for (let i = 0; i < 10; i += 1) late.push(await ask(context, server, freshAddress(server)));
      const [some] = late;
      if (!some || (count(late, 200) === 4 && count(late, 429) === 6)) return;
      const what = `Expected 4 times 200 and 6 times 429 for ten addresses that found a table for 3 full, and got ${told(late)}.`;
      throw failure(what, FULL, some, server);
    },
  },
  {
    name: "counts on for those who are in the full table",
    edit: "address_limit",
    local: true,
    async run(context) {
      const limits = ["--addresses", "2", "--requests", "3"];
      const { address: server } = await context.start(SERVER, [...LONG, ...limits]);
      const known = freshAddress(server);
      await askOften(context, server, known, 2);
      for (let i = 0; i < 6; i += 1) await ask(context, server, freshAddress(server));
      const answers = await askOften(context, server, known, 2);
      const [last] = answers.slice(-1);
      if (!last || (answers[0]?.status === 200 && last.status === 429)) return;
      const what = `Expected 200 to the third request of an address in the table and 429 to the fourth, and got ${told(answers)}.`;
      throw failure(what, KEPT, last, server);
    },
  },
  {
    name: "makes room in its table when windows are over",
    edit: "address_limit",
    local: true,
    async run(context) {
      const limits = ["--window", "200", "--addresses", "2", "--requests", "1"];
      const { address: server } = await context.start(SERVER, ["--port", "0", ...limits]);
      for (let i = 0; i < 4; i += 1) await ask(context, server, freshAddress(server));
      await pause(250);
      for (let i = 0; i < 2; i += 1) {
        await expectAnswered(
          context,
          server,
          freshAddress(server),
          "when the windows of all others were over",
          ROOM,
        );
      }
    },
  },
];

export const limitedServerJudge: Judge = {
  part: "07",
  kind: "exercise",
  task: "an HTTP server that counts by client",
  programs: [SERVER],
  remote: true,
  proves: [], // its pages are given
  steps,
};
