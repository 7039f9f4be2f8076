/** A client under judgement that runs against a server of the judge's, and what to tell when it does not do as it should. */

import {
  type Bench,
  type FailureReport,
  type Hints,
  type Running,
  StepFailure,
} from "../judging/judge";
import { forPrintf } from "../judging/transcript";
import type { Connection } from "./tcp-connection";
import { JudgeServer } from "./test-server";

/** How long a client may take from its start to its first connection, and from one to the next. */
const CALL_MAX_MS = 10_000;
/** How long a client may take to end once it has all that it can get. */
const END_MAX_MS = 3_000;
/** In commands that are shown. */
const REPLAY_PORT = 9000;

export interface EndOptions {
  /** When it is to end: `after the last answer`. */
  readonly after: string;
  /** For one that goes on. */
  readonly hints: Hints;
  readonly maxMs?: number;
}

export class ClientRun {
  /** The connections that `caller` has given out, in order. */
  readonly callers: Connection[] = [];

  constructor(
    readonly program: string,
    /** Without `--host` and `--port`. */
    readonly args: readonly string[],
    readonly running: Running,
    private readonly server?: JudgeServer,
  ) {}

  /** Starts the client against a new server of the judge's. */
  static async start(bench: Bench, program: string, args: readonly string[]): Promise<ClientRun> {
    const server = await JudgeServer.start(bench);
    const { host, port } = server.address;
    const running = await bench.run(program, ["--host", host, "--port", String(port), ...args]);
    return new ClientRun(program, args, running, server);
  }

  /** Its next connection. @throws {StepFailure} it ends, or the time is up, before it connects */
  async caller(): Promise<Connection> {
    const over = this.running.ended();
    const caller = await this.server?.caller(this.callers.length, over, CALL_MAX_MS);
    if (caller) {
      this.callers.push(caller);
      return caller;
    }
    throw this.failure({
      what: "Expected the client to connect to the judge's server, and it did not.",
      hints: [
        "A client connects first, to the host and the port that it is given.",
        "Look at what the program printed: an error before `connect` ends it.",
        "`const server = await connect({ host, port, signal });`",
      ],
    });
  }

  /** Waits for its end. @throws {StepFailure} it goes on */
  async end({ after, hints, maxMs = END_MAX_MS }: EndOptions): Promise<number | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), maxMs);
    });
    try {
      const end = await Promise.race([this.running.ended(), late]);
      if (end) return end.status;
    } finally {
      clearTimeout(timer);
    }
    const what = `Expected ${this.program} to end ${after}, and it still ran ${maxMs / 1000} s later.`;
    throw this.failure({ what, hints });
  }

  /**
   * The same, where the server keeps the connection until the client has ended its side.
   * @throws {StepFailure} it goes on
   */
  async endByItself(caller: Connection, options: EndOptions): Promise<number | null> {
    void caller
      .until((_received, ending) => (ending === "open" ? undefined : ending))
      .then(() => caller.end());
    return this.end(options);
  }

  /** @throws {StepFailure} another exit status; or a failure without a plain line on standard error */
  expectStatus(status: number | null, expected: 0 | 1, hints: Hints): void {
    const plain = expected === 0 || isPlainError(this.running.stderr());
    if (status === expected && plain) return;
    const line = expected === 0 ? "" : ", and a plain line on standard error,";
    const stack = plain ? "" : " and something else there";
    const what = `Expected exit status ${expected}${line} and got ${status}${stack}.`;
    throw this.failure({ what, hints });
  }

  /** A failure that shows the last conversation and what the client wrote, and how to have it again. */
  failure(report: FailureReport): StepFailure {
    const caller = this.callers.at(-1);
    const parts = [caller && String(caller.transcript), outputOf(this.running)];
    return new StepFailure({
      transcript: parts.filter(Boolean).join("\n"),
      replay: this.#replay(caller?.sent ?? Buffer.alloc(0)),
      ...report,
    });
  }

  /** The judge's part is played by `nc`: it sends the same, and holds the connection for a while. */
  #replay(sent: Uint8Array): string {
    const args = this.args.map((arg) => (/^[\w./-]+$/.test(arg) ? arg : `'${arg}'`));
    const port = this.server ? ["--port", REPLAY_PORT] : [];
    const client = `npm run program -- practice/${[this.program, ...port, ...args].join(" ")}`;
    if (!this.server) return client;
    const bytes = sent.length > 0 ? `(printf ${forPrintf(sent)}; sleep 5)` : "sleep 5";
    return `${bytes} | nc -l 127.0.0.1 ${REPLAY_PORT} & sleep 1; ${client}`;
  }
}

/** What a program wrote: `|` before a line of standard output, `!` before one of standard error. */
export function outputOf(running: Running): string {
  const lines = (text: string, sign: string) =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => `${sign} ${line}`);
  return [...lines(running.stdout(), "|"), ...lines(running.stderr(), "!")].join("\n");
}

/** Whether an error was told as a person needs it: a line or two, and no stack. */
function isPlainError(stderr: string): boolean {
  return stderr.trim() !== "" && !/^\s+at .*[:(]/m.test(stderr);
}
