/** A judge of a learner's work: small named steps in the order in which a person would build it. */
import type { Hints } from "./step-failure";

/** Where a program under judgement listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A learner's program that runs. */
export interface RunningProgram {
  readonly address: Address;
  /** What it has printed so far, decoded as UTF-8. */
  stdout(): string;
  stderr(): string;
  /**
   * Waits until `find` finds something in standard output; it is asked after every write.
   * @throws {StepFailure} it ended or the time was up first; the failure shows what it printed
   */
  until<T>(find: (stdout: string) => T | undefined, what: string): Promise<T>;
  /** Sends a signal, or waits for its end. */
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
  ended(): Promise<{ readonly status: number | null; readonly signal: string | null }>;
}

export interface RunOptions {
  /** A command that runs the program: its words are put before the program's, `["nice", "-n", "5"]`. */
  readonly under?: readonly string[];
}

/** What a step works with. The runner ends after the step what the step starts here. */
export interface StepContext {
  /**
   * The server under judgement: the judge's first program, started once with `--port 0` and kept for all steps
   * (started again when it has ended), or the one that `--server` names.
   * @throws {StepFailure} it does not start or says nothing of where it listens
   */
  server(): Promise<Address>;
  /** What the server of `server()` printed; undefined with `--server`. */
  output(): { readonly stdout: string; readonly stderr: string } | undefined;
  /** Starts a server program of the copy and waits for its first line, `... listening on 127.0.0.1:40123`. */
  start(program: string, args?: readonly string[]): Promise<RunningProgram>;
  /**
   * Starts a program of the copy that ends by itself, or does not listen.
   * `address` of what it returns must not be used.
   */
  run(program: string, args?: readonly string[], options?: RunOptions): Promise<RunningProgram>;
  /** A random word: no answer can be written down in the program beforehand. */
  randomWord(): string;
  /** The command that runs a program of the copy, as a person types it. */
  commandFor(program: string, args?: readonly string[]): string;
  /** Registers what is to be closed after the step. */
  after(close: () => void | Promise<void>): void;
  /** A limit in milliseconds, longer where the check is told that the machine is busy. */
  limit(ms: number): number;
  /** Aborted when the learner presses Ctrl+C or the step takes too long. */
  readonly signal: AbortSignal;
}

/** How long a step may take, unless it says more. */
export const STEP_MAX_MS = 20_000;

/** One thing that the work has to do. */
export interface Step {
  /** A sentence that goes on from "the server" or "the program": `answers 404 to a path that it does not know`. */
  readonly name: string;
  /** The module cell that a person would write for it: `http_response`. */
  readonly edit: string;
  /** Beyond what the part asks for: judged with `--further` only. */
  readonly further?: true;
  /** Needs the program itself (its output, its signals), not only its port: passed over with `--server`. */
  readonly local?: true;
  /** Needs a program of the copy other than the judge's first: passed over with `--server` and `--command`. */
  readonly copy?: true;
  /** Whether this machine lets it be judged; passed over where it does not. */
  readonly possible?: () => boolean;
  /** For when the program does not even start, or stops at a TODO, before the step could ask it anything. */
  readonly hints?: Hints;
  /** How long it may take, by default STEP_MAX_MS. */
  readonly maxMs?: number;
  /** @throws {StepFailure} */
  run(context: StepContext): Promise<void>;
}

/** Part of a challenge that takes some ten minutes, up to a step that it must pass. */
export interface Stage {
  /** `answer in HTTP` */
  readonly title: string;
  /** What to build, in a sentence or two. */
  readonly task: string;
  /** The ids of the cells to write, in order. */
  readonly cells: readonly string[];
  /** What the stage needs of `./src`, by name. */
  readonly uses: string;
  /** The name of the last step that belongs to it. */
  readonly until: string;
}

/** What is proved when all steps have passed are the part's criteria: its last cell names them (`Criteria covered`). */
export interface Judge {
  /** The beginning of the notebook's name: `06`. */
  readonly part: string;
  readonly kind: "exercise" | "challenge";
  /** What is to be built, in a few words: `an HTTP server`. */
  readonly task: string;
  /** The module cells that are run, the server of `Bench.server` first. */
  readonly programs: readonly string[];
  /** True when a server in any language can be judged: `--server HOST:PORT`. */
  readonly remote?: true;
  /** Of the part's criteria, those that these steps prove, where it is not all of them. */
  readonly proves?: readonly string[];
  /** True when the first of `programs` may be any command that takes the same options: `--command "python3 scanner.py"`. */
  readonly command?: true;
  /**
   * What the server of `Bench.server` is started with beside `--port 0`.
   * @param folder of its own, empty, removed at the end
   */
  readonly serverArgs?: (folder: string) => readonly string[];
  readonly steps: readonly Step[];
  /** Of a challenge, in the order of its steps. */
  readonly stages?: readonly Stage[];
}
