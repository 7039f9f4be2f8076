/** Receivers and senders that are nearly reliable. */
import { program } from "../../../../src/program/program";
import { formatEndpoint } from "../../../../src/sockets/endpoint";
import { bind, type UdpSocket, udpSocket } from "../../../../src/sockets/udp";
import type { Wrong } from "../support/wrong";

type Fault =
  | "silent"
  | "constant"
  | "mute"
  | "prints again"
  | "answers once"
  | "highest"
  | "global"
  | "trusts";

function receiver(fault: Fault) {
  return program({
    name: "reliable_receiver",
    about: "Is wrong.",
    port: 9090,
    async run({ host, port, signal, print }) {
      const socket = await bind({ host, port, signal });
      print(`listening on ${formatEndpoint(socket.local)}`);
      const seen = new Set<string>();
      const highest = new Map<string, number>();
      for await (const { data, from } of socket) {
        const [, digits, text = ""] = /^(\d+) (.+)$/s.exec(String(data)) ?? [];
        if (digits === undefined && fault === "trusts") throw new TypeError("no message");
        if (digits === undefined || fault === "silent") continue;
        const address = fault === "global" ? "" : formatEndpoint(from);
        const before = highest.get(address) ?? 0;
        const known =
          fault === "highest" ? Number(digits) <= before : seen.has(`${address} ${digits}`);
        seen.add(`${address} ${digits}`);
        highest.set(address, Math.max(before, Number(digits)));
        if ((!known || fault === "prints again") && fault !== "mute") print(`${digits}: ${text}`);
        if (known && fault === "answers once") continue;
        await socket.sendto(fault === "constant" ? "1" : digits, from).catch(() => {});
      }
    },
  });
}

type SenderFault = "no numbers" | "never ends" | "once" | "any answer" | "for ever" | "success";

async function answered(socket: UdpSocket, number: string, fault: SenderFault): Promise<boolean> {
  // Longer than an answer can take, also on a busy machine: what is sent again in vain is answered twice.
  const signal = AbortSignal.timeout(400);
  for (;;) {
    const answer = await socket.recvfrom(64, { signal }).catch(() => undefined);
    if (answer === undefined) return false;
    if (fault === "any answer" || String(answer.data) === number) return true;
  }
}

function sender(fault: SenderFault) {
  return program({
    name: "reliable_sender",
    kind: "client",
    about: "Is wrong.",
    port: 9090,
    positionals: [{ name: "message", description: "what to send", rest: true }],
    options: { timeout: { description: "" }, attempts: { description: "" } },
    async run({ host, port, signal, positionals }) {
      const socket = udpSocket();
      signal.addEventListener("abort", () => void socket.close());
      for (const [i, text] of positionals.entries()) {
        const number = String(i + 1);
        const max = fault === "for ever" ? Number.POSITIVE_INFINITY : fault === "once" ? 1 : 5;
        let attempt = 0;
        do {
          attempt += 1;
          await socket.sendto(fault === "no numbers" ? text : `${number} ${text}`, { host, port });
        } while (!(await answered(socket, number, fault)) && attempt < max);
      }
      while (fault === "never ends") await socket.recvfrom(64);
      await socket.close();
    },
  });
}

const receives = (fault: Fault, step: string, what: string): Wrong => ({
  fault: `receives, but ${what}`,
  step,
  programs: { reliable_receiver: receiver(fault) },
});
const sends = (fault: SenderFault, step: string, what: string): Wrong => ({
  fault: `sends, but ${what}`,
  step: `as a sender, ${step}`,
  programs: { reliable_sender: sender(fault) },
});

const ANSWERS = "answers a message with its number, and prints the message";
const AGAIN = "answers a message again when it comes again, and prints it once";
const NUMBERED = "sends each message with its number, and ends with 0 when all are answered";
const GIVES_UP = "gives up with a plain line when nobody answers";

export const wrongReliablePrograms: readonly Wrong[] = [
  receives("silent", ANSWERS, "says nothing"),
  receives("constant", ANSWERS, "always answers 1"),
  receives("mute", ANSWERS, "prints nothing"),
  receives("prints again", AGAIN, "prints what it has printed"),
  receives("answers once", AGAIN, "answers no repetition"),
  receives(
    "highest",
    "takes messages that overtake each other, and prints each once",
    "takes late for old",
  ),
  receives("global", "keeps the numbers of two senders apart", "mixes its senders up"),
  receives(
    "trusts",
    "goes on after datagrams that are no messages",
    "believes that all is well-formed",
  ),
  sends("no numbers", NUMBERED, "without numbers"),
  sends("never ends", NUMBERED, "does not end"),
  sends("once", "sends again what is not answered", "each message once"),
  sends(
    "any answer",
    "takes nothing but a message's own number for its answer",
    "takes any answer",
  ),
  sends("for ever", GIVES_UP, "never gives up"),
  sends("success", GIVES_UP, "takes silence for success"),
];
