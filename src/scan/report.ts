/** The result of a scan by address, from which the table, JSON and CSV are made. */
import { serviceName } from "./common-ports";
import type { Target } from "./targets";
import { ANSWER, type SharedWork } from "./work";

/** The text by which a service names itself. */
export interface ServiceBanner {
  /** Its first line, if it speaks first; printable. */
  readonly banner?: string;
  /** The Server field of its answer, if it speaks HTTP; printable. */
  readonly server?: string;
}

export interface OpenPort extends ServiceBanner {
  readonly port: number;
  /** The service that is expected at this port; empty when none is. */
  readonly service: string;
}

export interface HostReport extends Target {
  readonly open: readonly OpenPort[];
  /** Rising, like the others. */
  readonly closed: readonly number[];
  readonly filtered: readonly number[];
  readonly unreachable: readonly number[];
  /** Not empty when the scan was stopped. */
  readonly unasked: readonly number[];
}

export interface ScanReport {
  readonly hosts: readonly HostReport[];
  /** True if every port was probed. */
  readonly finished: boolean;
  readonly elapsedMs: number;
  /** Why it had to end early, if it had to: the system's name for what this machine lacks. */
  readonly failure?: string;
}

/** Sorts the answers by address. */
export function reportOf(
  targets: readonly Target[],
  { hosts, ports, answers }: SharedWork,
  elapsedMs: number,
  failure?: string,
): ScanReport {
  const reports = targets.map((target, host) => {
    const lists: number[][] = Object.keys(ANSWER).map(() => []);
    for (let i = 0; i < ports.length; i += 1) {
      lists[answers[i * hosts.length + host] ?? ANSWER.UNASKED]?.push(ports[i] ?? 0);
    }
    const list = (answer: number) => lists[answer] ?? [];
    const { UNASKED, SELF, RESET } = ANSWER;
    const unasked = [UNASKED, SELF, RESET].flatMap(list).sort((a, b) => a - b);
    return {
      ...target,
      open: list(ANSWER.OPEN).map((port) => ({ port, service: serviceName(port) })),
      closed: list(ANSWER.CLOSED),
      filtered: list(ANSWER.FILTERED),
      unreachable: list(ANSWER.UNREACHABLE),
      unasked,
    };
  });
  const finished = reports.every(({ unasked }) => unasked.length === 0);
  return { hosts: reports, finished, elapsedMs, ...(failure !== undefined && { failure }) };
}
