/** The hints of Part 8, in the order of its steps. */
import type { Hints } from "../../judging/step-failure";
import type { State } from "./states";

export const NOT_HEARD: Hints = [
  "Many services say who they are as soon as somebody connects.",
  "Connect once more to each open port, and receive until the first line is complete, the peer closes, or the time is up.",
  "`const banner = await receive(socket, /\\S[^\\n]*\\n/, timeout, signal)`, and return `{ banner: shortened(...) }` when it is not blank",
];

export const SAYS_NOTHING: Hints = [
  "One of the open ports belongs to a service that says nothing at all, and the program waits for its words still.",
  "Every `recv` needs an end: the time that is left of the service's. After that the port is open, without a word.",
  "`socket.recv(max, { timeout, signal })`, where `timeout` is what is left until `end`, and `signal` is the scan's own",
];

export const ASK_IN_HTTP: Hints = [
  "A service that speaks HTTP says nothing until it is asked.",
  "When no banner has come in time, send a request for the head of / and look for the field Server in the answer, up to the empty line.",
  "`await socket.send(`HEAD / HTTP/1.1\\r\\nHost: ...\\r\\nConnection: close\\r\\n\\r\\n`)`, then `SERVER.exec(await receive(socket, /\\r?\\n\\r?\\n/, timeout, signal))?.[1]`",
];

export const CONTROL_CHARACTERS: Hints = [
  "A banner comes from a stranger. What does a terminal do with ESC [ 2 J?",
  "Show control characters as what they are, such as \\u001b, and the ones that turn the direction of writing too.",
  "`printable(text)` of ./src/program/safe-text, in `shortened`",
];

export const CUT_BANNER: Hints = [
  "A stranger decides how much of the screen he gets.",
  "Cut what is shown after a line, and after so many characters.",
  "In `shortened`: `line.slice(0, LINE_MAX_CHARACTERS)`, when the line is longer",
];

export const SILENT_IS_OPEN: Hints = [
  "That a service is silent does not make its port closed.",
  "A visit that fails, or ends without a word, changes nothing of what the probe has found.",
  "`return {}` where there is nothing to tell of a service",
];

export const WRONG: Hints = [
  "A typing error must not pass for something else: whoever reads the result would believe it.",
  "Read the whole command line before anything is sent. What is not understood is named in one line on standard error, and the exit code is 2.",
  "`const asked = await checkedScan(positionals.length > 0 ? positionals : [host], options)`, first of all; it throws a `UsageError`",
];

export const PERMISSION: Hints = [
  "On a machine that belongs to somebody else, one asks before one scans.",
  "Addresses of this machine itself are free; for any other --i-have-permission has to be given. Check it before the first probe.",
  "`checkedScan` calls `requirePermission(targets, options[PERMISSION_FLAG])`",
];

export const LISTED: Hints = [
  "The port was asked for, and the report says nothing of it.",
  "Every probe ends with an answer that is written down, whichever it is, before the next one is taken.",
  "In `closed`: `answers[probe] = answer`, then `next(prober)`.",
];

export const MISSED_SOME: Hints = [
  "Few ports are no trouble, thousands are. What happens to a probe that cannot be sent just now, and to the last ones?",
  "Whatever this machine lacks for a moment (descriptors, ports, memory) is no answer: the same port is asked again after a pause. And the scan is over only when the last probe has its answer, not when it was sent.",
  "An error that `answerByCode` calls `UNASKED` is no answer; `closed` then does `return lacking(prober, code)`.",
];

export const HANG: Hints = [
  "The last probe has been answered, and the program waits for something else.",
  "Each place of the window takes another probe when its own is over, and stops when none is left. The one that stops last says that all is over.",
  "`if (number >= answers.length) leave();`, where the last prober that leaves calls `done`",
];

export const JSON_REPORT: Hints = [
  "A program reads what --json prints: nothing else may be there, not even a greeting.",
  "One object; an entry of `hosts` for each address; the open ports as objects, the others as ranges or as numbers.",
  "`print(formatReport(report, options))`",
];

export const STARVED: Hints = [
  "The process may open few files, and each connection is one: some ports were never asked.",
  "EMFILE is no answer. Ask the system first how many there may be, and where one cannot be had all the same, ask that port again after a pause.",
  "`affordableSockets(wanted)` of ./src/scan/descriptors; `answerByCode.EMFILE` is `UNASKED`, after which `closed` does `return lacking(prober, code)`",
];

export const SELF: Hints = [
  "Nobody listens on that port, and still a connection stood. Who was at the other end?",
  "The system lent the port that was asked. Where both ends have one port and one address, the scanner has met itself: the port is not open, and is asked again.",
  "`this.answer = localPort === this.port && localAddress === remoteAddress ? SELF : OPEN;`",
];

export const NO_ANSWER: Hints = [
  "One of the ports does not answer, as behind a firewall, and the program waits for its answer still.",
  "How long it may wait is asked of it: --timeout, in milliseconds. Each tick of the clock makes every probe older; one that has grown too old is given up, with the answer filtered.",
  "In `tick`, when `this.ticks` is above `work.agesMax`: `this.answer = this.work.answer.FILTERED; this.socket.destroy();`",
];

export const NO_WINDOW: Hints = [
  "Each connection under way is a descriptor, of which a process has only so many; and whoever is asked may be overrun.",
  "Between one and all lies a window: so many places, each refilled when its probe is over. Do not begin a probe that has no place.",
  "`for (let i = 0; i < work.window; i += 1) probers.push(new ProberClass(net, work, closed));`, and `next(prober)` in `closed` only",
];

export const MIXED_UP: Hints = [
  "The three ports were asked in one scan, and one answer got into the place of another.",
  "A socket is used again when its probe is over: everything that belongs to a probe must be set again.",
  "`this.answer = UNASKED` and `this.ticks = 0` before `this.socket.connect(...)`",
];

/** By what was said of a port instead of the right state. */
type HintsOtherThan<Right extends State> = Readonly<Record<Exclude<State, Right>, Hints>>;

/** For what should have been open, by what was said instead. */
export const MISSED: HintsOtherThan<"open"> = {
  closed: [
    "A server listens there, and its system has accepted the connection. Which event tells a socket so?",
    "`connect` means open. It has to be noted at once, before the socket is closed again: `close` comes after every probe, and only writes down what was noted.",
    "In `connected`: `this.answer = OPEN; ... this.socket.resetAndDestroy();`",
  ],
  filtered: [
    "The server answered within a millisecond, and the probe was given up all the same.",
    "A probe has timed out only if it is still connecting when its time is over. Its age starts at 0 with every probe.",
    "In `tick`: `if (!this.socket.connecting) return;`, and only then count",
  ],
  unreachable: [
    "A way leads there: it is an address of this machine.",
    "Only an error may stand for unreachable, and one that is neither a refusal nor a shortage.",
    "`this.answer = this.work.answerByCode[code] ?? this.work.answer.UNREACHABLE`, in `failed` and nowhere else",
  ],
  "not reported": LISTED,
};

/** For what should have been closed. */
export const FALSE: HintsOtherThan<"closed"> = {
  open: [
    "Nobody listens there: a connection to it is refused. Where did the answer come from?",
    "Forget the answer of the probe before: a socket is used again for another port, and each port has to be asked itself.",
    "`this.answer = UNASKED` and `this.ticks = 0` before `this.socket.connect(...)`",
  ],
  filtered: [
    "There was an answer, and a quick one: no.",
    "A refusal is an error of the name ECONNREFUSED, and means closed. Filtered is what has not been answered at all when the time is over.",
    "In `failed`: `this.answer = this.work.answerByCode[code] ?? this.work.answer.UNREACHABLE`",
  ],
  unreachable: [
    "The machine can be reached: it was the machine that refused.",
    "Tell errors apart by their name: ECONNREFUSED comes from the machine itself, EHOSTUNREACH and ENETUNREACH from the way there.",
    '`socket.on("error", ({ code }) => ...)`, and look `code` up in `work.answerByCode`',
  ],
  "not reported": LISTED,
};

export const NOT_FILTERED: HintsOtherThan<"filtered"> = {
  open: [
    "A port that says nothing is not open: no connection was ever made.",
    "Open is what the event `connect` says. If your program waited and then assumed the best, it should say that it does not know.",
    "`this.answer = this.work.answer.FILTERED` where a probe is given up",
  ],
  closed: [
    "Closed and silent are both “cannot connect”, and opposites: the first is an answer of the machine.",
    "Take only a refusal for closed (ECONNREFUSED). What has no answer when its time is over is filtered.",
    "`this.answer = this.work.answer.FILTERED; this.socket.destroy();` in `tick`",
  ],
  unreachable: [
    "No error came, and that is the point: nothing came at all.",
    "Unreachable is an error of the network. What was given up has its answer already when the socket closes.",
    "`this.answer = this.work.answer.FILTERED` before `this.socket.destroy()`",
  ],
  "not reported": [
    "The silent port is in none of the lists.",
    "A probe that is given up has an answer like any other, and has to be written down.",
    "`this.answer = this.work.answer.FILTERED; this.socket.destroy();`: `closed` does the rest",
  ],
};
