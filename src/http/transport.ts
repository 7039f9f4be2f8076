/** The socket of a connection: what goes out, when reading pauses, and how long the client may take. */

import type { Socket } from "node:net";
import { type Endpoint, endpointOf } from "../sockets/endpoint";
import type { Clock } from "./clock";
import type { HttpLimits } from "./limits";
import { Outgoing } from "./outgoing";

export const NEVER = Number.POSITIVE_INFINITY;

export class Transport {
  readonly out: Outgoing;
  /** When the client must have sent more: the next request, its head, or its content. */
  readBy = NEVER;
  /** When the client must have taken what was sent, or, at the end, have closed too. */
  writeBy = NEVER;
  #paused = false;

  constructor(
    readonly socket: Socket,
    private readonly clock: Clock,
    readonly limits: HttpLimits,
  ) {
    this.out = new Outgoing(socket);
  }

  get remote(): Endpoint {
    return endpointOf(this.socket.remoteAddress, this.socket.remotePort);
  }

  /** The deadline for what may take `timeoutMs` from now on. */
  after(timeoutMs: number): number {
    return this.clock.after(timeoutMs);
  }

  /** Stops reading: more has arrived than is asked for. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.socket.pause();
  }

  /** Reads on; the client has `timeoutMs` to send. */
  awaitBytes(timeoutMs: number): void {
    this.readBy = this.after(timeoutMs);
    this.#resume();
  }

  /** Writes what was gathered. True if the client must take it before anything else happens. */
  flush(): boolean {
    this.out.flush();
    const { blocked } = this.out;
    this.writeBy = blocked ? this.after(this.limits.writeTimeoutMs) : NEVER;
    if (blocked) this.readBy = NEVER;
    return blocked;
  }

  /** Resolves when the client has taken enough, or is gone. */
  async taken(): Promise<void> {
    this.writeBy = this.after(this.limits.writeTimeoutMs);
    await this.out.drained();
    this.writeBy = NEVER;
  }

  /** The client has said nothing for a while: it may still be taking a response, but not for ever. */
  limitWriting(): void {
    this.readBy = NEVER;
    this.writeBy = this.after(this.limits.writeTimeoutMs);
  }

  /** Sends what is left and the end of the stream, then calls `ended`, and gives the client time to close. */
  end(ended: () => void): void {
    this.out.flush();
    this.limitWriting();
    this.socket.end(() => {
      this.writeBy = this.after(this.limits.lingerTimeoutMs);
      ended();
    });
    this.#resume();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.socket.resume();
  }
}
