/** One TCP connection to a server under judgement: what is sent, what comes back, and a transcript of both. */

import { connect, type Socket } from "node:net";
import { Changes } from "../../../lab/changes";
import { systemCode } from "../../../program/system-code";
import type { Address } from "../judging/judge";
import type { Leaving } from "../judging/replay";
import { StepFailure } from "../judging/step-failure";
import { Transcript } from "../judging/transcript";
import { NOTHING_LISTENS } from "./hints";

/** The longest that a step waits for a server to say something, where nothing else is said. */
export const ANSWER_MAX_MS = 5_000;
const CONNECT_MAX_MS = 5_000;
const RECEIVED_MAX_BYTES = 1024 * 1024;

export type Ending = "open" | "closed" | "reset" | "too long";

export class TcpConnection {
  readonly address: Address;
  readonly transcript = new Transcript();
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  readonly #changes = new Changes();
  #bytes = 0;
  #sent: Buffer[] = [];
  #ending: Ending = "open";
  #broken = false;
  /** How this end was left. */
  left: Leaving = "open";

  /** @param peer for the transcript */
  constructor(address: Address, socket: Socket, peer: "server" | "client" = "server") {
    this.address = address;
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      this.transcript.received(chunk);
      if (this.#bytes > RECEIVED_MAX_BYTES) {
        this.#end("too long", `stopped reading after ${this.#bytes} bytes`);
        socket.destroy();
      }
      this.#changes.tell();
    });
    socket.on("end", () => this.#end("closed", `the ${peer} closed the connection`));
    socket.on("error", (error) => {
      this.#broken = true;
      this.#end("reset", `the connection broke (${systemCode(error) || error.message})`);
    });
    socket.on("close", () => this.#end("closed"));
  }

  #end(ending: Ending, note?: string): void {
    if (this.#ending !== "open") return;
    this.#ending = ending;
    if (note !== undefined) this.transcript.note(note);
    this.#changes.tell();
  }

  /** This end. */
  get local(): Address {
    return { host: this.#socket.localAddress ?? "", port: this.#socket.localPort ?? 0 };
  }

  /** All that has come so far. */
  received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** All that was sent so far. */
  get sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  /** How the peer has ended its side, if it has. */
  get ending(): Ending {
    return this.#ending;
  }

  /** True if it was reset at any time, also after the peer had ended its side. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Writes text, one character a byte, or bytes; resolves when the system has them. It does not fail when the peer has gone. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : Buffer.from(data);
    this.#sent.push(bytes);
    this.transcript.sent(bytes);
    if (this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#socket.write(bytes, () => resolve());
    });
  }

  /** Ends this side, as a program that has nothing more to send does. */
  end(): void {
    this.left = "end";
    this.transcript.note(`the judge ended its side`);
    this.#socket.end();
  }

  /** Leaves with a reset, as a program that crashes does. */
  reset(): void {
    this.left = "reset";
    this.transcript.note("the judge reset the connection");
    this.#socket.resetAndDestroy();
  }

  close(): void {
    this.#socket.destroy();
  }

  /**
   * Resolves with what `find` finds in what was received; it is asked now, after every piece, and at the end.
   * undefined: the server closed or the time was up first, which the transcript then says.
   */
  async until<T>(
    find: (received: Buffer, ending: Ending) => T | undefined,
    timeoutMs = ANSWER_MAX_MS,
  ): Promise<T | undefined> {
    try {
      return await this.#changes.until(
        () => find(this.received(), this.#ending),
        () => this.#ending !== "open",
        timeoutMs,
        () => new NothingFound(),
      );
    } catch (error) {
      if (!(error instanceof NothingFound)) throw error;
      if (this.#ending === "open")
        this.transcript.note(`nothing more within ${timeoutMs / 1000} s`);
      return undefined;
    }
  }
}

class NothingFound extends Error {}

/**
 * Connects to a server under judgement. The caller must close it: `context.after(() => connection.close())`.
 * @param from the address to call from, where it is not for the system to choose
 * @throws {StepFailure} nothing accepts connections there, or this machine has no such address to call from
 */
export async function open(address: Address, from?: string): Promise<TcpConnection> {
  const { host, port } = address;
  const local = from === undefined ? {} : { localAddress: from };
  const socket = connect({ host, port, ...local, noDelay: true, allowHalfOpen: true });
  const connection = new TcpConnection(address, socket);
  const timer = setTimeout(() => socket.destroy(new Error("ETIMEDOUT")), CONNECT_MAX_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return connection;
  } catch (error) {
    const code = systemCode(error) || (error instanceof Error ? error.message : String(error));
    if (code === "EADDRNOTAVAIL" && from !== undefined) throw noSuchAddress(from);
    throw new StepFailure({
      what: `Nothing accepts connections at ${host}:${port} (${code}).`,
      replay: `nc -v ${host} ${port}`,
      hints: NOTHING_LISTENS,
    });
  } finally {
    clearTimeout(timer);
  }
}

function noSuchAddress(from: string): StepFailure {
  return new StepFailure({
    what: `This step calls from ${from}, which is no address of this machine.`,
    hints: [
      "This is about your machine, not about your program.",
      "Linux has every address from 127.0.0.1 to 127.255.255.254, macOS the first of them only.",
      `On macOS give it the address for now: \`sudo ifconfig lo0 alias ${from}\`.`,
    ],
  });
}
