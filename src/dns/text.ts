/** Messages as lines, in the manner of `dig`. */
import type { Message, ResourceRecord } from "./message";

/** One record as a line of a zone file. */
export function recordText({ name, ttl, class: recordClass, type, data }: ResourceRecord): string {
  return [name, ttl, recordClass, type, data].join("\t");
}

const FLAGS = [
  ["response", "qr"],
  ["authoritative", "aa"],
  ["truncated", "tc"],
  ["recursionDesired", "rd"],
  ["recursionAvailable", "ra"],
  ["authenticData", "ad"],
  ["checkingDisabled", "cd"],
] as const;

/** The names of the flags that are on: `qr aa rd`. */
export function flagsText(message: Message): string {
  return FLAGS.filter(([key]) => message[key])
    .map(([, name]) => name)
    .join(" ");
}

/** Header, question and sections. */
export function messageText(message: Message): string {
  const { id, opcode, rcode, questions, answers, authority, additional, edns } = message;
  const lines = [`;; opcode: ${opcode}, status: ${rcode}, id: ${id}; flags: ${flagsText(message)}`];
  if (edns !== undefined) {
    const flags = edns.dnssecOk ? ", do" : "";
    lines.push(`;; EDNS: version ${edns.version}${flags}, UDP up to ${edns.udpSize} bytes`);
  }
  for (const { name, class: wanted, type } of questions) lines.push(`;${name}\t${wanted}\t${type}`);
  for (const [title, records] of [
    ["answer", answers],
    ["authority", authority],
    ["additional", additional],
  ] as const) {
    if (records.length > 0) lines.push(`;; ${title}`, ...records.map(recordText));
  }
  return lines.join("\n");
}
