/** The hints of Part 2, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const PRINT: Hints = [
  "Each line that the client sends is answered with a line. It is the answer that is to be printed.",
  "After each question, take the next line from the server, and print it.",
  "`const answer = await answers.next(); print(printable(answer.value));`",
];

export const END: Hints = [
  "The client has the answers to all its lines. The server keeps the connection open: what does the client wait for?",
  "It knows how many answers will come, one for each line. After the last it closes.",
  "`for (const question of questions) { ...; const answer = await answers.next(); ... }`",
];

export const STATUS: Hints = [
  "Somebody may run this program in a script, which sees nothing but its exit status.",
  "The end of the generator before the last answer: the client has not got what it asked for, so that is an error.",
  '`if (answer.done) throw socketError("CLOSED_EARLY", "recv", server.remote)`',
];

export const CLIENT_FRAMING: Hints = [
  "One `recv` is not one answer: a server may send several at once, or one in pieces.",
  "Make one generator of lines for the whole connection; it keeps what came too early.",
  "`const answers = lines(server);` before the loop, `await answers.next()` in it",
];

export const LINE_END: Hints = [
  "What the client is given on its command line are lines, and a line has an end.",
  "Send each with a line feed after it; it makes no difference whether together or one by one.",
  '`await server.send(question + "\\n")`',
];

export const ANSWER: Hints = [
  "The answer to the line `hello` is the line `1: hello`, and it too has a line end.",
  "Accept the client; take its lines; send each back behind its number, a colon and a space.",
  '`for await (const line of lines(client)) await client.send(number + ": " + line + "\\n")`',
];

export const GONE: Hints = [
  "There was a client before this one. Is your server still there for the next?",
  "Accept in a loop, and let no client's error leave it.",
  "`for await (const client of server) { ... }` accepts until the server is closed",
];

export const LOOP: Hints = [
  "The connection is for more than one line. What does your server do after its first answer?",
  "Go round in a loop until the client ends, and count there: the count begins before the loop.",
  "`let number = 0; for await (const line of lines(client)) { number += 1; ... }`",
];

export const FRAMING: Hints = [
  "One `recv` is neither one line nor a whole one: where a line ends, only its line end says.",
  "Keep what comes until there is a line end in it, give out each whole line, and keep the rest for later. Step 4 has it.",
  "`for await (const line of lines(client))` of `./lines`, in place of `recv`",
];

export const SIDE_BY_SIDE: Hints = [
  "While one client says nothing, your server must be able to serve another. What does it wait for?",
  "The loop that accepts must not await a talk: it starts one and accepts the next client.",
  "`const talk = answerLines(client).catch(...)` in the loop, without `await`",
];

export const OWN_COUNT: Hints = [
  "There was another client before, or is at the same time. Whose lines did your server count?",
  "A variable outside of the function that talks is shared by all talks. Each talk needs one of its own.",
  "`let number = 0;` as the first line of `answerLines`",
];

export const RUDE: Hints = [
  "A client left with a reset, and then another asked. Is your server still there?",
  "`recv` throws for the one who left. What nobody catches ends the program, and with it every talk.",
  "`answerLines(client).catch((error) => print(...))`: one client's error is a line of output",
];

export const CHARACTER: Hints = [
  "In UTF-8 `€` is three bytes, and they came one by one. What does a single one decode to?",
  "Decode with a decoder that keeps an unfinished character until the rest of it comes, one for each connection.",
  "`const decoder = new TextDecoder()`, then `decoder.decode(piece, { stream: true })`",
];

export const LAST_LINE: Hints = [
  "The client has ended its side, in the middle of a line. What is left to do?",
  "A line is whole when its end has come; the rest is no line. Then the talk is over, and the server closes too.",
  "`.finally(() => client.close())` after the talk; `lines` leaves out what has no end",
];
