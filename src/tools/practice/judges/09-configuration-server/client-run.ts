/** Runs `config_client` against a server of the judge's, and shows what both said. */

import { endWithin } from "../../judging/end-within";
import type { StepContext } from "../../judging/judge";
import { type Hints, StepFailure } from "../../judging/step-failure";
import { CLIENT_END } from "./hints";
import type { ScriptedServer } from "./scripted-server";

const CLIENT = "config_client";
const LIMIT_MS = 10_000;

interface Ended {
  readonly command: string;
  readonly replay: string;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly server: ScriptedServer;
}

/** @throws {StepFailure} it does not end */
export async function runClient(
  context: StepContext,
  server: ScriptedServer,
  ...words: readonly string[]
): Promise<Ended> {
  const running = await context.run(CLIENT, ["--port", `${server.port}`, ...words]);
  const end = await endWithin(running, context.limit(LIMIT_MS), context.signal);
  const said = { stdout: running.stdout(), stderr: running.stderr() };
  // The judge's server has gone; the lab's own takes the same command.
  const replay = context.commandFor(CLIENT, ["--port", "8000", ...words]);
  const ended = { command: words.join(" "), replay, status: end?.status ?? null, ...said, server };
  if (end) return ended;
  throw failure(
    ended,
    `Expected ${CLIENT} ${ended.command} to end, and it has not after ${LIMIT_MS / 1_000} s.`,
    CLIENT_END,
  );
}

export function failure(
  { command, replay, stdout, stderr, server }: Ended,
  what: string,
  hints: Hints,
): StepFailure {
  const lines = (text: string, sign: string) =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => `${sign} ${line}`);
  const transcript = [
    `$ ${CLIENT} ${command}`,
    ...server.seen.map(({ line, fields }) => `> ${line}${told(fields)}`),
    ...lines(stdout, "|"),
    ...lines(stderr, "!"),
  ].join("\n");
  return new StepFailure({ what, transcript, replay, hints });
}

const TOLD = ["if-match", "if-none-match", "authorization", "content-type"];
const told = (fields: Readonly<Record<string, unknown>>) =>
  TOLD.filter((name) => fields[name] !== undefined)
    .map((name) => `  ${name}: ${fields[name]}`)
    .join("");

export function expectDone(ended: Ended, hints: Hints): void {
  if (ended.status === 0) return;
  throw failure(
    ended,
    `Expected exit status 0 of ${CLIENT} ${ended.command}, and got ${ended.status}.`,
    hints,
  );
}
