/** A judge's UDP socket: datagrams to and from the program under judgement, with a transcript. */
import { bind, type UdpSocket } from "../../../sockets/udp";
import type { Address, StepContext } from "../judging/judge";
import { replayUdp } from "../judging/replay";
import { StepFailure, type StepFailureFields } from "../judging/step-failure";
import { Transcript } from "../judging/transcript";
import { stepAddress } from "./step-address";

/** How long an answer may take on one machine, where datagrams are hardly ever lost. */
export const DATAGRAM_MAX_MS = 2_000;
const DATAGRAM_MAX_BYTES = 2048;

export class UdpExchange {
  readonly transcript = new Transcript();
  #sent: Buffer = Buffer.alloc(0);

  private constructor(
    private readonly socket: UdpSocket,
    private readonly to: Address,
    private readonly signal: AbortSignal,
  ) {}

  /** Binds a socket of its own, closed after the step. */
  static async open(context: StepContext, to: Address): Promise<UdpExchange> {
    const host = to.host.includes(":")
      ? "::"
      : to.host.startsWith("127.")
        ? await stepAddress(context)
        : "0.0.0.0";
    const socket = await bind({ host, port: 0 });
    context.after(() => socket.close());
    return new UdpExchange(socket, to, context.signal);
  }

  /** Where the judge sends from. */
  get local(): Address {
    return this.socket.local;
  }

  async send(data: string | Uint8Array): Promise<void> {
    this.#sent = Buffer.from(data as Uint8Array);
    this.transcript.sent(this.#sent);
    this.transcript.note(`one datagram, ${this.#sent.length} bytes`);
    await this.socket.sendto(this.#sent, this.to);
  }

  /** The text of the next datagram, without a line end; undefined when none comes in time. */
  async receive(timeout = DATAGRAM_MAX_MS): Promise<string | undefined> {
    const data = await this.receiveBytes(timeout);
    return data && String(data).replace(/\r?\n$/, "");
  }

  /** The next datagram; undefined when none comes in time. */
  async receiveBytes(timeout = DATAGRAM_MAX_MS): Promise<Buffer | undefined> {
    try {
      const { data } = await this.socket.recvfrom(DATAGRAM_MAX_BYTES, { timeout });
      this.transcript.received(data);
      return data;
    } catch {
      this.signal.throwIfAborted();
      this.transcript.note(`no datagram within ${timeout / 1000} s`);
      return undefined;
    }
  }

  /** A failure that shows this conversation, and how to repeat its last datagram. */
  failure(fields: StepFailureFields): StepFailure {
    return new StepFailure({
      transcript: String(this.transcript),
      replay: replayUdp(this.to, this.#sent),
      ...fields,
    });
  }
}
