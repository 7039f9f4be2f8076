/** The sender of Part 3. The judge is the receiver, or the network between it and the learner's own. */

import type { Step, StepContext } from "../../judging/judge";
import { REPLAY_PORT, replayReceiver } from "../../judging/replay";
import { type Hints, StepFailure, type StepFailureFields } from "../../judging/step-failure";
import { ClientRun, outputOf } from "../../peers/client-run";
import { badNetwork, type Delivery, TestReceiver } from "../../peers/lossy-network";
import { END, GIVE_UP, NUMBERED, OWN_NUMBER, SEND_AGAIN, TOGETHER } from "./hints";

const SENDER = "reliable_sender";
/** The sender waits this long for an answer before it sends again: short, so that the check is quick. */
const PATIENCE = ["--timeout", "60"];
/** For a few messages of which some are lost, on a busy machine; and for those that are answered at once. */
const SEVERAL_MAX_MS = 10_000;
const ANSWERED_MAX_MS = 3_000;
/** For ten messages through a network that loses a third of all datagrams. */
const TEN_MAX_MS = 15_000;

const numberIn = (datagram: string) => /^\d+/.exec(datagram)?.[0] ?? "";
const words = (context: StepContext, count: number) =>
  Array.from({ length: count }, () => context.randomWord());

/** The learner's sender and the judge's receiver. */
interface Sending {
  readonly context: StepContext;
  readonly client: ClientRun;
  readonly receiver: TestReceiver;
}

async function send(
  context: StepContext,
  args: readonly string[],
  deliver: (datagram: string, times: number) => Delivery,
): Promise<Sending> {
  const receiver = await TestReceiver.start(context, deliver);
  const { host, port } = receiver.address;
  const at = ["--host", host, "--port", String(port)];
  const client = new ClientRun(context, SENDER, args, await context.run(SENDER, [...at, ...args]));
  return { context, client, receiver };
}

/** A failure that shows what both did, and how to repeat it. */
function failure({ context, client, receiver }: Sending, fields: StepFailureFields): StepFailure {
  const transcript = `${receiver.transcript}\n${outputOf(client.running)}`.trim();
  const at = { host: "127.0.0.1", port: REPLAY_PORT };
  const command = context.commandFor(SENDER, ["--port", String(REPLAY_PORT), ...client.args]);
  const replay = replayReceiver(at, receiver.answers, command);
  return new StepFailure({ ...fields, transcript, replay });
}

const AFTER = "when all was answered";

/** Runs the sender against a network that decides what arrives and what is answered; all must arrive. */
async function expectDelivered(
  context: StepContext,
  texts: readonly string[],
  deliver: (datagram: string, times: number) => Delivery,
  hints: Hints,
  maxMs = SEVERAL_MAX_MS,
): Promise<void> {
  const sending = await send(context, [...PATIENCE, ...texts], deliver);
  const { client, receiver } = sending;
  const status = await client.end({ after: AFTER, hints: END, maxMs }).catch((error: unknown) => {
    throw error instanceof StepFailure ? failure(sending, error) : error;
  });
  const expected = texts.map((text, i) => `${i + 1} ${text}`);
  const missing = expected.filter((datagram) => !receiver.arrived.includes(datagram));
  if (missing.length > 0) {
    const what = `Expected these datagrams to arrive, and they did not: ${missing.map((one) => JSON.stringify(one)).join(", ")}.`;
    throw failure(sending, { what, hints });
  }
  if (status === 0) return;
  const what = `Expected exit status 0 when every message was answered, and got ${status}.`;
  throw failure(sending, { what, hints: END });
}

/** Arrives and is answered from the given attempt on. */
const fromAttempt = (attempt: number, datagram: string, times: number): Delivery =>
  times < attempt ? {} : { arrives: true, answers: [numberIn(datagram)] };

export const RELIABLE_SENDER_STEPS: readonly Step[] = [
  {
    name: "as a sender, sends each message with its number, and ends with 0 when all are answered",
    edit: "send_messages",
    local: true,
    async run(context) {
      const texts = [...words(context, 2), `${context.randomWord()} for 10 €`];
      await expectDelivered(
        context,
        texts,
        (datagram) => fromAttempt(1, datagram, 1),
        NUMBERED,
        ANSWERED_MAX_MS,
      );
    },
  },
  {
    name: "as a sender, sends again what is not answered",
    edit: "send_messages",
    local: true,
    async run(context) {
      const attempt = (datagram: string) => (numberIn(datagram) === "1" ? 3 : 2);
      await expectDelivered(
        context,
        words(context, 4),
        (datagram, times) => fromAttempt(attempt(datagram), datagram, times),
        SEND_AGAIN,
      );
    },
  },
  {
    name: "as a sender, takes nothing but a message's own number for its answer",
    edit: "send_messages",
    local: true,
    async run(context) {
      // Answers come twice, so an old one is there while the next is waited for; and that message was lost.
      const deliver = (datagram: string, times: number): Delivery => {
        const { arrives, answers = [] } = fromAttempt(
          numberIn(datagram) === "1" ? 1 : 2,
          datagram,
          times,
        );
        return arrives ? { arrives, answers: [...answers, ...answers] } : {};
      };
      await expectDelivered(context, words(context, 4), deliver, OWN_NUMBER);
    },
  },
  {
    name: "as a sender, gives up with a plain line when nobody answers",
    edit: "send_messages",
    local: true,
    async run(context) {
      const hints: Hints = GIVE_UP;
      const args = ["--timeout", "40", "--attempts", "4", context.randomWord()];
      const sending = await send(context, args, () => ({}));
      const after = "after 4 attempts of 40 ms";
      try {
        const status = await sending.client.end({ after, hints });
        sending.client.expectStatus(status, 1, hints);
      } catch (error) {
        throw error instanceof StepFailure ? failure(sending, error) : error;
      }
      const attempts = sending.receiver.heard.length;
      if (attempts > 1) return;
      throw failure(sending, { what: `Expected several attempts, and got ${attempts}.`, hints });
    },
  },
  {
    name: "as a sender, brings ten messages through a network that loses, doubles and delays",
    edit: "send_messages",
    local: true,
    async run(context) {
      const texts = words(context, 10);
      const receiver = await context.start("reliable_receiver");
      const { port } = await badNetwork(context, receiver.address);
      const args = ["--port", String(port), ...PATIENCE, "--attempts", "40", ...texts];
      const client = new ClientRun(context, SENDER, args, await context.run(SENDER, args));
      const hints: Hints = TOGETHER;
      const status = await client.end({ after: AFTER, hints, maxMs: TEN_MAX_MS });
      const all = (stdout: string) => texts.every((text) => stdout.includes(text)) || undefined;
      await receiver.until(all, "the ten messages").catch((error: unknown) => {
        if (!(error instanceof StepFailure)) throw error; // this step's own failure says more
      });
      const times = texts.map((text) => receiver.stdout().split(text).length - 1);
      if (status === 0 && times.every((count) => count === 1)) return;
      const counts = texts.map((text, i) => `${text} ${times[i]} times`).join(", ");
      throw client.failure({
        what: `Expected exit status 0 and each of ten messages once in the receiver's output, and got ${status} and ${counts}.`,
        transcript: `${outputOf(receiver)}\n${outputOf(client.running)}`,
        hints,
      });
    },
  },
];
