/** A server of the judge's own, for a client under judgement: it plays what a step needs, byte by byte. */
import { once } from "node:events";
import { createServer } from "node:net";
import { Changes } from "../lab/changes";
import { Connection } from "./conversation";
import { type Address, type Bench, type Hints, type Running, StepFailure } from "./judge";

/** How long a client may take from its start to its first connection. */
const CALL_MAX_MS = 10_000;
/** How long a client may take to end once it has all that it can get. */
const END_MAX_MS = 3_000;

export class JudgeServer {
  readonly #callers: Connection[] = [];
  readonly #changes = new Changes();
  #taken = 0;

  private constructor(readonly address: Address) {}

  /** Listens on 127.0.0.1; it and its connections are closed after the step. */
  static async start(bench: Bench): Promise<JudgeServer> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const bound = listener.address();
    const port = bound !== null && typeof bound === "object" ? bound.port : 0;
    const server = new JudgeServer({ host: "127.0.0.1", port });
    listener.on("connection", (socket) => {
      server.#callers.push(new Connection(server.address, socket, "client"));
      server.#changes.tell();
    });
    bench.after(async () => {
      for (const caller of server.#callers) caller.close();
      listener.close();
      await once(listener, "close");
    });
    return server;
  }

  /** `--host` and `--port`, for a client's command line. */
  get args(): string[] {
    return ["--host", this.address.host, "--port", String(this.address.port)];
  }

  /** Every connection so far. */
  get callers(): readonly Connection[] {
    return this.#callers;
  }

  /** The next connection. @throws {StepFailure} the program ends, or the time is up, before it connects */
  async caller(running: Running, program: string): Promise<Connection> {
    let over: { status: number | null } | undefined;
    void running.ended().then((end) => {
      over = end;
      this.#changes.tell();
    });
    const index = this.#taken++;
    return this.#changes.until(
      () => this.#callers[index],
      () => over !== undefined,
      CALL_MAX_MS,
      (why) =>
        new StepFailure({
          what: `${program} was to connect to the judge's server, and did not ${why}${over ? ` (exit status ${over.status})` : ""}.`,
          transcript: outputOf(running),
          hints: CONNECT_HINTS,
        }),
    );
  }
}

const CONNECT_HINTS: Hints = [
  "A client connects first, to the host and the port that it is given.",
  "Look at what the program printed: an error before `connect` ends it.",
  "`const server = await connect({ host, port, signal });`",
];

export interface EndOptions {
  readonly program: string;
  /** When it is to end: `after the last answer`. */
  readonly after: string;
  readonly hints: Hints;
  readonly maxMs?: number;
}

/** Waits for a client's end. @throws {StepFailure} it goes on; `hints` are for that */
export async function endOf(
  running: Running,
  { program, after, hints, maxMs = END_MAX_MS }: EndOptions,
  connection?: Connection,
): Promise<number | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), maxMs);
  });
  try {
    const end = await Promise.race([running.ended(), late]);
    if (end) return end.status;
  } finally {
    clearTimeout(timer);
  }
  throw new StepFailure({
    what: `Expected ${program} to end ${after}, and it still ran ${maxMs / 1000} s later.`,
    transcript: [connection && String(connection.transcript), outputOf(running)]
      .filter(Boolean)
      .join("\n"),
    hints,
  });
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
export function isPlainError(stderr: string): boolean {
  return stderr.trim() !== "" && !/^\s+at .*[:(]/m.test(stderr);
}
