/** The hints of Part 1, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";

export const FORM: Hints = [
  "The line has four values in it: two addresses, two ports.",
  "The accepted socket knows both ends: `local` is the server's, `remote` is the caller's.",
  '`"source " + formatEndpoint(caller.remote) + " destination " + formatEndpoint(caller.local)`, and a line end',
];

export const SWAPPED: Hints = [
  "The values are right, and they stand the wrong way round. Who is told, and who tells?",
  "What is remote for the server is the caller's own end, and so the caller's source.",
  "`fourValues(caller.remote, caller.local)`: the caller's end first",
];

export const FIXED: Hints = [
  "The line does not fit this caller. Where do its values come from?",
  "Ask the socket of this very caller; no value is known beforehand, the address no more than the port.",
  "`caller.remote` has the `host` and the `port`; `formatEndpoint` writes both",
];

export const AT_ONCE: Hints = [
  "The others are still connected. What does your server wait for before it accepts the next?",
  "Leave each caller to a function of its own, and do not await it in the loop that accepts.",
  "`for await (const caller of server) tell(caller).catch(() => caller.reset());`",
];

export const STAY: Hints = [
  "The caller has not ended, and its connection is gone. Who has closed it?",
  "Receive until the caller ends: `recv` returns 0 bytes then, and not before.",
  "`while ((await caller.recv(1024)).length > 0);` before `close`",
];

export const CLOSE: Hints = [
  "The caller has ended its side. Does your program notice, and what does it do then?",
  "0 bytes from `recv` mean that the peer has ended. Then it is your turn to close.",
  "`await caller.close();` when the loop that receives is over",
];

export const ABRUPT: Hints = [
  "A caller has left with a reset. Is your server still there for the next?",
  "`recv` throws for the one who left. What nobody catches ends the program.",
  "`tell(caller).catch(() => caller.reset())`",
];

export const DATAGRAM: Hints = [
  "TCP and UDP number their ports separately: the same number is another port, and a socket of its own.",
  "Every datagram brings its sender's address along. The answer goes there, whatever was in it.",
  "`for await (const { from } of postbox) await postbox.sendto(fourValues(from, postbox.local), from)`",
];
