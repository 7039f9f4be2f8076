// The client's ends of a kernel's channels: signed messages out, authentic ones in.

import { randomUUID } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import { address, type ConnectionInfo } from "./connection";
import { BadMessage, type Content, createHeader, decode, encode, type Message } from "./protocol";

/** Output that waits here for a slow reader, in messages; then the kernel waits. */
const IOPUB_HIGH_WATER_MARK = 128;

type Incoming = "shell" | "control" | "iopub";

export class Channels {
  private readonly session = randomUUID();
  private readonly shell: Dealer;
  private readonly control: Dealer;
  private readonly iopub: Subscriber;

  constructor(
    private readonly connection: ConnectionInfo,
    onMessage: (message: Message, channel: Incoming) => void,
  ) {
    const routingId = this.session;
    this.shell = new Dealer({ linger: 0, routingId, sendHighWaterMark: 0 });
    this.control = new Dealer({ linger: 0, routingId, sendHighWaterMark: 0 });
    this.iopub = new Subscriber({ linger: 0, receiveHighWaterMark: IOPUB_HIGH_WATER_MARK });
    this.iopub.subscribe("");
    for (const channel of ["iopub", "control", "shell"] as const) {
      this[channel].connect(address(connection, channel));
      void this.listen(this[channel], (message) => onMessage(message, channel));
    }
  }

  /** @returns the id of the message, by which replies name it. */
  send(channel: "shell" | "control", msgType: string, content: Content, metadata: Content): string {
    const header = createHeader(msgType, this.session, "socket-lab");
    const message: Message = { identities: [], header, parent: {}, metadata, content };
    // Fails only after close(), and then the caller has been told of the kernel's death.
    this[channel].send(encode(message, this.connection.key)).catch(() => {});
    return header.msg_id;
  }

  close(): void {
    for (const socket of [this.shell, this.control, this.iopub]) socket.close();
  }

  private async listen(
    socket: AsyncIterable<Buffer[]>,
    handle: (message: Message) => void,
  ): Promise<void> {
    for await (const frames of socket) {
      let message: Message;
      try {
        message = decode(frames, this.connection.key);
      } catch (error) {
        if (error instanceof BadMessage) continue;
        throw error;
      }
      handle(message);
    }
  }
}
