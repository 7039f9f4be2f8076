/** Part 7: an HTTP server that counts by client. The judge calls from many addresses of this machine. */
import { setTimeout as pause } from "node:timers/promises";
import type { Address, Judge, Step, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
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

const LIMIT: Hints = [
  "One address asked very often, over many connections, and got all the answers. Where do you count, and whom?",
  "Keep a count for each address, whatever connection it uses, and look at it before you answer.",
  "`const seconds = table.count(request.remote.host);`",
];
const STRICT: Hints = [
  "This address had not asked before, and was refused too soon. Whose requests have you counted?",
  "Each address has 20 of its own in a second, the twentieth among them.",
  "`if (window.requests <= requests) return 0;` with a window for each address",
];
const RETRY: Hints = [
  "A client that is refused wants to know when to come back.",
  "Retry-After is a whole number of seconds, at least 1: what is left of the window, rounded up (RFC 9110, 10.2.3).",
  '`response(429, text, { "Retry-After": String(seconds) })`',
];
const OTHERS: Hints = [
  "Another address has asked once, and was refused for what the first one did.",
  "Count by address: a table of counts rather than one count.",
  "`this.#windows.get(address) ?? { start: now, requests: 0 }`",
];
const AGAIN: Hints = [
  "The time that your own Retry-After named is over. What does your program remember of this address?",
  "When a window is over its count begins at 0 again: drop the entry, or begin a new window.",
  "`if (now - start >= windowMs) this.#windows.delete(address)` before you count",
];
const FULL: Hints = [
  "More addresses came than the table may hold, and each was counted as if there were room. To what size does it grow?",
  "An address that finds the table full is counted in one entry that all such addresses share.",
  "`const key = known || size < addresses ? address : EVERYBODY_ELSE`",
];
const KEPT: Hints = [
  "The table was full, and one that was in it from the start was not counted as before. Who threw it out?",
  "To forget an address in its window lets it begin anew. Those in the table stay until their time is over.",
  "`this.#windows.has(address) || this.#windows.size < addresses` decides whose entry it is",
];
const ROOM: Hints = [
  "The windows of those who filled the table are over, and newcomers still have to share. Who makes room?",
  "Before you look for room, drop what is over. In a Map the oldest entry is the first.",
  "`for (const [known, { start }] of this.#windows) { if (now - start < windowMs) break; this.#windows.delete(known); }`",
];

const steps: readonly Step[] = [
  {
    name: "answers a request",
    edit: SERVER,
    async run(context) {
      const server = await context.server();
      await expectAnswered(context, server, freshAddress(server), "to a first request", [
        "Before anybody is refused, somebody must be answered.",
        "A request that is within the limit goes to `handler`, and its answer is yours.",
        "`if (seconds === 0) return handler(request);`",
      ]);
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
      const { address: server } = await context.start(SERVER, [
        ...LONG,
        "--addresses",
        "3",
        "--requests",
        "4",
      ]);
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
      const { address: server } = await context.start(SERVER, [
        ...LONG,
        "--addresses",
        "2",
        "--requests",
        "3",
      ]);
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
