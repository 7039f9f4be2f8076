/** A name server of the judge's: counts the questions, and answers as the step says. */
import { decodeMessage } from "../../../../dns/decode";
import { DnsError } from "../../../../dns/dns-error";
import { encodeMessage } from "../../../../dns/encode";
import { responseTo } from "../../../../dns/exchange";
import type { Message } from "../../../../dns/message";
import { bind, type Datagram, type UdpSocket } from "../../../../sockets/udp";
import type { Address, StepContext } from "../../judging/judge";

/** Called with each query that can be read; what it sends is up to it. */
export type OnQuery = (query: Message, datagram: Datagram, socket: UdpSocket) => Promise<unknown>;

export class TestNameServer {
  /** The queries that came, and undefined for each datagram that was none. */
  readonly queries: (Message | undefined)[] = [];

  private constructor(readonly address: Address) {}

  static async start(context: StepContext, onQuery: OnQuery): Promise<TestNameServer> {
    const socket = await bind({ port: 0 });
    const server = new TestNameServer(socket.local);
    const serving = server.#serve(socket, onQuery);
    context.after(async () => {
      await socket.close();
      await serving.catch(() => undefined);
    });
    return server;
  }

  async #serve(socket: UdpSocket, onQuery: OnQuery): Promise<void> {
    for await (const datagram of socket) {
      const query = read(datagram.data);
      this.queries.push(query);
      if (query !== undefined) await onQuery(query, datagram, socket);
    }
  }
}

function read(bytes: Buffer): Message | undefined {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    if (error instanceof DnsError) return undefined;
    throw error;
  }
}

/** An answer to the query with these addresses. */
export function addressesFor(
  query: Message,
  addresses: readonly string[],
  { ttl = 60, ...changes }: Partial<Message> & { ttl?: number } = {},
): Buffer {
  const name = query.questions[0]?.name ?? ".";
  const answers = addresses.map((data) => ({ name, type: "A", class: "IN", ttl, data }));
  return encodeMessage(responseTo(query, { answers, edns: undefined, ...changes }));
}
