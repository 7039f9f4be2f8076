/** An HTTP response as it comes out of a socket: taken apart, and if it is none, why not. RFC 9112, sections 4, 6 and 7.1. */

import type { Address } from "../judging/judge";
import { replayRequest } from "../judging/replay";
import { StepFailure, type StepFailureFields } from "../judging/step-failure";
import type { Transcript } from "../judging/transcript";
import { ANSWER_MAX_MS, open, type TcpConnection } from "./tcp-connection";

export interface RequestOptions {
  /** Of the request, when its beginning was sent before. */
  readonly method?: string;
  /** Where to cut what is sent: a write, and a packet, for each piece. */
  readonly cuts?: readonly number[];
  /** Ends our side after sending, as a client that has left does. */
  readonly end?: boolean;
  readonly timeoutMs?: number;
}

/** A response, and the conversation around it. */
export interface ReceivedResponse {
  /** 0 if no response came. */
  readonly status: number;
  /** By lower-case name; a repeated field is joined with ", ". */
  readonly fields: ReadonlyMap<string, string>;
  /** Decoded as UTF-8, its chunks joined. */
  readonly body: string;
  /** All that was received. */
  readonly raw: Buffer;
  /** Whether the response came to its end, by its own account or because the server closed. */
  readonly whole: boolean;
  readonly closed: boolean;
  /** The conversation up to its end. */
  readonly transcript: Transcript;
  readonly replay: string | undefined;
}

/**
 * Sends a request, one character a byte, and resolves with the response: at its end, when the server
 * closes, or when the time is up. An interim response (100 Continue) is passed over.
 *
 * @throws {StepFailure} nothing accepts connections there
 */
export async function sendRequest(
  address: Address,
  request: string,
  options: RequestOptions = {},
): Promise<ReceivedResponse> {
  const connection = await open(address);
  try {
    return await sendRequestOn(connection, request, options);
  } finally {
    connection.close();
  }
}

/** The same on a connection that is open, and stays open. What came on it before is no part of the answer. */
export async function sendRequestOn(
  connection: TcpConnection,
  request: string,
  { cuts = [], end = false, timeoutMs = ANSWER_MAX_MS, method }: RequestOptions = {},
): Promise<ReceivedResponse> {
  const bytes = Buffer.from(request, "latin1");
  const before = connection.received().length;
  const places = [0, ...cuts, bytes.length];
  for (const [i, place] of places.slice(1).entries()) {
    await connection.send(bytes.subarray(places[i], place));
  }
  if (end) connection.end();
  const asked = method ?? request.slice(0, request.indexOf(" "));
  return readResponse(connection, asked, before, timeoutMs);
}

/** Reads a response to `method` from what comes after the first `before` bytes. */
export async function readResponse(
  connection: TcpConnection,
  method: string,
  before = 0,
  timeoutMs = ANSWER_MAX_MS,
): Promise<ReceivedResponse> {
  await connection.until(
    (received) => parse(received.subarray(before), method, false).whole || undefined,
    timeoutMs,
  );
  const closed = connection.ending !== "open";
  const raw = connection.received().subarray(before);
  return {
    ...parse(raw, method, connection.ending === "closed"),
    raw,
    closed,
    transcript: connection.transcript.copy(),
    replay: replayRequest(connection.address, connection),
  };
}

interface Parsed {
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
  readonly whole: boolean;
}

function parse(bytes: Buffer, method: string, closed: boolean): Parsed {
  const end = bytes.indexOf("\r\n\r\n");
  const head = end < 0 ? "" : bytes.toString("latin1", 0, end);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const status = Number(
    /^HTTP\/1\.[01] (\d{3})(?: [\t -~\x80-\xff]*)?$/.exec(statusLine)?.[1] ?? 0,
  );
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    const earlier = fields.get(name.toLowerCase());
    fields.set(name.toLowerCase(), earlier === undefined ? value : `${earlier}, ${value}`);
  }
  const rest = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4);
  if (status === 0) return { status, fields, body: "", whole: false };
  if (status < 200) {
    if (rest.length > 0) return parse(rest, method, closed);
    return { status: 0, fields, body: "", whole: false };
  }
  if (method === "HEAD" || status === 204 || status === 304) {
    return { status, fields, body: String(rest), whole: true };
  }
  if (/\bchunked$/i.test(fields.get("transfer-encoding") ?? "")) {
    return { status, fields, ...joinChunks(rest) };
  }
  const length = fields.get("content-length");
  if (length === undefined) return { status, fields, body: String(rest), whole: closed };
  return {
    status,
    fields,
    body: String(rest.subarray(0, Number(length))),
    whole: rest.length >= Number(length),
  };
}

function joinChunks(bytes: Buffer): { body: string; whole: boolean } {
  const pieces: Buffer[] = [];
  const result = (whole: boolean) => ({ body: String(Buffer.concat(pieces)), whole });
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = lineEnd < 0 ? Number.NaN : parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (Number.isNaN(size)) return result(false);
    if (size === 0) return result(bytes.includes("\r\n\r\n", lineEnd));
    pieces.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

/** A failure with the answer's conversation in it. */
export function responseFailure(
  { transcript, replay }: ReceivedResponse,
  report: Omit<StepFailureFields, "transcript">,
): StepFailure {
  return new StepFailure({
    transcript: String(transcript),
    ...(replay !== undefined && { replay }),
    ...report,
  });
}
