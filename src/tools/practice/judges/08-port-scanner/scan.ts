/** Runs the port scanner under judgement, and reads what it says that it found. */

import { parsePorts } from "../../../../scan/ports";
import { endWithin } from "../../judging/end-within";
import type { StepContext } from "../../judging/judge";
import { replayBanner, replaySilence } from "../../judging/replay";
import { type Hints, StepFailure } from "../../judging/step-failure";
import { visibleLines } from "../../judging/transcript";
import { HANG, JSON_REPORT } from "./hints";
import type { State } from "./states";

export const PROGRAM = "port_scanner";

/** A scan that has ended. */
export interface Scan {
  readonly args: readonly string[];
  /** The command that runs the scanner with these arguments, as a person types it. */
  readonly commandFor: (args: readonly string[]) => string;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

/** What the report says of each port of its only address. */
export interface Found extends Scan {
  stateOf(port: number): State;
  /** The entry of an open port: its banner, if it has one. */
  openPort(port: number): Readonly<Record<string, unknown>>;
}

export interface ScanOptions {
  /** Longer, and it will never end. */
  readonly limitMs?: number;
  /** For a scan that does not end. */
  readonly hang?: Hints;
  /** A command to run the program by: its words are put before the program's. */
  readonly under?: readonly string[];
}

/** Servers on one machine answer at once: only a busy machine needs more than a moment. */
const ANSWER_MAX_MS = 5_000;
const LIMIT_MS = 18_000;
const SHOWN_MAX_LINES = 30;
const SHOWN_LINE_MAX_CHARACTERS = 160;

/** @throws {StepFailure} it does not end in time */
export async function scan(
  context: StepContext,
  args: readonly string[],
  { limitMs = LIMIT_MS, hang = HANG, under }: ScanOptions = {},
): Promise<Scan> {
  const started = performance.now();
  const running = await context.run(PROGRAM, args, ...(under ? [{ under }] : []));
  const end = await endWithin(running, context.limit(limitMs), context.signal);
  const elapsedMs = Math.round(performance.now() - started);
  const commandFor = (words: readonly string[]) => context.commandFor(PROGRAM, words);
  const ended = { args, commandFor, stdout: running.stdout(), stderr: running.stderr(), elapsedMs };
  if (end === undefined) {
    running.kill("SIGKILL");
    const what = `Expected the scan to end, and it has not after ${limitMs / 1_000} seconds.`;
    throw failure({ ...ended, status: null }, what, hang);
  }
  return { ...ended, status: end.status };
}

/**
 * Scans ports of `host` and reads the report in JSON.
 * @throws {StepFailure} it fails, or prints something else
 */
export async function find(
  context: StepContext,
  host: string,
  ports: string,
  more: readonly string[] = quietly(context),
  options: ScanOptions = {},
): Promise<Found> {
  const done = await scan(context, [host, "--ports", ports, ...more, "--json"], options);
  if (done.status !== 0) {
    const what = `Expected exit status 0, and the scan ended with ${done.status}.`;
    throw failure(done, what, [
      "It prints why on standard error: the transcript shows it.",
      "Look up the cell and the line that it names, and repeat the scan in a terminal until it ends well.",
      `\`${done.commandFor([host, "--ports", ports, "--json"])}\``,
    ]);
  }
  const answers = reported(done, host);
  return {
    ...done,
    stateOf: (port) => answers.states.get(port) ?? "not reported",
    openPort: (port) => answers.open.get(port) ?? {},
  };
}

/**
 * Scans, and once more with more patience when what came is not what was expected: on a busy machine, whoever
 * answers at once can still be late, and nobody should be told that the program is wrong.
 *
 * @param scanWith told how long to wait for an answer, in milliseconds
 * @returns the first scan that is as expected, or the last
 */
export async function patiently<T extends Scan>(
  context: StepContext,
  [quickMs, patientMs]: readonly [quickMs: number, patientMs: number],
  scanWith: (timeoutMs: number) => Promise<T>,
  isExpected: (found: T) => boolean,
): Promise<T> {
  const first = await scanWith(quickMs);
  return isExpected(first) ? first : scanWith(context.limit(patientMs));
}

/** @throws {StepFailure} the report is of another form */
function reported(done: Scan, host: string) {
  const states = new Map<number, State>();
  const open = new Map<number, Record<string, unknown>>();
  try {
    const [report] = JSON.parse(done.stdout).hosts;
    for (const state of ["closed", "filtered", "unreachable"] as const) {
      for (const port of portList(report[state] ?? [])) states.set(port, state);
    }
    for (const one of report.open) {
      states.set(one.port, "open");
      open.set(one.port, one);
    }
  } catch {
    const what = `Expected a report in JSON such as {"hosts": [{"address": "${host}", "open": [{"port": 22}], "closed": "1-21,23", "filtered": ""}]}, and something else was printed.`;
    throw failure(done, what, JSON_REPORT);
  }
  return { states, open };
}

/** `"1-21,23"`, or numbers. */
function portList(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.map(Number);
  if (value === "") return [];
  return parsePorts(String(value));
}

export interface Shown {
  readonly edit?: string;
  /** The scan's own command when it is not given; none where it would meet something else. */
  readonly replay?: string | undefined;
}

/** A command that scans a port beside a server that says this to each client. */
export function replayOpen(done: Scan, port: number, said = ""): string {
  return replayBanner({ host: hostOf(done), port }, said, commandAt(done, port));
}

/** A command that scans a port which neither accepts nor refuses. */
export function replaySilent(done: Scan, port: number): string {
  return replaySilence({ host: hostOf(done), port }, commandAt(done, port));
}

const hostOf = ({ args: [host = ""] }: Scan) => host;
function quietly(context: StepContext): readonly string[] {
  return ["--no-banners", "--timeout", `${context.limit(ANSWER_MAX_MS)}`];
}

/** The scan's own options, for one port. */
function commandAt({ args, commandFor }: Scan, port: number): string {
  return commandFor(args.map((arg, at) => (args[at - 1] === "--ports" ? String(port) : arg)));
}

/** A failure of a step, with what the scan printed: `|` on standard output, `!` on standard error. */
export function failure(done: Scan, what: string, hints: Hints, shown: Shown = {}): StepFailure {
  const command = [PROGRAM, ...done.args].join(" ");
  const end = done.status === null ? "it was ended" : `exit status ${done.status}`;
  const transcript = [
    shortened(`$ ${command}`),
    ...printed(done.stdout, "|"),
    ...printed(done.stderr, "!"),
    `* ${end}, after ${done.elapsedMs} ms`,
  ].join("\n");
  return new StepFailure({ what, hints, transcript, replay: done.commandFor(done.args), ...shown });
}

function printed(text: string, sign: string): string[] {
  const lines = visibleLines(Buffer.from(text)).map((line) => line.replace(/\\n$/, ""));
  const first = lines.slice(0, SHOWN_MAX_LINES).map((line) => `${sign} ${shortened(line)}`);
  if (lines.length <= SHOWN_MAX_LINES) return first;
  return [...first, `${sign} ... and ${lines.length - SHOWN_MAX_LINES} more lines`];
}

function shortened(line: string): string {
  if (line.length <= SHOWN_LINE_MAX_CHARACTERS) return line;
  return `${line.slice(0, SHOWN_LINE_MAX_CHARACTERS)}...`;
}
