/** The memory that the threads of one scan share: which probe comes next, and what each was answered. */
import { AGES_MAX, PAUSE_MS, SHORTAGE_MAX_MS } from "./limits";

/**
 * What a probe was answered, one byte each. All up to FILTERED are doubtful: worth asking again. RESET
 * and SELF are answers of the loopback that a probe must not believe at once.
 */
export const ANSWER = {
  /** Not asked yet, or the scan was stopped before. */
  UNASKED: 0,
  /** The connection went from a port to that same port, so no program accepted it. */
  SELF: 1,
  /** It stood for a moment and was reset, or may have met another probe of ours. */
  RESET: 2,
  /** No answer in time. */
  FILTERED: 3,
  /** Refused: there is a machine, and nothing listens. */
  CLOSED: 4,
  /** The network, or this machine, says that no way leads there. */
  UNREACHABLE: 5,
  OPEN: 6,
} as const;

export type Answer = (typeof ANSWER)[keyof typeof ANSWER];

/** Words that all threads change: the next probe to take, how many are settled, whether to stop. */
export const WORD = { NEXT: 0, SETTLED: 1, STOP: 2 } as const;

/**
 * The names of the system's errors for each answer; any other means that no way leads there. UNASKED:
 * this machine is short of something for a moment, and has not even sent the probe.
 */
export const ANSWER_BY_CODE: Readonly<Record<string, Answer>> = {
  ECONNREFUSED: ANSWER.CLOSED,
  ECONNRESET: ANSWER.RESET,
  ETIMEDOUT: ANSWER.FILTERED,
  EMFILE: ANSWER.UNASKED, // descriptors of this process
  ENFILE: ANSWER.UNASKED, // descriptors of the machine
  EADDRNOTAVAIL: ANSWER.UNASKED, // ports to connect from
  EADDRINUSE: ANSWER.UNASKED,
  ENOBUFS: ANSWER.UNASKED,
  ENOMEM: ANSWER.UNASKED,
  EAGAIN: ANSWER.UNASKED,
};

/** Probe `i` asks port `ports[floor(i / hosts.length)]` of host `hosts[i % hosts.length]`. */
export interface ScanWork {
  readonly hosts: readonly string[];
  readonly ports: Uint16Array;
  /** By probe: one of ANSWER. */
  readonly answers: Uint8Array;
  /** By probe, where it connected: the port that it came from. */
  readonly localPorts: Uint16Array;
  /** See WORD. */
  readonly words: Int32Array;
  /** The address that probes come from; by default the system chooses. */
  readonly from?: string;
  /** The number of probes that one thread has in flight. */
  readonly window: number;
  /** The time that a probe waits: it is given up when it has seen more than `agesMax` parts of this. */
  readonly timeoutMs: number;
  readonly agesMax: number;
  /** True in the last round: doubtful answers are final. */
  readonly final: boolean;
  /** Between the beginnings of two probes of one thread; 0 for none. */
  readonly gapMs: number;
  /** What a thread cannot import. */
  readonly answer: typeof ANSWER;
  readonly word: typeof WORD;
  readonly answerByCode: typeof ANSWER_BY_CODE;
  /** Before a probe that could not be sent is tried again; and the longest step of any wait. */
  readonly pauseMs: number;
  readonly shortageMaxMs: number;
}

/** What all rounds of a scan have in common. */
export type SharedWork = Omit<ScanWork, "window" | "timeoutMs" | "final">;

/** Memory for `hosts` times `ports` probes, none of them asked. */
export function sharedWork(
  hosts: readonly string[],
  ports: readonly number[],
  gapMs = 0,
): SharedWork {
  const probes = hosts.length * ports.length;
  const words = Object.keys(WORD).length;
  const shared = <T>(bytes: number, over: (memory: SharedArrayBuffer) => T): T =>
    over(new SharedArrayBuffer(bytes));
  const sharedPorts = shared(2 * ports.length, (memory) => new Uint16Array(memory));
  sharedPorts.set(ports);
  return {
    gapMs,
    agesMax: AGES_MAX,
    hosts,
    ports: sharedPorts,
    answers: shared(probes, (memory) => new Uint8Array(memory)),
    localPorts: shared(2 * probes, (memory) => new Uint16Array(memory)),
    words: shared(4 * words, (memory) => new Int32Array(memory)),
    answer: ANSWER,
    word: WORD,
    answerByCode: ANSWER_BY_CODE,
    pauseMs: PAUSE_MS,
    shortageMaxMs: SHORTAGE_MAX_MS,
  };
}

/** True if any answer is worth probing again. */
export function anyDoubtful({ answers }: SharedWork): boolean {
  const { UNASKED, SELF, RESET, FILTERED } = ANSWER;
  return [UNASKED, SELF, RESET, FILTERED].some((doubtful) => answers.includes(doubtful));
}

/**
 * Marks open ports as doubtful that may have no listener: when two probes go from each other's port to each other's
 * port at the same moment, their connections are one (RFC 9293, section 3.5: simultaneous open).
 */
export function doubtCrossed({ hosts, ports, answers, localPorts }: SharedWork): void {
  const crossed: number[] = [];
  for (let probe = answers.indexOf(ANSWER.OPEN); probe >= 0; ) {
    const at = ports.indexOf(localPorts[probe] ?? 0);
    const met = at < 0 ? ANSWER.CLOSED : answers[at * hosts.length + (probe % hosts.length)];
    if (met === ANSWER.OPEN || met === ANSWER.RESET) crossed.push(probe);
    probe = answers.indexOf(ANSWER.OPEN, probe + 1);
  }
  for (const probe of crossed) answers[probe] = ANSWER.RESET;
}

/**
 * Makes an end of what is still doubtful after the last round. What was reset again had a handshake
 * first, so a program listens. And where a socket could connect from a port to itself, again, no program
 * does: the system does not lend out a port that has a listener.
 */
export function settle({ answers }: SharedWork): void {
  for (const [doubtful, settled] of [
    [ANSWER.RESET, ANSWER.OPEN],
    [ANSWER.SELF, ANSWER.CLOSED],
  ] as const) {
    for (let at = answers.indexOf(doubtful); at >= 0; at = answers.indexOf(doubtful, at + 1)) {
      answers[at] = settled;
    }
  }
}
