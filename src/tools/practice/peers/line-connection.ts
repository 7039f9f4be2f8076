/** A judge's conversation with a server under judgement, line by line, and what to tell when it goes another way. */
import { setTimeout as pause } from "node:timers/promises";
import {
  type Address,
  type Bench,
  type FailureReport,
  type Hints,
  StepFailure,
} from "../judging/judge";
import { replayWithNc } from "../judging/transcript";
import { ANSWER_MAX_MS, type Connection, open } from "./tcp-connection";

/** Between two pieces: time for the first to be received by itself. */
const BETWEEN_PIECES_MS = 4;
const LINE_FEED = 10;

export class LineTalk {
  /** Bytes of what was received that `line` has given out. */
  #read = 0;

  /** This end; it is not known any more when the connection has ended. */
  readonly local: Address;

  constructor(readonly connection: Connection) {
    this.local = connection.local;
  }

  /**
   * Connects; closed after the step.
   * @param hints for a server that is not there, or not any more
   * @param from the address to call from
   * @throws {StepFailure} nothing accepts connections there
   */
  static async open(bench: Bench, hints: Hints, from?: string): Promise<LineTalk> {
    const address = await bench.server();
    try {
      const connection = await open(address, from);
      bench.after(() => connection.close());
      return new LineTalk(connection);
    } catch (error) {
      if (!(error instanceof StepFailure) || from) throw error;
      throw new StepFailure({ ...error.report, hints });
    }
  }

  /** Sends UTF-8 in one packet, or pieces that arrive apart. */
  async send(...pieces: readonly (string | Uint8Array)[]): Promise<void> {
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) await pause(BETWEEN_PIECES_MS);
      await this.connection.send(Buffer.from(piece as Uint8Array));
    }
  }

  /** The next line, without its end; undefined when none comes. */
  async line(timeoutMs = ANSWER_MAX_MS): Promise<string | undefined> {
    const found = await this.connection.until((received) => {
      const end = received.indexOf(LINE_FEED, this.#read);
      return end < 0 ? undefined : received.subarray(this.#read, end + 1);
    }, timeoutMs);
    this.#read += found?.length ?? 0;
    return found === undefined ? undefined : String(found).replace(/\r?\n$/, "");
  }

  /** What has come since the last line. */
  get rest(): string {
    return String(this.connection.received().subarray(this.#read));
  }

  /** In words, for "..., and got ...". */
  get got(): string {
    if (this.rest !== "") return `${JSON.stringify(this.rest)} without a line end`;
    if (this.connection.ending === "open") return "nothing";
    return this.connection.ending === "closed" ? "the end of the connection" : "a reset";
  }

  /** A failure that shows this conversation, and how to have it again with `nc`. */
  failure(report: FailureReport): StepFailure {
    const { connection } = this;
    return new StepFailure({
      transcript: String(connection.transcript),
      replay: replayWithNc(connection.address, connection.sent),
      ...report,
    });
  }
}
