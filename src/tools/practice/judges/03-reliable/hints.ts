/** The hints of Part 3, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const ANSWER: Hints = [
  "A message is a number, a space and a text. The answer is the number alone.",
  "Take the datagram apart at its first space, and send the first part back to whoever sent it.",
  "`await socket.sendto(number, from)`, with `from` out of `for await (const { data, from } of socket)`",
];

export const PRINT: Hints = [
  "The receiver is there so that somebody can read what came.",
  "Print the text of each message that is new.",
  '`print(formatEndpoint(from) + " says: " + printable(text))`',
];

export const TWICE: Hints = [
  "The sender did not get your answer, so the message comes again. What does the sender wait for, and what has the reader seen?",
  "Answer every time, print the first time. So remember which numbers have been printed.",
  "`if (number >= sender.next) ...` prints it; `await socket.sendto(number, from)` in either case",
];

export const ORDER: Hints = [
  "Numbers can come late or early. A low number after a high one is not a repetition.",
  "Remember each number that has come, not only the highest; or keep what is early until its turn.",
  "`sender.early.set(number, text)`, then give out `sender.early.get(sender.next)` as long as there is one",
];

export const SENDERS: Hints = [
  "Two senders both begin with number 1. Are these the same message?",
  "What you remember belongs to an address: keep a record for each.",
  "`senders.get(formatEndpoint(from)) ?? { next: 1, early: new Map() }`",
];

export const NO_MESSAGE: Hints = [
  "Anybody can send anything to a UDP port. Is your receiver still there?",
  "Look at a datagram before you believe it: what is no number, a space and a text is passed over.",
  '`const [, number = "", text = ""] = /^([1-9]\\d{0,8}) (.*)$/s.exec(String(data)) ?? [];`',
];

export const END: Hints = [
  "Every message has been answered, and the program still runs or has failed.",
  "After the last answer there is nothing more to wait for: close the socket.",
  "`return datagrams;` after the loop over the messages; an open socket keeps a program alive",
];

export const NUMBERED: Hints = [
  "The messages are numbered from 1, and one datagram carries one of them.",
  "A number, a space, the text; then wait for the number to come back.",
  "`await socket.sendto(message, to)`, where the message is `i + 1`, a space and the text",
];

export const SEND_AGAIN: Hints = [
  "A datagram was lost, and nobody told the sender. How could it notice?",
  "When the answer does not come within the timeout, send the same message again.",
  "`do { await socket.sendto(message, to); } while (!(await isAnswered(socket, number, timeout)))`, with a limit",
];

export const OWN_NUMBER: Hints = [
  "An answer came twice. The second came while your sender waited for another message's answer.",
  "Compare the number in the answer with the one that you wait for, and go on waiting when it is another.",
  "`if (String(answer.data) === number) return true;` in a loop, until the time is up",
];

export const GIVE_UP: Hints = [
  "Nobody answers, and perhaps nobody ever will. How long shall somebody wait before this screen?",
  "Count the attempts. After the last, end with an error that says who did not answer.",
  "`if (attempt > attempts) throw new ProgramError(...)`",
];

export const TOGETHER: Hints = [
  "Each program alone passed its steps; together, through a worse network, they do not.",
  "Look at what is missing or doubled in the receiver's output: was it answered without being printed, or taken for new?",
  "Run both by hand, and print every datagram that each sends and receives.",
];
