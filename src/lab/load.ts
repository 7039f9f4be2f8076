// Load for HTTP servers: as many requests as they answer, for a set time, on bare sockets.
//
// It does less for each request than any server must, so that the server is what is measured: it looks
// for the end of the head and for Content-Length, and no further.

import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

export interface LoadOptions {
  readonly host?: string;
  readonly path?: string;
  /** The servers, by what they are called. */
  readonly targets: readonly LoadTarget[];
  /** How many clients ask at once, each as soon as it has its answer; LOAD_CLIENTS_MAX at most. */
  readonly clients: number;
  /** How often each server has its turn. */
  readonly rounds: number;
  /** How long a turn takes; LOAD_MAX_MS at most for all turns of all servers. */
  readonly roundMs: number;
  /** false: each request on a connection of its own. Otherwise as many as the server allows. */
  readonly keepAlive?: boolean;
}

export interface LoadTarget {
  readonly name: string;
  readonly port: number;
}

/** The figures of a server's middle round; failures are those of all its rounds. */
export interface LoadResult {
  readonly name: string;
  /** Answers with status 200 that came whole. */
  readonly answers: number;
  readonly answersPerSecond: number;
  /** Connections opened, the first ones included. */
  readonly connections: number;
  /** Answers with another status, and connections that broke before their answer was whole. */
  readonly failures: number;
  /** How long the answers took, in milliseconds: the middle one, and the one that 99 % did not exceed. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const LOAD_CLIENTS_MAX = 10_000;
export const LOAD_MAX_MS = 60_000;
/** A server that only fails must not be asked as fast as the processor allows. */
const AFTER_FAILURE_MS = 20;

const READ_BYTES = 64 * 1024;
const HEAD_END = "\r\n\r\n";
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CLOSE = /\r\nconnection: *close/i;

/**
 * Asks the servers in turn, round after round, and tells of each its middle round, so that no moment in
 * which the machine was busy decides. @throws RangeError when it would be more than the limits above
 */
export async function load(options: LoadOptions): Promise<LoadResult[]> {
  const { targets, clients, rounds, roundMs } = options;
  checkAtMost(clients, LOAD_CLIENTS_MAX, "clients");
  checkAtMost(rounds * roundMs * targets.length, LOAD_MAX_MS, "the milliseconds of all rounds");
  const results = new Map<string, LoadResult[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) results.get(target.name)?.push(await turn(target, options));
  }
  return [...results.values()].map(middle);
}

async function turn({ name, port }: LoadTarget, options: LoadOptions): Promise<LoadResult> {
  const { host = "127.0.0.1", path = "/", clients, roundMs, keepAlive = true } = options;
  const wish = keepAlive ? "" : "Connection: close\r\n";
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n${wish}\r\n`);
  const tally = new Tally();
  const all = Array.from(
    { length: clients },
    () => new LoadClient({ host, port }, request, tally, keepAlive),
  );
  const start = performance.now();
  for (const client of all) client.open();
  await pause(roundMs);
  const seconds = (performance.now() - start) / 1000;
  const { answers, failures, connections } = tally;
  await Promise.all(all.map((client) => client.stop()));
  return {
    name,
    answers,
    answersPerSecond: answers / seconds,
    connections,
    failures,
    p50Ms: tally.percentileMs(50),
    p99Ms: tally.percentileMs(99),
  };
}

function middle(rounds: readonly LoadResult[]): LoadResult {
  const sorted = [...rounds].sort((a, b) => a.answersPerSecond - b.answersPerSecond);
  const result = sorted[Math.floor(sorted.length / 2)];
  if (result === undefined) throw new RangeError("there must be a round at least");
  return { ...result, failures: rounds.reduce((sum, { failures }) => sum + failures, 0) };
}

class LoadClient {
  #socket: Socket | undefined;
  #text = "";
  #askedAt = 0;
  #stopped = false;
  readonly #place: { host: string; port: number };
  readonly #request: Buffer;
  readonly #tally: Tally;
  readonly #keepAlive: boolean;

  constructor(
    place: { host: string; port: number },
    request: Buffer,
    tally: Tally,
    keepAlive: boolean,
  ) {
    this.#place = place;
    this.#request = request;
    this.#tally = tally;
    this.#keepAlive = keepAlive;
  }

  open(): void {
    this.#tally.connections += 1;
    this.#text = "";
    this.#askedAt = performance.now();
    const socket = connect({ ...this.#place, noDelay: true, onread: this.#reader() });
    this.#socket = socket;
    socket.once("connect", () => socket.write(this.#request));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (socket === this.#socket && !this.#stopped) this.#failed();
    });
  }

  /** Resolves when its connection is closed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const socket = this.#socket;
    if (socket === undefined || socket.closed) return;
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.destroy();
    await closed;
  }

  /** Bytes come in a buffer that is used again, which is quicker than an event with a new one each. */
  #reader(): { buffer: Uint8Array; callback(bytes: number, buffer: Uint8Array): boolean } {
    return {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (bytes, buffer) => {
        // Each byte becomes one character: the length of the text is that of the bytes.
        this.#text += (buffer as Buffer).toString("latin1", 0, bytes);
        this.#read();
        return true;
      },
    };
  }

  #read(): void {
    const text = this.#text;
    const headEnd = text.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = text.slice(0, headEnd);
    const length = Number(LENGTH.exec(head)?.[1] ?? Number.POSITIVE_INFINITY);
    if (text.length < headEnd + HEAD_END.length + length) return;
    if (head.startsWith("HTTP/1.1 200 ")) this.#tally.answered(performance.now() - this.#askedAt);
    else this.#tally.failures += 1;
    this.#text = "";
    if (this.#keepAlive && !CLOSE.test(head)) {
      this.#askedAt = performance.now();
      this.#socket?.write(this.#request);
    } else {
      // A reset leaves no port waiting (TIME_WAIT), of which a machine has few thousand.
      this.#socket?.resetAndDestroy();
      this.open();
    }
  }

  #failed(): void {
    this.#tally.failures += 1;
    setTimeout(() => {
      if (!this.#stopped) this.open();
    }, AFTER_FAILURE_MS);
  }
}

/** Counts, and how often each duration was seen, to a hundredth of a millisecond. */
class Tally {
  answers = 0;
  failures = 0;
  connections = 0;
  readonly #counts = new Uint32Array(STEPS + 1);

  answered(ms: number): void {
    this.answers += 1;
    this.#counts[Math.min(STEPS, Math.round(ms / STEP_MS))] += 1;
  }

  percentileMs(percent: number): number {
    let left = Math.ceil((this.answers * percent) / 100);
    if (left === 0) return 0;
    const at = this.#counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return Number((at * STEP_MS).toFixed(2));
  }
}

const STEP_MS = 0.01;
/** Up to ten seconds; what takes longer counts as that. */
const STEPS = 1_000_000;

function checkAtMost(value: number, most: number, name: string): void {
  if (!(value > 0 && value <= most)) {
    throw new RangeError(`${name} must be above 0 and at most ${most}, not ${value}`);
  }
}
