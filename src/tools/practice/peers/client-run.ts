/** Runs a client under judgement against a server of the judge's. */

import type { RunningProgram, StepContext } from "../judging/judge";
import { REPLAY_PORT, replayServer } from "../judging/replay";
import { type Hints, StepFailure, type StepFailureFields } from "../judging/step-failure";
import { CONNECT } from "./hints";
import type { TcpConnection } from "./tcp-connection";
import { TestServer } from "./test-server";

/** How long a client may take from its start to its first connection, and from one to the next. */
const CONNECT_MAX_MS = 10_000;
/** How long a client may take to end once it has all that it can get. */
const END_MAX_MS = 3_000;

export interface EndOptions {
  /** When it must end: `after the last answer`. */
  readonly after: string;
  /** For one that goes on. */
  readonly hints: Hints;
  readonly maxMs?: number;
}

export class ClientRun {
  /** The connections that `accept` has given out, in order. */
  readonly connections: TcpConnection[] = [];

  constructor(
    private readonly context: StepContext,
    readonly program: string,
    /** Without `--host` and `--port`. */
    readonly args: readonly string[],
    readonly running: RunningProgram,
    private readonly server?: TestServer,
  ) {}

  /** Starts the client against a new server of the judge's. */
  static async start(
    context: StepContext,
    program: string,
    args: readonly string[],
  ): Promise<ClientRun> {
    const server = await TestServer.start(context);
    const { host, port } = server.address;
    const running = await context.run(program, ["--host", host, "--port", String(port), ...args]);
    return new ClientRun(context, program, args, running, server);
  }

  /** Its next connection. @throws {StepFailure} it ends, or the time is up, before it connects */
  async accept(): Promise<TcpConnection> {
    const over = this.running.ended();
    const accepted = await this.server?.connection(this.connections.length, over, CONNECT_MAX_MS);
    if (accepted) {
      this.connections.push(accepted);
      return accepted;
    }
    throw this.failure({
      what: "Expected the client to connect to the judge's server, and it did not.",
      hints: CONNECT,
    });
  }

  /** Waits for its end. @throws {StepFailure} it goes on */
  async end({ after, hints, maxMs = END_MAX_MS }: EndOptions): Promise<number | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.context.limit(maxMs));
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
  async endByItself(accepted: TcpConnection, options: EndOptions): Promise<number | null> {
    void accepted
      .until((_received, ending) => (ending === "open" ? undefined : ending))
      .then((ending) => ending && accepted.close());
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

  /** A failure that shows the last conversation and what the client wrote, and how to repeat it. */
  failure(fields: StepFailureFields): StepFailure {
    const accepted = this.connections.at(-1);
    const parts = [accepted && String(accepted.transcript), outputOf(this.running)];
    return new StepFailure({
      transcript: parts.filter(Boolean).join("\n"),
      replay: this.#replay(),
      ...fields,
    });
  }

  #replay(): string {
    const { context, program, args } = this;
    if (!this.server) return context.commandFor(program, args);
    const command = context.commandFor(program, ["--port", String(REPLAY_PORT), ...args]);
    return replayServer({ host: "127.0.0.1", port: REPLAY_PORT }, this.connections, command);
  }
}

/** A program's output: `|` before a line of standard output, `!` before one of standard error. */
export function outputOf(running: RunningProgram): string {
  const lines = (text: string, sign: string) =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => `${sign} ${line}`);
  return [...lines(running.stdout(), "|"), ...lines(running.stderr(), "!")].join("\n");
}

/** True for an error in a line or two, without a stack. */
function isPlainError(stderr: string): boolean {
  return stderr.trim() !== "" && !/^\s+at .*[:(]/m.test(stderr);
}
