/** A judge's connection to a server under judgement that exchanges lines. */
import { setTimeout as pause } from "node:timers/promises";
import type { Address, StepContext } from "../judging/judge";
import { replayTcp } from "../judging/replay";
import { type Hints, StepFailure, type StepFailureFields } from "../judging/step-failure";
import { ANSWER_MAX_MS, open, type TcpConnection } from "./tcp-connection";

/** Between two pieces: time for the first to be received by itself. */
const BETWEEN_PIECES_MS = 4;
const LINE_FEED = 10;

export class LineConnection {
  /** Bytes of what was received that `line` has given out. */
  #read = 0;

  /** This end; it is not known any more when the connection has ended. */
  readonly local: Address;

  constructor(readonly tcp: TcpConnection) {
    this.local = tcp.local;
  }

  /**
   * Connects; closed after the step.
   * @param hints for a server that is not there, or not any more
   * @param from the address to call from
   * @throws {StepFailure} nothing accepts connections there
   */
  static async open(context: StepContext, hints: Hints, from?: string): Promise<LineConnection> {
    const address = await context.server();
    try {
      const connection = await open(address, from);
      context.after(() => connection.close());
      return new LineConnection(connection);
    } catch (error) {
      if (!(error instanceof StepFailure) || from) throw error;
      throw error.with({ hints });
    }
  }

  /** Sends UTF-8 in one packet, or pieces that arrive apart. */
  async send(...pieces: readonly (string | Uint8Array)[]): Promise<void> {
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) await pause(BETWEEN_PIECES_MS);
      await this.tcp.send(Buffer.from(piece as Uint8Array));
    }
  }

  /** The next line, without its end; undefined when none comes. */
  async line(timeoutMs = ANSWER_MAX_MS): Promise<string | undefined> {
    const found = await this.tcp.until((received) => {
      const end = received.indexOf(LINE_FEED, this.#read);
      return end < 0 ? undefined : received.subarray(this.#read, end + 1);
    }, timeoutMs);
    this.#read += found?.length ?? 0;
    return found === undefined ? undefined : String(found).replace(/\r?\n$/, "");
  }

  /** What has come since the last line. */
  get rest(): string {
    return String(this.tcp.received().subarray(this.#read));
  }

  /** In words, for "..., and got ...". */
  get got(): string {
    if (this.rest !== "") return `${JSON.stringify(this.rest)} without a line end`;
    if (this.tcp.ending === "open") return "nothing";
    return this.tcp.ending === "closed" ? "the end of the connection" : "a reset";
  }

  /** A failure that shows this conversation, and how to repeat it. */
  failure(fields: StepFailureFields): StepFailure {
    return new StepFailure({
      transcript: String(this.tcp.transcript),
      replay: replayTcp(this.tcp.address, this.tcp),
      ...fields,
    });
  }
}
