/** The hints of Part 7, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const LIMIT: Hints = [
  "One address asked very often, over many connections, and got all the answers. Where do you count, and whom?",
  "Keep a count for each address, whatever connection it uses, and look at it before you answer.",
  "`const seconds = table.count(request.remote.host);`",
];

export const STRICT: Hints = [
  "This address had not asked before, and was refused too soon. Whose requests have you counted?",
  "Each address has 20 of its own in a second, the twentieth among them.",
  "`if (window.requests <= requests) return 0;` with a window for each address",
];

export const RETRY: Hints = [
  "A client that is refused wants to know when to come back.",
  "Retry-After is a whole number of seconds, at least 1: what is left of the window, rounded up (RFC 9110, 10.2.3).",
  '`response(429, text, { "Retry-After": String(seconds) })`',
];

export const OTHERS: Hints = [
  "Another address has asked once, and was refused for what the first one did.",
  "Count by address: a table of counts rather than one count.",
  "`this.#windows.get(address) ?? { start: now, requests: 0 }`",
];

export const AGAIN: Hints = [
  "The time that your own Retry-After named is over. What does your program remember of this address?",
  "When a window is over its count begins at 0 again: drop the entry, or begin a new window.",
  "`if (now - start >= windowMs) this.#windows.delete(address)` before you count",
];

export const FULL: Hints = [
  "More addresses came than the table may hold, and each was counted as if there were room. To what size does it grow?",
  "An address that finds the table full is counted in one entry that all such addresses share.",
  "`const key = known || size < addresses ? address : EVERYBODY_ELSE`",
];

export const KEPT: Hints = [
  "The table was full, and one that was in it from the start was not counted as before. Who threw it out?",
  "To forget an address in its window lets it start again. Those in the table stay until their time is over.",
  "`this.#windows.has(address) || this.#windows.size < addresses` decides whose entry it is",
];

export const ROOM: Hints = [
  "The windows of those who filled the table are over, and newcomers still have to share. Who makes room?",
  "Before you look for room, drop what is over. In a Map the oldest entry is the first.",
  "`for (const [known, { start }] of this.#windows) { if (now - start < windowMs) break; this.#windows.delete(known); }`",
];

export const RESPONSE: Hints = [
  "Before anybody is refused, somebody must be answered.",
  "A request that is within the limit goes to `handler`, and its answer is yours.",
  "`if (seconds === 0) return handler(request);`",
];

export const MANY_ADDRESSES: Hints = [
  "This is about where the server runs, not about what it does.",
  "All addresses from 127.0.0.1 to 127.255.255.254 are this machine, as far as this machine is asked.",
  "Start it on 127.0.0.1, and say `--server 127.0.0.1:9000`.",
];
