/** Part 7's judge calls from many addresses of this machine, and compares what each is answered. */

import { isIPv4 } from "node:net";
import { drawnAddress } from "../../../../lab/own-address";
import type { Address, StepContext } from "../../judging/judge";
import { type Hints, StepFailure } from "../../judging/step-failure";
import { open, type TcpConnection } from "../../peers/tcp-connection";
import { MANY_ADDRESSES } from "./hints";

/** More than an address may ask, in a window that does not end meanwhile. */
const BURST = 25;
/** The same for a server with windows of its own: they fall into two of those, or three. */
const REMOTE_BURST = 61;

/** An address of this machine that nobody has used before, as far as one can tell. @throws {StepFailure} the server is not on this machine */
export function freshAddress(server: Address): string {
  if (isIPv4(server.host) && server.host.startsWith("127.")) return drawnAddress();
  throw new StepFailure({
    what: `This part is judged from many addresses, and only a server on 127.0.0.1 sees them; this one is on ${server.host}.`,
    hints: MANY_ADDRESSES,
  });
}

export interface ReceivedResponse {
  /** 0 when none came. */
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly connection: TcpConnection;
}

/** One request over a connection of its own. */
export async function ask(
  context: StepContext,
  server: Address,
  from: string,
): Promise<ReceivedResponse> {
  const connection = await open(server, from);
  context.after(() => connection.close());
  await connection.send(
    `GET / HTTP/1.1\r\nHost: ${server.host}:${server.port}\r\nConnection: close\r\n\r\n`,
  );
  const head = await connection.until((received) => {
    const text = received.toString("latin1");
    return text.includes("\r\n\r\n") ? text : undefined;
  });
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head ?? "")?.[1] ?? 0);
  const retryAfter = /^Retry-After:[ \t]*(.*?)[ \t]*\r$/im.exec(head ?? "")?.[1];
  return { status, retryAfter, connection };
}

export async function askOften(
  context: StepContext,
  server: Address,
  from: string,
  count: number,
): Promise<ReceivedResponse[]> {
  const answers: ReceivedResponse[] = [];
  for (let i = 0; i < count; i += 1) answers.push(await ask(context, server, from));
  return answers;
}

/** Asks more often than allowed, in one go. */
export function askAtOnce(
  context: StepContext,
  server: Address,
  from: string,
): Promise<ReceivedResponse[]> {
  const length = context.output() === undefined ? REMOTE_BURST : BURST;
  return Promise.all(Array.from({ length }, () => ask(context, server, from)));
}

export const count = (answers: readonly ReceivedResponse[], status: number) =>
  answers.filter((answer) => answer.status === status).length;
export const told = (answers: readonly ReceivedResponse[]) =>
  [...new Set(answers.map(({ status }) => status))]
    .map((status) => `${count(answers, status)} times ${status || "no answer"}`)
    .join(", ");

export function failure(
  what: string,
  hints: Hints,
  { connection }: ReceivedResponse,
  server: Address,
): StepFailure {
  const { host, port } = server;
  return new StepFailure({
    what,
    transcript: String(connection.transcript),
    replay: `for i in $(seq 25); do curl -s -o /dev/null -w '%{http_code} ' http://${host}:${port}/; done`,
    hints,
  });
}

/** @throws {StepFailure} another status than 200 */
export async function expectAnswered(
  context: StepContext,
  server: Address,
  from: string,
  when: string,
  hints: Hints,
) {
  const answer = await ask(context, server, from);
  if (answer.status === 200) return;
  const got = answer.status || "no answer";
  throw failure(`Expected the status 200 ${when}, and got ${got}.`, hints, answer, server);
}
