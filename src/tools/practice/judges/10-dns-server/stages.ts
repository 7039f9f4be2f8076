/** The stages of Part 10: a lookup by hand, then the name server question by question. */
import type { Stage } from "../../judging/judge";

export const STAGES: readonly Stage[] = [
  {
    title: "a question by hand",
    task: "Write a query as bytes: the header, the name label by label, the type and the class.",
    cells: ["query-bytes"],
    uses: "nothing of `./src`; `writeUInt16BE` of Node's `Buffer` writes a number of 16 bits.",
    until: "sends a question, byte by byte",
  },
  {
    title: "an answer by hand",
    task: "Read names, follow pointers backwards only, and walk through the records to the addresses.",
    cells: ["answer-bytes"],
    uses: "nothing of `./src`; `readUInt16BE` of Node's `Buffer` reads a number of 16 bits.",
    until: "ends with an error at a pointer that leads to itself",
  },
  {
    title: "the right answer",
    task: "Pass over every datagram that is not the answer to this question.",
    cells: ["dns-by-hand"],
    uses: "nothing of `./src`: the id is in the first two bytes, the QR bit in the third.",
    until: "believes no datagram but the answer",
  },
  {
    title: "answer from the zone",
    task: "Decide what each question gets: an answer of the zone, or a refusal, or nothing; and send it over UDP.",
    cells: ["dns-decide", "dns-serve-udp"],
    uses: "`zone.answer(question)` of `./src/dns/zone` finds records and the response code; `responseTo(query, found)` of `./src/dns/exchange` makes the response; `encodeMessage(message, maxBytes)` of `./src/dns/encode` its bytes, cut to that size.",
    until: "cuts an answer short for UDP, unless the client takes more",
  },
  {
    title: "TCP",
    task: "Answer several questions on one connection, each with its length before it.",
    cells: ["dns-serve-tcp"],
    uses: "`FrameReader` and `frame` of `./src/dns/framing` put messages together and write their length.",
    until: "answers several questions on one TCP connection",
  },
  {
    title: "other names",
    task: "Ask the upstream server for names outside the zone, and remember each answer until its TTL is over.",
    cells: ["dns-forward"],
    uses: "`DnsCache` of `./src/dns/cache` keeps answers and forgets them in time.",
    until: "remembers an answer until its TTL is over",
  },
];
