/** A judge's web server for a client under judgement: it takes one request, and answers as a step says. */
import type { Connection } from "./conversation";
import { type Bench, type FailureReport, type Hints, type Running, StepFailure } from "./judge";
import { endOf, JudgeServer, outputOf } from "./judge-server";
import { pause } from "./line-talk";

/** Between two pieces: time for the first to be received by itself. */
const BETWEEN_PIECES_MS = 4;

/** A client that has connected, and its request, one character a byte. */
export interface Visit {
  readonly running: Running;
  readonly caller: Connection;
  readonly request: string;
  failure(report: FailureReport): StepFailure;
}

/** Runs the client with these arguments after `--host` and `--port`, and receives its request. @throws {StepFailure} none comes */
export async function visitFrom(
  bench: Bench,
  program: string,
  args: readonly string[],
): Promise<Visit> {
  const server = await JudgeServer.start(bench);
  const running = await bench.run(program, [...server.args, ...args]);
  return receiveRequest(running, await server.caller(running, program), program);
}

/** Receives a request from a client that has connected. @throws {StepFailure} none comes */
export async function receiveRequest(
  running: Running,
  caller: Connection,
  program: string,
): Promise<Visit> {
  const failure = (report: FailureReport) =>
    new StepFailure({ transcript: `${caller.transcript}\n${outputOf(running)}`, ...report });
  const request = await caller.until((received) => {
    const text = received.toString("latin1");
    return text.includes("\r\n\r\n") ? text : undefined;
  });
  if (request !== undefined) return { running, caller, request, failure };
  throw failure({
    what: `Expected a request that ends with an empty line, and got ${JSON.stringify(caller.received().toString("latin1"))}.`,
    hints: [
      "The server cannot know that your request is complete. What tells it?",
      "A request line, fields, and an empty line, each line ended by CR LF.",
      '`"GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n"`',
    ],
  });
}

/** Sends each piece in a packet of its own. */
export async function sendApart(caller: Connection, pieces: Iterable<Uint8Array>): Promise<void> {
  let first = true;
  for (const piece of pieces) {
    if (!first) await pause(BETWEEN_PIECES_MS);
    first = false;
    await caller.send(piece);
  }
}

/** Each byte by itself. */
export function* bytesOf(text: string): Generator<Uint8Array> {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
}

/** Waits for the client's end; when it has ended its side, the judge ends its own. */
export async function endOfVisit(
  { running, caller }: Visit,
  program: string,
  after: string,
  hints: Hints,
): Promise<number | null> {
  void caller
    .until((_received, ending) => (ending === "open" ? undefined : ending))
    .then(() => caller.end());
  return endOf(running, { program, after, hints }, caller);
}
