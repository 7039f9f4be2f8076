/** What an answer means to a resolver that starts at the root: the next step of RFC 1034, 5.3.3. */
import type { Message, Question, ResourceRecord } from "./message";
import { isWithin, labelsOf, sameName } from "./name";

export type NextStep =
  /** The records that were asked for; aliases on the way stand before them. */
  | { readonly kind: "answer"; readonly records: readonly ResourceRecord[] }
  /** The name is an alias: ask for this one. */
  | { readonly kind: "alias"; readonly target: string }
  /** Ask these servers; `addresses` has those that came along. */
  | {
      readonly kind: "referral";
      readonly zone: string;
      readonly servers: readonly string[];
      readonly addresses: readonly ResourceRecord[];
    }
  /** The name does not exist. */
  | { readonly kind: "no name" }
  /** It exists, without records of this type. */
  | { readonly kind: "no data" }
  /** The server cannot or will not tell, or leads away from the name. */
  | { readonly kind: "failure"; readonly rcode: string };

/**
 * @param asked the zone whose server gave the answer: a referral must lead below it, and nearer to the name
 */
export function nextStep(question: Question, message: Message, asked = "."): NextStep {
  const { rcode, answers, authority, additional } = message;
  if (rcode !== "NOERROR" && rcode !== "NXDOMAIN") return { kind: "failure", rcode };
  let name = question.name;
  for (const _ of answers) {
    const records = answers.filter((one) => one.type === question.type && sameName(one.name, name));
    if (records.length > 0) return { kind: "answer", records };
    const alias = answers.find((one) => one.type === "CNAME" && sameName(one.name, name));
    if (alias === undefined) break;
    name = alias.data;
  }
  if (rcode === "NXDOMAIN") return { kind: "no name" };
  if (!sameName(name, question.name)) return { kind: "alias", target: name };
  const servers = authority.filter(({ type }) => type === "NS");
  if (servers.length === 0 || message.authoritative) return { kind: "no data" };
  const zone = servers[0].name;
  const isNearer = isWithin(zone, asked) && labelsOf(zone).length > labelsOf(asked).length;
  if (!isNearer || !isWithin(question.name, zone)) return { kind: "failure", rcode: "LAME" };
  const names = servers.filter((one) => sameName(one.name, zone)).map(({ data }) => data);
  const addresses = additional.filter(
    // An address of a host outside that zone is not for its parent to tell.
    (one) => names.some((host) => sameName(host, one.name)) && isWithin(one.name, asked),
  );
  return { kind: "referral", zone, servers: names, addresses };
}
