/** The sender of Part 3. The judge is the receiver, or the network between it and the learner's own. */

import type { Step, StepContext } from "../../judging/judge";
import { REPLAY_PORT, replayReceiver } from "../../judging/replay";
import { type Hints, StepFailure, type StepFailureFields } from "../../judging/step-failure";
import { ClientRun, outputOf } from "../../peers/client-run";
import { badNetwork, type Delivery, TestReceiver } from "../../peers/lossy-network";

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
const END: Hints = [
  "Every message has been answered, and the program still runs or has failed.",
  "After the last answer there is nothing more to wait for: close the socket.",
  "`return datagrams;` after the loop over the messages; an open socket keeps a program alive",
];

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
        [
          "The messages are numbered from 1, and one datagram carries one of them.",
          "A number, a space, the text; then wait for the number to come back.",
          "`await socket.sendto(message, to)`, where the message is `i + 1`, a space and the text",
        ],
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
        [
          "A datagram was lost, and nobody told the sender. How could it notice?",
          "When the answer does not come within the timeout, send the same message again.",
          "`do { await socket.sendto(message, to); } while (!(await isAnswered(socket, number, timeout)))`, with a limit",
        ],
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
      await expectDelivered(context, words(context, 4), deliver, [
        "An answer came twice. The second came while your sender waited for another message's answer.",
        "Compare the number in the answer with the one that you wait for, and go on waiting when it is another.",
        "`if (String(answer.data) === number) return true;` in a loop, until the time is up",
      ]);
    },
  },
  {
    name: "as a sender, gives up with a plain line when nobody answers",
    edit: "send_messages",
    local: true,
    async run(context) {
      const hints: Hints = [
        "Nobody answers, and perhaps nobody ever will. How long shall somebody wait before this screen?",
        "Count the attempts. After the last, end with an error that says who did not answer.",
        "`if (attempt > attempts) throw new ProgramError(...)`",
      ];
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
      const hints: Hints = [
        "Each program alone passed its steps; together, through a worse network, they do not.",
        "Look at what is missing or doubled in the receiver's output: was it answered without being printed, or taken for new?",
        "Run both by hand, and print every datagram that each sends and receives.",
      ];
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
