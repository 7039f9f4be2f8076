/** A question and its answer, without the sockets between: what to send, and which datagram to believe. */
import type { Address } from "../sockets/endpoint";
import { decodeMessage } from "./decode";
import { DnsError } from "./dns-error";
import { OUR_EDNS } from "./edns";
import { EMPTY_MESSAGE, type Message, type Question, type ResourceRecord } from "./message";
import { parseName, sameName } from "./name";

const NO_RECORDS: readonly ResourceRecord[] = [];

export interface QueryOptions {
  /** By default the server is asked to ask others (RD). */
  readonly recursionDesired?: boolean;
  /** `undefined` for a query without EDNS. */
  readonly edns?: Message["edns"];
}

/**
 * A query for one name.
 * @param id a random one: together with a random port it is all that a forger must guess (RFC 5452, 9.2)
 * @throws DnsError for a name that is none
 */
export function makeQuery(
  id: number,
  name: string,
  type: string,
  options: QueryOptions = {},
): Message {
  const { recursionDesired = true } = options;
  const edns = "edns" in options ? options.edns : OUR_EDNS;
  const questions = [{ name: parseName(name), type, class: "IN" }];
  return { ...EMPTY_MESSAGE, id, recursionDesired, questions, ...(edns && { edns }) };
}

/** An answer to `query` that says nothing yet: same id, same question, EDNS if the query had it. */
export function responseTo(query: Message, changes: Partial<Message> = {}): Message {
  const { id, opcode, recursionDesired, checkingDisabled, questions, edns } = query;
  // Written out: a server does this for each message, and copying members one by one is slow.
  const response: Message = {
    id,
    response: true,
    opcode,
    authoritative: false,
    truncated: false,
    recursionDesired,
    recursionAvailable: false,
    authenticData: false,
    checkingDisabled,
    rcode: "NOERROR",
    questions,
    answers: NO_RECORDS,
    authority: NO_RECORDS,
    additional: NO_RECORDS,
    edns: edns && (edns.dnssecOk ? { ...OUR_EDNS, dnssecOk: true } : OUR_EDNS),
  };
  return Object.assign(response, changes);
}

/** Why a message is no answer to a query. */
export type Mismatch =
  | "from another place"
  | "not DNS"
  | "not an answer"
  | "another id"
  | "another question";

/**
 * Why a message is not the answer to `query`; undefined when it is. The checks run in the order of RFC 5452, 9.1.
 * A failure may come without the question, since a server that could not read it cannot repeat it.
 */
export function mismatch(query: Message, message: Message): Mismatch | undefined {
  if (!message.response || message.opcode !== query.opcode) return "not an answer";
  if (message.id !== query.id) return "another id";
  if (message.questions.length === 0 && message.rcode !== "NOERROR") return undefined;
  const same =
    message.questions.length === query.questions.length &&
    query.questions.every((question, i) => sameQuestion(question, message.questions[i]));
  return same ? undefined : "another question";
}

/** Reads a datagram that came while `query`, sent to `server`, waits for its answer. Never throws. */
export function readAnswer(
  query: Message,
  server: Address,
  { data, from }: { readonly data: Buffer; readonly from: Address },
): Message | Mismatch {
  if (from.host !== server.host || from.port !== server.port) return "from another place";
  try {
    const message = decodeMessage(data);
    return mismatch(query, message) ?? message;
  } catch (error) {
    if (error instanceof DnsError) return "not DNS";
    throw error;
  }
}

/** True when both ask for one thing; names in any case (RFC 4343). */
export function sameQuestion(a: Question, b: Question): boolean {
  return a.type === b.type && a.class === b.class && sameName(a.name, b.name);
}
