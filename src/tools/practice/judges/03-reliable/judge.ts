/** Part 3: messages over UDP that arrive, each once, through a network that loses some. First the receiver. */

import type { Judge, Step, StepContext } from "../../judging/judge";
import type { Hints } from "../../judging/step-failure";
import { UdpExchange } from "../../peers/udp-exchange";
import { ANSWER, NO_MESSAGE, ORDER, PRINT, SENDERS, TWICE } from "./hints";
import { RELIABLE_SENDER_STEPS } from "./sender";

const RECEIVER = "reliable_receiver";
/** How often the judge sends a message again to a receiver that takes it only in its turn. */
const ROUNDS_MAX = 12;
const ROUND_MAX_MS = 250;

/** Sends a message and expects its number. */
async function deliver(
  exchange: UdpExchange,
  number: number,
  text: string,
  hints: Hints,
): Promise<void> {
  await exchange.send(`${number} ${text}`);
  const answer = await exchange.receive();
  if (answer === String(number)) return;
  throw exchange.failure({
    what: `Expected the answer ${number} to message ${number}, and got ${answer === undefined ? "none" : JSON.stringify(answer)}.`,
    hints,
  });
}

/** Expects each of the texts in what the receiver has printed since, exactly once. Nothing where it cannot be seen. */
async function expectPrintedOnce(
  context: StepContext,
  exchange: UdpExchange,
  texts: readonly string[],
  hints: Hints,
) {
  const deadline = performance.now() + 2_000;
  for (;;) {
    const stdout = context.output()?.stdout;
    if (stdout === undefined) return;
    const times = texts.map((text) => stdout.split(text).length - 1);
    if (times.every((count) => count === 1)) return;
    const twice = texts.find((_text, i) => (times[i] ?? 0) > 1);
    if (twice === undefined && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    const missing = texts.filter((_text, i) => times[i] === 0).join(", ");
    const got = twice === undefined ? `${missing} is missing` : `${twice} is there more than once`;
    throw exchange.failure({ what: `Expected each message in the output once; ${got}.`, hints });
  }
}

/** As a sender does: what is not answered is sent again, in the same odd order. */
async function deliverAll(
  exchange: UdpExchange,
  texts: readonly string[],
  hints: Hints,
): Promise<void> {
  const open = new Set(texts.keys());
  for (let round = 0; open.size > 0 && round < ROUNDS_MAX; round += 1) {
    for (const i of [...open].reverse()) await exchange.send(`${i + 1} ${texts[i]}`);
    while (open.size > 0) {
      const answer = await exchange.receive(ROUND_MAX_MS);
      if (answer === undefined) break;
      open.delete(Number(answer) - 1);
    }
  }
  if (open.size === 0) return;
  const numbers = [...open].map((i) => i + 1).join(", ");
  throw exchange.failure({
    what: `Expected an answer to each of ${texts.length} messages that came in reverse order, and got none to ${numbers}.`,
    hints,
  });
}

const steps: readonly Step[] = [
  {
    name: "answers a message with its number, and prints the message",
    edit: RECEIVER,
    async run(context) {
      const exchange = await UdpExchange.open(context, await context.server());
      const texts = [
        context.randomWord(),
        context.randomWord(),
        `${context.randomWord()} and more`,
      ];
      for (const [i, text] of texts.entries()) await deliver(exchange, i + 1, text, ANSWER);
      await expectPrintedOnce(context, exchange, texts, PRINT);
    },
  },
  {
    name: "keeps the numbers of two senders apart",
    edit: RECEIVER,
    async run(context) {
      const address = await context.server();
      const exchanges = [
        await UdpExchange.open(context, address),
        await UdpExchange.open(context, address),
      ];
      const texts: string[] = [];
      for (const number of [1, 2]) {
        for (const exchange of exchanges) {
          texts.push(context.randomWord());
          await deliver(exchange, number, texts.at(-1) ?? "", SENDERS);
        }
      }
      for (const exchange of exchanges) await expectPrintedOnce(context, exchange, texts, SENDERS);
    },
  },
  {
    name: "answers a message again when it comes again, and prints it once",
    edit: RECEIVER,
    async run(context) {
      const exchange = await UdpExchange.open(context, await context.server());
      const texts = [context.randomWord(), context.randomWord(), context.randomWord()];
      await deliver(exchange, 1, texts[0] ?? "", ANSWER);
      await deliver(exchange, 1, texts[0] ?? "", TWICE);
      await deliver(exchange, 2, texts[1] ?? "", ANSWER);
      await deliver(exchange, 1, texts[0] ?? "", TWICE);
      await deliver(exchange, 3, texts[2] ?? "", ANSWER); // after it, a second print would have been seen
      await expectPrintedOnce(context, exchange, texts, TWICE);
    },
  },
  {
    name: "takes messages that overtake each other, and prints each once",
    edit: RECEIVER,
    async run(context) {
      const exchange = await UdpExchange.open(context, await context.server());
      const texts = Array.from({ length: 10 }, () => context.randomWord());
      await deliverAll(exchange, texts, ORDER);
      await expectPrintedOnce(context, exchange, texts, ORDER);
    },
  },
  {
    name: "goes on after datagrams that are no messages",
    edit: RECEIVER,
    async run(context) {
      const exchange = await UdpExchange.open(context, await context.server());
      const junk = [
        "",
        "hello?",
        "7",
        "-1 x",
        "0 x",
        "1e3 x",
        "9".repeat(400),
        " ",
        Buffer.from([0xff, 0x20, 0]),
      ];
      for (const data of junk) await exchange.send(data);
      const text = context.randomWord();
      await exchange.send(`1 ${text}`);
      // Whatever was answered to the junk comes first.
      for (let i = 0; i <= junk.length; i += 1) {
        const answer = await exchange.receive();
        if (answer === undefined) break;
        if (answer === "1") return expectPrintedOnce(context, exchange, [text], PRINT);
      }
      throw exchange.failure({
        what: "Expected the answer 1 to a message that followed some nonsense, and got none.",
        hints: NO_MESSAGE,
      });
    },
  },
];

export const reliableJudge: Judge = {
  part: "03",
  kind: "exercise",
  task: "messages over UDP that arrive, each once",
  programs: [RECEIVER, "reliable_sender"],
  remote: true,
  steps: [...steps, ...RELIABLE_SENDER_STEPS],
};
