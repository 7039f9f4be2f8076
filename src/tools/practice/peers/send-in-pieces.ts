/** What a judge's web server does for a client under judgement: it takes a request, and answers in any number of pieces. */

import { setTimeout as pause } from "node:timers/promises";
import type { ClientRun } from "./client-run";
import { REQUEST_END } from "./hints";
import type { TcpConnection } from "./tcp-connection";

/** Between two pieces: time for the first to be received by itself. */
const BETWEEN_PIECES_MS = 4;

/** Receives a request, one character a byte. @throws {StepFailure} none comes */
export async function receiveRequest(client: ClientRun, accepted: TcpConnection): Promise<string> {
  const request = await accepted.until((received) => {
    const text = received.toString("latin1");
    return text.includes("\r\n\r\n") ? text : undefined;
  });
  if (request !== undefined) return request;
  throw client.failure({
    what: `Expected a request that ends with an empty line, and got ${JSON.stringify(accepted.received().toString("latin1"))}.`,
    hints: REQUEST_END,
  });
}

/** Sends each piece in a packet of its own. */
export async function sendApart(
  accepted: TcpConnection,
  pieces: Iterable<Uint8Array>,
): Promise<void> {
  let first = true;
  for (const piece of pieces) {
    if (!first) await pause(BETWEEN_PIECES_MS);
    first = false;
    await accepted.send(piece);
  }
}

/** Each byte by itself. */
export function* bytesOf(text: string): Generator<Uint8Array> {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
}
