/** The hints of Part 0, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const ANSWER: Hints = [
  "The caller has said something, and waits. What has your program received, and what does it send?",
  "Three things for each caller: receive, send `You said: ` and what was received, close.",
  '`const line = await caller.recv(1024); await caller.send("You said: " + line);`',
];

export const NEXT_CALLER: Hints = [
  "There was a caller before. Does your program wait for another one?",
  "Accept in a loop: when one caller is done, the next is accepted.",
  "`for await (const caller of server) { ... }`",
];

export const CLOSE: Hints = [
  "The caller has its answer. How is it to know that no more will come?",
  "A connection has two ends, and each has to be closed by the program that has it.",
  "`await caller.close();` after the answer",
];
