/** What the tests of DNS share: records and messages made short, and the code of an error. */
import { DnsError } from "../../src/dns/dns-error";
import { EMPTY_MESSAGE, type Message, type ResourceRecord } from "../../src/dns/message";

export function record(name: string, type: string, data: string, ttl = 60): ResourceRecord {
  return { name, type, class: "IN", ttl, data };
}

export function message(changes: Partial<Message> = {}): Message {
  return { ...EMPTY_MESSAGE, ...changes };
}

export const ask = (name: string, type = "A") => ({ name, type, class: "IN" });

/** The code of the DnsError that an action throws; "none" when it throws nothing. */
export function codeOf(action: () => unknown): string {
  try {
    action();
    return "none";
  } catch (error) {
    if (error instanceof DnsError) return error.code;
    throw error;
  }
}
