/** One connection to a server under test: what is sent, and the response, with a transcript for whoever has to mend it. */
import { connect, type Socket } from "node:net";
import { expect } from "vitest";

/** Where the server under test listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The longest that a test waits for a server to say something, where nothing else is said. */
export const ANSWER_MAX_MS = 5_000;
const RESPONSE_MAX_BYTES = 1024 * 1024;

export interface SendOptions {
  /** Where to cut what is sent: a write, and a packet, for each piece. */
  readonly cuts?: readonly number[];
  /** Ends our side after sending, as a client that has left does. */
  readonly end?: boolean;
  readonly timeoutMs?: number;
}

/** A response, taken apart, and the conversation around it. */
export interface Answer {
  /** 0 if no response came. */
  readonly status: number;
  /** By lower-case name; a repeated field is joined with ", ". */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
  /** Bytes received in all. */
  readonly bytes: number;
  /** How it was: what was sent, what came back, and a command that does it again. */
  readonly transcript: string;
}

/** The pieces of `bytes` between the cuts. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts, bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

/** A client's socket that is connected, sends what it is told without delay, and keeps what it receives. */
export async function open({ host, port }: Address): Promise<Socket & { received: () => Buffer }> {
  const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > RESPONSE_MAX_BYTES) socket.destroy(new Error("the response does not end"));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return Object.assign(socket, { received: () => Buffer.concat(chunks) });
}

/** True when `response` holds a whole response to `method`, so that nothing more need be awaited. */
function isWhole(response: Buffer, method: string): boolean {
  const { status, fields, body, interim } = parse(response, method);
  if (status === 0 || interim) return false;
  const length = fields.get("content-length");
  return method === "HEAD" || (length !== undefined && body.length >= Number(length));
}

function parse(bytes: Buffer, method: string) {
  const end = bytes.indexOf("\r\n\r\n");
  const head = end < 0 ? "" : bytes.toString("latin1", 0, end);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const [, code = "0"] = /^HTTP\/1\.[01] (\d{3}) [\t -~]*$/.exec(statusLine) ?? [];
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    const earlier = fields.get(name.toLowerCase());
    fields.set(name.toLowerCase(), earlier === undefined ? value : `${earlier}, ${value}`);
  }
  const body = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4);
  const interim = code.startsWith("1");
  if (!interim || body.length === 0) return { status: Number(code), fields, body, interim };
  return parse(body, method);
}

/**
 * Sends a request, one character a byte, and resolves with the response: at its end, when the server
 * closes, or when the time is up. An interim response (100 Continue) is passed over.
 */
export async function ask(address: Address, request: string, options: SendOptions = {}) {
  const bytes = Buffer.from(request, "latin1");
  const method = request.slice(0, request.indexOf(" "));
  const { cuts = [], end = false, timeoutMs = ANSWER_MAX_MS } = options;
  const socket = await open(address);
  let ending = "";
  const over = new Promise<void>((resolve) => {
    const finish = (how: string) => () => {
      ending ||= how;
      resolve();
    };
    const timer = setTimeout(finish(`(waited ${timeoutMs} ms)`), timeoutMs);
    socket.once("close", () => clearTimeout(timer));
    socket.on("error", (error: NodeJS.ErrnoException) => finish(`(${error.code})`)());
    socket.once("end", finish("(the server closed)"));
    socket.once("close", finish("(closed)"));
    socket.on("data", () => {
      if (isWhole(socket.received(), method)) finish("(whole)")();
    });
  });
  for (const piece of pieces(bytes, cuts)) {
    // A write at a time: the next waits until the system has this one.
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  }
  if (end) socket.end();
  await over;
  const received = socket.received();
  socket.destroy();
  return answerOf(address, bytes, received, ending, method);
}

function answerOf(
  { host, port }: Address,
  sent: Buffer,
  received: Buffer,
  ending: string,
  method: string,
): Answer {
  const { status, fields, body } = parse(received, method);
  const again = `printf '${forPrintf(sent)}' | nc -q 2 ${host} ${port}`;
  const transcript = [
    "",
    `--- sent\n${shorten(sent)}`,
    `--- received ${ending}\n${shorten(received)}`,
    `--- again, in a shell\n${sent.length > 2_000 ? "(too long to show)" : again}`,
    "---",
  ].join("\n");
  return { status, fields, body: String(body), bytes: received.length, transcript };
}

const SHOWN_MAX_CHARACTERS = 1_000;
function shorten(bytes: Buffer): string {
  const text = bytes.toString("latin1").replaceAll("\r\n", "\n");
  const visible = text.replace(/[^\n -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
  if (visible.length <= SHOWN_MAX_CHARACTERS) return visible;
  return `${visible.slice(0, SHOWN_MAX_CHARACTERS)}... (${bytes.length} bytes)`;
}

function forPrintf(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replaceAll("\\", "\\\\")
    .replaceAll("%", "%%")
    .replaceAll("\r", "\\r")
    .replaceAll("\n", "\\n")
    .replace(/[^ -~]|'/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

/** Expects a status; the failure shows the conversation, and what to look for. */
export function expectStatus(answer: Answer, status: number, hint = ""): void {
  const found = answer.status === 0 ? "no HTTP response" : String(answer.status);
  const message = `${hint || "the status"}: ${found} instead of ${status}${answer.transcript}`;
  expect(answer.status, message).toBe(status);
}
