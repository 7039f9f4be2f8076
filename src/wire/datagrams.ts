/** Matches each received datagram with the one that was sent. */
import type { RecordingData } from "./recording-data";

export class DatagramMatch {
  /** From the event of a receive to that of its send, and back. */
  readonly #source = new Map<number, number>();
  readonly #arrival = new Map<number, number>();
  readonly #received = new Map<number, number[]>();

  constructor(recording: RecordingData) {
    const { events, sockets } = recording;
    const waiting: number[] = [];
    events.forEach((event, index) => {
      if (event.type === "send datagram") waiting.push(index);
      if (event.type !== "receive datagram") return;
      const list = this.#received.get(event.socket) ?? [];
      list.push(index);
      this.#received.set(event.socket, list);
      const port = sockets[event.socket].local?.port;
      const found = waiting.findIndex((one) => {
        const sent = events[one];
        if (sent.type !== "send datagram" || sent.to.port !== port) return false;
        const from = sockets[sent.socket].local?.port;
        return from === event.from.port && sent.bytes === event.bytes && sent.head === event.head;
      });
      if (found < 0) return;
      const [source] = waiting.splice(found, 1);
      this.#source.set(index, source);
      this.#arrival.set(source, index);
    });
  }

  /** The send of a received datagram; undefined if it came from outside. */
  source(received: number): number | undefined {
    return this.#source.get(received);
  }

  /** The receive of a sent datagram; undefined if no socket here received it. */
  arrival(sent: number): number | undefined {
    return this.#arrival.get(sent);
  }

  /** Events of the datagrams that a socket received, in order. */
  received(socket: number): readonly number[] {
    return this.#received.get(socket) ?? [];
  }
}
