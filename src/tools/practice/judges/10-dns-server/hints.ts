/** The hints for each way to fail. */
import type { Hints } from "../../judging/step-failure";

export const QUESTION: Hints = [
  "A message begins with six numbers of 16 bits; the question follows them.",
  "Write id, flags (RD is 0x0100), the count 1 and three times 0; then each label behind its length, a 0, and the numbers 1 and 1.",
  "`header.writeUInt16BE(1, 4)`, `Buffer.from([label.length])`, `Buffer.from([0, 1, 0, 1])`",
];
export const ANSWER: Hints = [
  "After the header comes the question again; the records of the answer begin behind it.",
  "Walk through the records: a name, type, class, TTL and a length, then as many bytes of data. Take the data of those of type 1.",
  "`readName(message, at).end` is where the type is, and 10 bytes further the data begins.",
];
export const POINTER: Hints = [
  "A pointer may lead to itself, or two to each other.",
  "Accept a pointer only if it leads to an earlier byte than every one before it, and otherwise throw an error.",
  "`if (target >= earliest) throw new Error(...)`, and then `earliest = target`",
];
export const BELIEVE: Hints = [
  "Anyone can send your socket a datagram while it waits.",
  "An answer has the QR bit set, and the id of your query in its first two bytes. Pass over everything else.",
  "`answer.readUInt16BE(0) === query.readUInt16BE(0) && answer[2] >= 0x80`",
];
export const REPLY: Hints = [
  "An answer has the id of its question, the QR bit, and the question itself.",
  "Let `responseTo` copy what belongs to the question, and put over it what the zone found.",
  "`responseTo(query, zone.answer(question))`",
];
export const TYPES: Hints = [
  "The zone knows all types; do not look at the type yourself.",
  "Hand the whole question to the zone, and all that it finds into the answer.",
  "`const { continueAt, ...found } = zone.answer(question)`",
];
export const ALIAS: Hints = [
  "An alias is answered with the CNAME record and with what it stands for.",
  "The zone's answer has both; send all of its answers, in their order.",
  "`responseTo(query, found)` with every record of `found.answers`",
];
export const ABSENCE: Hints = [
  "No such name and no such type are two different answers.",
  "NXDOMAIN says that the name does not exist at all; NOERROR without answers, that it has nothing of this type. Both carry the SOA record in the authority section.",
  "`zone.answer(question)` gives `rcode` and `authority` for both",
];
export const CASE: Hints = [
  "CORE and core are one name (RFC 4343).",
  "Compare names without regard to case, but repeat the question as it came: clients hide random bits in it.",
  "`canonicalName(name)` for comparing, `query.questions` for the answer",
];
export const REFUSE: Hints = [
  "Each kind of trouble has a code of its own, and an answer gets nothing at all.",
  "FORMERR for what cannot be read, NOTIMP for another opcode, REFUSED for names that are not yours; and silence for what has the QR bit set.",
  '`responseTo(query, { rcode: "REFUSED" })`',
];
export const SIZE: Hints = [
  "Without EDNS a client takes 512 bytes over UDP.",
  "Cut what is longer, with the TC bit set; with EDNS the OPT record says how much the client takes.",
  "`encodeMessage(reply, maxBytes)`",
];
export const FRAMES: Hints = [
  "TCP has no messages, so two bytes before each tell its length.",
  "Collect bytes until a message is whole, answer it, and go on reading on the same connection.",
  "`frames.push(chunk)` gives whole messages, `frame(bytes)` puts the length before one",
];
export const FORWARD: Hints = [
  "What is not in your zone is known to another server: the one of --upstream.",
  "Ask it when the client has set RD, and put its records and its code into your answer.",
  "`await askName(this.upstream, question.name, question.type)`",
];
export const REMEMBER: Hints = [
  "An answer may be used again for as long as its TTL says, and not a second longer.",
  "Look into the cache before you ask, and put every answer into it; it counts the TTLs down.",
  "`this.#cache.get(question)` and `this.#cache.put(question, message)`",
];
