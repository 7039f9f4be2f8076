/** For a UDP sender under judgement: a receiver of the judge's, and a network that loses, doubles and delays. */
import { bind, type UdpSocket } from "../../../sockets/udp";
import type { Address, StepContext } from "../judging/judge";
import { Transcript } from "../judging/transcript";

/** How one datagram is treated. */
export interface Delivery {
  readonly arrives?: boolean;
  readonly answers?: readonly string[];
}

/** A receiver that decides on the fate of every datagram. */
export class TestReceiver {
  readonly transcript = new Transcript();
  /** Every datagram that came. */
  readonly heard: string[] = [];
  /** What was answered to each. */
  readonly answers: (readonly string[])[] = [];
  /** Those that were let through. */
  readonly arrived: string[] = [];

  private constructor(private readonly socket: UdpSocket) {}

  /** Binds a port of 127.0.0.1, closed after the step. `fate` is told how often the same datagram has come by now. */
  static async start(
    context: StepContext,
    deliver: (datagram: string, times: number) => Delivery,
  ): Promise<TestReceiver> {
    const receiver = new TestReceiver(await bind({ port: 0 }));
    const receiving = receiver.#receive(deliver);
    context.after(async () => {
      await receiver.socket.close();
      await receiving;
    });
    return receiver;
  }

  get address(): Address {
    return this.socket.local;
  }

  async #receive(deliver: (datagram: string, times: number) => Delivery): Promise<void> {
    for await (const { data, from } of this.socket) {
      const text = String(data);
      this.heard.push(text);
      this.transcript.received(`${text}\n`);
      const times = this.heard.filter((one) => one === text).length;
      const { arrives = false, answers = [] } = deliver(text, times);
      this.answers.push(answers);
      if (arrives) this.arrived.push(text);
      else this.transcript.note("(lost on its way)");
      for (const answer of answers) {
        this.transcript.sent(`${answer}\n`);
        await this.socket.sendto(answer, from).catch(() => {}); // the sender has gone
      }
    }
  }
}

/**
 * A network between a sender and `receiver`: of all datagrams, whichever way they go, it drops every third, doubles
 * every fourth and holds back every fifth until the next has gone. Returns where to send to.
 */
export async function badNetwork(context: StepContext, receiver: Address): Promise<Address> {
  const near = await bind({ port: 0 });
  const far = await bind({ port: 0 });
  let sender: Address = near.local;
  let passed = 0;
  let delayed: (() => Promise<unknown>) | undefined;
  const pass = async (from: UdpSocket, to: UdpSocket) => {
    for await (const datagram of from) {
      if (from === near) sender = datagram.from;
      const send = () => to.sendto(datagram.data, to === near ? sender : receiver).catch(() => {});
      passed += 1;
      if (passed % 3 === 0) continue;
      const late = delayed;
      delayed = undefined;
      if (passed % 5 === 0) delayed = send;
      else await send();
      if (passed % 4 === 0) await send();
      await late?.();
    }
  };
  const passing = [pass(near, far), pass(far, near)];
  context.after(async () => {
    await Promise.all([near.close(), far.close()]);
    await Promise.all(passing);
  });
  return near.local;
}
