// The iopub channel: what cells print and show, in order, to every front end that listens.
// A slow front end holds a printing cell back; one that stops reading loses output after a while, so
// that it cannot stop the kernel.

import { StringDecoder } from "node:string_decoder";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { XPublisher } from "zeromq";
import { type Content, createHeader, encode, type Header, type Message } from "./protocol";
import type { TextRing } from "./text-ring";

/** Printed text is sent in messages of about this size at most. */
const STREAM_MESSAGE_CHARS = 1 << 16;
/** Messages that ZeroMQ holds for one front end before we wait for it. */
export const IOPUB_HIGH_WATER_MARK = 256;
/** How long a front end may stop reading before its messages are dropped. */
const STALLED_READER_MS = 10_000;
/** How long messages are dropped for it before we wait for it again. */
const DROPPING_MS = 30_000;
/** Time between two attempts to send to a reader that is slow. */
const RETRY_MS = 2;
/** Text that arrives within this time is sent in one message. */
const BATCH_MS = 4;

export type Parent = Header | Record<string, never>;
type Job = () => Promise<void> | void;

export class Iopub {
  /** Headers of the requests seen, so that late output still names the cell that printed it. */
  readonly parents = new Map<number, Header>();

  private readonly jobs: Job[] = [];
  private running: Promise<void> | undefined;
  private readonly decoders = new Map<string, StringDecoder>();
  private batch: NodeJS.Timeout | undefined;
  private waitAgainAt = 0;
  private dropping = false;

  constructor(
    private readonly socket: XPublisher,
    private readonly ring: TextRing,
    private readonly session: string,
    private readonly key: string,
  ) {}

  /** Sends a message after everything queued so far. */
  publish(parent: Parent, msgType: string, content: Content): void {
    this.enqueue(() => this.send(parent, msgType, content));
  }

  /** Runs `job` after everything queued so far is with ZeroMQ. */
  enqueue(job: Job): void {
    this.jobs.push(job);
    this.running ??= this.run();
  }

  /** Printed text is waiting in the ring. */
  textArrived(): void {
    this.batch ??= setTimeout(() => {
      this.batch = undefined;
      this.enqueue(async () => {
        do await this.sendText(this.ring.written);
        while (!this.ring.rest());
      });
    }, BATCH_MS);
  }

  /** Sends printed text up to a position of the ring before anything queued from now on. */
  textUntil(position: number): void {
    this.enqueue(() => this.sendText(position));
  }

  /** Resolves when everything queued so far is with ZeroMQ. */
  flushed(): Promise<void> {
    return new Promise((resolve) => this.enqueue(resolve));
  }

  private async run(): Promise<void> {
    // The first job may come from inside another's synchronous part: start on a clean stack.
    await null;
    for (let job = this.jobs.shift(); job; job = this.jobs.shift()) await job();
    this.running = undefined;
  }

  private async sendText(until: number): Promise<void> {
    let request = 0;
    let name = "";
    let text = "";
    const flush = async () => {
      if (text !== "") {
        await this.send(this.parents.get(request) ?? {}, "stream", { name, text });
        // Other events need their turn, and sent messages are freed only then.
        await nextTurn();
      }
      text = "";
    };
    for (let record = this.ring.read(until); record; record = this.ring.read(until)) {
      if (record.request !== request || record.name !== name) {
        await flush();
        ({ request, name } = record);
      }
      text += this.decoder(request, name).write(record.bytes as Buffer);
      if (text.length >= STREAM_MESSAGE_CHARS) await flush();
    }
    await flush();
  }

  private decoder(request: number, name: string): StringDecoder {
    const id = `${request} ${name}`;
    let decoder = this.decoders.get(id);
    if (!decoder) {
      decoder = new StringDecoder("utf8");
      this.decoders.set(id, decoder);
    }
    return decoder;
  }

  private dropWhenFull(drop: boolean): void {
    if (drop === this.dropping) return;
    this.dropping = drop;
    // The binding warns that options may wait for the next bind; this one takes effect at once.
    const { emitWarning } = process;
    process.emitWarning = () => {};
    this.socket.noDrop = !drop;
    process.emitWarning = emitWarning;
  }

  private async send(parent: Parent, msgType: string, content: Content): Promise<void> {
    const message: Message = {
      identities: [Buffer.from(`kernel.${this.session}.${msgType}`)],
      header: createHeader(msgType, this.session),
      parent,
      metadata: {},
      content,
    };
    const frames = encode(message, this.key);
    // Publishing sockets count as writable also when a reader's queue is full: we have to try again.
    const giveUpAt = Date.now() + STALLED_READER_MS;
    if (Date.now() >= this.waitAgainAt) this.dropWhenFull(false);
    while (!(await this.trySend(frames))) {
      if (Date.now() >= giveUpAt) {
        this.waitAgainAt = Date.now() + DROPPING_MS;
        this.dropWhenFull(true);
      } else await sleep(RETRY_MS);
    }
  }

  /** False when a reader's queue is full. */
  private async trySend(frames: (Buffer | string)[]): Promise<boolean> {
    try {
      await this.socket.send(frames);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN" && !this.dropping) return false;
      // The socket has been closed: the kernel ends.
    }
    return true;
  }
}
