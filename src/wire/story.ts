/**
 * Turns a recording into the rows of a sequence diagram.
 *
 * The order of the rows is the order in which the programs acted: listened, connected, sent,
 * called, closed. What merely arrives has no row of its own: it belongs to the row of what was
 * sent, which on one machine is also the truth, since the system has the bytes in the receiver's
 * buffer before send returns. So the drawing does not depend on when Node happened to look. Only
 * what comes from outside this process stands where it was seen.
 */
import { Cast } from "./cast";
import { DatagramMatch } from "./datagrams";
import type { DrawOptions } from "./options";
import { Page } from "./page";
import { byteCount } from "./preview";
import type { RecordingData, WireEvent } from "./recording";
import type { Story } from "./rows";
import { CallTeller } from "./tell-calls";
import { TcpTeller } from "./tell-tcp";
import { callsOf } from "./waits";

export function storyOf(recording: RecordingData, options: DrawOptions = {}): Story {
  return new Teller(recording, options).tell();
}

class Teller {
  readonly #recording: RecordingData;
  readonly #page: Page;
  readonly #tcp: TcpTeller;
  readonly #calls: CallTeller;
  readonly #datagrams: DatagramMatch;

  constructor(recording: RecordingData, options: DrawOptions) {
    this.#recording = recording;
    this.#page = new Page(new Cast(recording, options.ports === true));
    this.#tcp = new TcpTeller(recording, options, this.#page);
    this.#datagrams = new DatagramMatch(recording);
    const calls =
      options.calls === false ? [] : callsOf(recording, this.#tcp.ends, this.#datagrams);
    this.#calls = new CallTeller(this.#page, calls);
  }

  tell(): Story {
    const { events, notRecorded } = this.#recording;
    events.forEach((event, index) => {
      this.#event(event, index);
      this.#calls.serve(event, index);
      this.#tcp.tellRegrouping(index);
    });
    if (notRecorded > 0) this.#page.gap(`${notRecorded} more events were not recorded`);
    const { rows, cast } = this.#page;
    return { participants: cast.participants(), rows, bars: this.#calls.bars() };
  }

  #event(event: WireEvent, index: number): void {
    const { kind } = this.#recording.sockets[event.socket];
    if (event.type === "call") this.#calls.begin(event, index);
    else if (event.type === "return") this.#calls.end(event, index);
    else if (kind === "tcp server") this.#server(event);
    else if (kind === "udp") this.#udp(event, index);
    else this.#tcp.tell(event, index);
  }

  #server(event: WireEvent): void {
    const { socket, at: time } = event;
    if (event.type === "listen") {
      this.#page.note(socket, "plain", `listens${on(this.#where(socket))}`, time);
    } else if (event.type === "listen failed") {
      const where = event.place === undefined ? undefined : this.#page.cast.address(event.place);
      this.#page.note(socket, "error", `cannot listen${on(where)}: ${event.code}`, time);
    } else if (event.type === "stop listening") {
      this.#page.note(socket, "plain", "stops listening", time);
    }
  }

  #udp(event: WireEvent, index: number): void {
    const { socket, at: time } = event;
    if (event.type === "bind" && !event.bySend) {
      this.#page.note(socket, "plain", `binds ${this.#where(socket) ?? "a port"}`, time);
    } else if (event.type === "send datagram") {
      this.#sendDatagram(event, index, time);
    } else if (event.type === "receive datagram") {
      if (this.#datagrams.source(index) !== undefined) return;
      const from = this.#page.cast.server(event.from, "udp");
      const label = { data: event, after: byteCount(event.bytes) };
      this.#page.arrow(from, this.#page.cast.of(socket), "datagram", label, time);
    } else if (event.type === "error") {
      this.#page.note(socket, "error", `${event.syscall ?? "error"}: ${event.code}`, time);
    } else if (event.type === "close") {
      this.#page.note(socket, "plain", "closes", time);
      this.#page.cast.leave(socket);
    }
  }

  /** Its own address, without a port that differs from run to run. */
  #where(socket: number): string | undefined {
    const { local, systemPort } = this.#recording.sockets[socket];
    return local === undefined ? undefined : this.#page.cast.address(local, systemPort);
  }

  #sendDatagram(event: WireEvent & { type: "send datagram" }, index: number, time: number): void {
    const { cast } = this.#page;
    const from = cast.of(event.socket);
    const to = cast.server(event.to, "udp");
    const size = byteCount(event.bytes);
    const arrived = this.#datagrams.arrival(index) !== undefined;
    // Whether one outside gets there cannot be seen, except by an answer.
    const lost = event.code !== undefined || !(arrived || cast.answersFromOutside(event.to.port));
    const why = event.code ?? "no receiver seen";
    const label = { data: event, after: lost ? `${size}, ${why}` : size };
    this.#page.arrow(from, to, "datagram", label, time, lost);
  }
}

function on(where: string | undefined): string {
  return where === undefined ? "" : ` on ${where}`;
}
