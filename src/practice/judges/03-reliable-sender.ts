/** The sender of Part 3. The judge is the receiver, or the network between it and the learner's own. */
import { bind, type UdpSocket } from "../../sockets/udp";
import {
  type Address,
  type Bench,
  type Hints,
  type Running,
  type Step,
  StepFailure,
} from "../judge";
import { endOf, isPlainError, outputOf } from "../judge-server";
import { Transcript } from "../transcript";

const SENDER = "reliable_sender";
/** The sender waits this long for an answer before it sends again: short, so that the check is quick. */
const PATIENCE = ["--timeout", "60"];

/** A receiver of the judge's: what came, and what it answers. */
class Receiver {
  readonly transcript = new Transcript();
  /** Datagrams that came, by their text. */
  readonly heard: string[] = [];

  private constructor(readonly socket: UdpSocket) {}

  /** `answer` returns the answers to a datagram, the n-th (from 1) with its text. */
  static async start(
    bench: Bench,
    answer: (datagram: string, times: number) => readonly string[],
  ): Promise<Receiver> {
    const receiver = new Receiver(await bind({ port: 0 }));
    bench.after(() => receiver.socket.close());
    void receiver.#receive(answer);
    return receiver;
  }

  get args(): string[] {
    return ["--host", "127.0.0.1", "--port", String(this.socket.local.port)];
  }

  async #receive(answer: (datagram: string, times: number) => readonly string[]): Promise<void> {
    for await (const { data, from } of this.socket) {
      const text = String(data);
      this.heard.push(text);
      this.transcript.received(`${text}\n`);
      for (const reply of answer(text, this.heard.filter((one) => one === text).length)) {
        this.transcript.sent(`${reply}\n`);
        await this.socket.sendto(reply, from).catch(() => {}); // it has gone
      }
    }
  }
}

const numberIn = (datagram: string) => /^\d+/.exec(datagram)?.[0] ?? "";
const words = (bench: Bench, count: number) => Array.from({ length: count }, () => bench.word());

const END: Hints = [
  "Every message has been answered, and the program still runs.",
  "After the last answer there is nothing more to wait for: close the socket.",
  "`return datagrams;` after the loop over the messages; an open socket keeps a program alive",
];

function expectDelivered(
  delivered: readonly string[],
  texts: readonly string[],
  failure: {
    running: Running;
    transcript: Transcript;
    hints: Hints;
  },
): void {
  const expected = texts.map((text, i) => `${i + 1} ${text}`);
  const missing = expected.filter((datagram) => !delivered.includes(datagram));
  if (missing.length === 0) return;
  throw new StepFailure({
    what: `Expected the datagrams ${expected.map((one) => JSON.stringify(one)).join(", ")}, and did not get ${missing.map((one) => JSON.stringify(one)).join(", ")}.`,
    transcript: `${failure.transcript}\n${outputOf(failure.running)}`,
    hints: failure.hints,
  });
}

export const RELIABLE_SENDER_STEPS: readonly Step[] = [
  {
    name: "as a sender, sends each message with its number, and ends with 0 when all are answered",
    edit: SENDER,
    local: true,
    async run(bench) {
      const receiver = await Receiver.start(bench, (datagram) => [numberIn(datagram)]);
      const texts = [...words(bench, 2), `${bench.word()} for 10 €`];
      const running = await bench.run(SENDER, [...receiver.args, ...PATIENCE, ...texts]);
      const status = await endOf(running, {
        program: SENDER,
        after: "when all was answered",
        hints: END,
      });
      const hints: Hints = [
        "The messages are numbered from 1, and one datagram carries one of them.",
        "A number, a space, the text; then wait for the number to come back.",
        "`await socket.sendto(`${i + 1} ${text}`, to)`",
      ];
      const { transcript } = receiver;
      expectDelivered(receiver.heard, texts, { running, transcript, hints });
      if (status === 0) return;
      const what = `Expected exit status 0 when every message was answered, and got ${status}.`;
      throw new StepFailure({
        what,
        transcript: `${transcript}\n${outputOf(running)}`,
        hints: END,
      });
    },
  },
  {
    name: "as a sender, sends again what is not answered",
    edit: SENDER,
    local: true,
    async run(bench) {
      const texts = words(bench, 4);
      // Number 1 gets through at the third attempt, and is answered; the rest at the second.
      const arrived = (datagram: string, times: number) =>
        times > (numberIn(datagram) === "1" ? 2 : 1);
      await sendThrough(
        bench,
        texts,
        (datagram, times) =>
          arrived(datagram, times) ? { arrives: true, answers: [numberIn(datagram)] } : {},
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
    edit: SENDER,
    local: true,
    async run(bench) {
      // Answers are doubled on their way, so an old one comes while the next is waited for; that message was lost.
      await sendThrough(
        bench,
        words(bench, 4),
        (datagram, times) =>
          numberIn(datagram) === "1" || times > 1
            ? { arrives: true, answers: [numberIn(datagram), numberIn(datagram)] }
            : {},
        [
          "An answer came twice. The second came while your sender waited for another message's answer.",
          "Compare the number in the answer with the one that you wait for, and go on waiting when it is another.",
          "`if (String(answer.data) === number) return true;` in a loop, until the time is up",
        ],
      );
    },
  },
  {
    name: "as a sender, gives up with a plain line when nobody answers",
    edit: SENDER,
    local: true,
    async run(bench) {
      const receiver = await Receiver.start(bench, () => []);
      const args = [...receiver.args, "--timeout", "40", "--attempts", "4", bench.word()];
      const running = await bench.run(SENDER, args);
      const hints: Hints = [
        "Nobody answers, and perhaps nobody ever will. How long shall somebody wait before this screen?",
        "Count the attempts. After the last, end with an error that says who did not answer.",
        "`if (attempt > attempts) throw new ProgramError(...)`",
      ];
      const status = await endOf(running, {
        program: SENDER,
        after: "after 4 attempts of 40 ms",
        hints,
      });
      const transcript = `${receiver.transcript}\n${outputOf(running)}`;
      if (status === 1 && isPlainError(running.stderr()) && receiver.heard.length > 1) return;
      const tried = `${receiver.heard.length} attempts and exit status ${status}`;
      const what = `Expected several attempts, then exit status 1 and a plain line on standard error, and got ${tried}.`;
      throw new StepFailure({ what, transcript, hints });
    },
  },
  {
    name: "as a sender, brings ten messages through a network that loses, doubles and delays",
    edit: SENDER,
    local: true,
    run: throughTheNetwork,
  },
];

/** Runs the sender against a network that decides what arrives and what is answered; all must arrive. */
async function sendThrough(
  bench: Bench,
  texts: readonly string[],
  fate: (datagram: string, times: number) => { arrives?: boolean; answers?: readonly string[] },
  hints: Hints,
): Promise<void> {
  const delivered: string[] = [];
  const receiver = await Receiver.start(bench, (datagram, times) => {
    const { arrives = false, answers = [] } = fate(datagram, times);
    if (arrives) delivered.push(datagram);
    return answers;
  });
  const running = await bench.run(SENDER, [...receiver.args, ...PATIENCE, ...texts]);
  await endOf(running, { program: SENDER, after: "when all was answered", hints });
  expectDelivered(delivered, texts, { running, transcript: receiver.transcript, hints });
}

async function throughTheNetwork(bench: Bench): Promise<void> {
  const texts = words(bench, 10);
  const receiver = await bench.start("reliable_receiver");
  const near = await bind({ port: 0 });
  const far = await bind({ port: 0 });
  let sender: Address = near.local;
  let passed = 0;
  let delayed: (() => Promise<unknown>) | undefined;
  const pass = async (from: UdpSocket, to: UdpSocket) => {
    for await (const datagram of from) {
      if (from === near) sender = datagram.from;
      const send = () => to.sendto(datagram.data, to === near ? sender : receiver.address);
      passed += 1;
      if (passed % 3 === 0) continue; // lost
      const late = delayed;
      delayed = undefined;
      if (passed % 5 === 0) delayed = send;
      else await send();
      if (passed % 4 === 0) await send();
      await late?.();
    }
  };
  const passing = [pass(near, far), pass(far, near)];
  bench.after(async () => {
    await Promise.all([near.close(), far.close()]);
    await Promise.allSettled(passing);
  });
  const at = ["--port", String(near.local.port), ...PATIENCE, "--attempts", "40"];
  const running = await bench.run(SENDER, [...at, ...texts]);
  const hints: Hints = [
    "Each program alone passed its steps; together, through a worse network, they do not.",
    "Look at what is missing or doubled in the receiver's output: was it answered without being printed, or taken for new?",
    "Run both by hand, and print every datagram that each sends and receives.",
  ];
  const end = { program: SENDER, after: "when all was answered", hints, maxMs: 15_000 };
  const status = await endOf(running, end);
  const all = (stdout: string) => texts.every((text) => stdout.includes(text)) || undefined;
  await receiver.until(all, "the ten messages").catch((error: unknown) => {
    if (!(error instanceof StepFailure)) throw error; // this step's own failure says more
  });
  const times = texts.map((text) => receiver.stdout().split(text).length - 1);
  if (status === 0 && times.every((count) => count === 1)) return;
  const counts = texts.map((text, i) => `${text} ${times[i]} times`).join(", ");
  throw new StepFailure({
    what: `Expected exit status 0 and each of ten messages once in the receiver's output, and got ${status} and ${counts}.`,
    transcript: `${outputOf(receiver)}\n${outputOf(running)}`,
    hints,
  });
}
