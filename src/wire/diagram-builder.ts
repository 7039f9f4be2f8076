/**
 * Turns a recording into the rows of a sequence diagram.
 *
 * The order of the rows is the order in which the programs acted: listened, connected, sent,
 * called, closed. What merely arrives has no row of its own: it belongs to the row of what was
 * sent, which on one machine is also the truth, since the system has the bytes in the receiver's
 * buffer before send returns. So the drawing does not depend on when Node happened to look. Only
 * what comes from outside this process stands where it was seen.
 */

import { CallRows } from "./call-rows";
import { DatagramMatch } from "./datagrams";
import type { Diagram } from "./diagram";
import { DiagramRows } from "./diagram-rows";
import type { DrawOptions } from "./options";
import { Participants } from "./participants";
import { byteCount } from "./preview";
import type { RecordingData, WireEvent } from "./recording-data";
import { TcpRows } from "./tcp-rows";
import { callsOf } from "./waiting-calls";

/** The sequence diagram of a recording. */
export function buildDiagram(recording: RecordingData, options: DrawOptions = {}): Diagram {
  return new DiagramBuilder(recording, options).build();
}

class DiagramBuilder {
  readonly #recording: RecordingData;
  readonly #rows: DiagramRows;
  readonly #tcp: TcpRows;
  readonly #calls: CallRows;
  readonly #datagrams: DatagramMatch;

  constructor(recording: RecordingData, options: DrawOptions) {
    this.#recording = recording;
    this.#rows = new DiagramRows(new Participants(recording, options.ports === true));
    this.#tcp = new TcpRows(recording, options, this.#rows);
    this.#datagrams = new DatagramMatch(recording);
    const calls =
      options.calls === false ? [] : callsOf(recording, this.#tcp.ends, this.#datagrams);
    this.#calls = new CallRows(this.#rows, calls);
  }

  build(): Diagram {
    const { events, notRecorded } = this.#recording;
    events.forEach((event, index) => {
      this.#event(event, index);
      this.#calls.serve(event, index);
      this.#tcp.addRegrouping(index);
    });
    if (notRecorded > 0) this.#rows.gap(`${notRecorded} more events were not recorded`);
    const { all: rows, participants } = this.#rows;
    return { participants: participants.all(), rows, bars: this.#calls.bars() };
  }

  #event(event: WireEvent, index: number): void {
    const { kind } = this.#recording.sockets[event.socket];
    if (event.type === "call") this.#calls.begin(event, index);
    else if (event.type === "return") this.#calls.end(event, index);
    else if (kind === "tcp server") this.#server(event);
    else if (kind === "udp") this.#udp(event, index);
    else this.#tcp.add(event, index);
  }

  #server(event: WireEvent): void {
    const { socket, at: time } = event;
    if (event.type === "listen") {
      this.#rows.note(socket, "plain", `listens${on(this.#where(socket))}`, time);
    } else if (event.type === "listen failed") {
      const where =
        event.place === undefined ? undefined : this.#rows.participants.address(event.place);
      this.#rows.note(socket, "error", `cannot listen${on(where)}: ${event.code}`, time);
    } else if (event.type === "stop listening") {
      this.#rows.note(socket, "plain", "stops listening", time);
    }
  }

  #udp(event: WireEvent, index: number): void {
    const { socket, at: time } = event;
    if (event.type === "bind" && !event.bySend) {
      this.#rows.note(socket, "plain", `binds ${this.#where(socket) ?? "a port"}`, time);
    } else if (event.type === "send datagram") {
      this.#sendDatagram(event, index, time);
    } else if (event.type === "receive datagram") {
      if (this.#datagrams.source(index) !== undefined) return;
      const from = this.#rows.participants.server(event.from, "udp");
      const label = { data: event, after: byteCount(event.bytes) };
      this.#rows.arrow(from, this.#rows.participants.of(socket), "datagram", label, time);
    } else if (event.type === "error") {
      this.#rows.note(socket, "error", `${event.syscall ?? "error"}: ${event.code}`, time);
    } else if (event.type === "close") {
      this.#rows.note(socket, "plain", "closes", time);
      this.#rows.participants.leave(socket);
    }
  }

  /** Its own address, without a port that differs from run to run. */
  #where(socket: number): string | undefined {
    const { local, systemPort } = this.#recording.sockets[socket];
    return local === undefined ? undefined : this.#rows.participants.address(local, systemPort);
  }

  #sendDatagram(event: WireEvent & { type: "send datagram" }, index: number, time: number): void {
    const { participants } = this.#rows;
    const from = participants.of(event.socket);
    const to = participants.server(event.to, "udp");
    const size = byteCount(event.bytes);
    const arrived = this.#datagrams.arrival(index) !== undefined;
    // Whether one outside gets there cannot be seen, except by an answer.
    const lost =
      event.code !== undefined || !(arrived || participants.answersFromOutside(event.to.port));
    const why = event.code ?? "no receiver seen";
    const label = { data: event, after: lost ? `${size}, ${why}` : size };
    this.#rows.arrow(from, to, "datagram", label, time, lost);
  }
}

function on(where: string | undefined): string {
  return where === undefined ? "" : ` on ${where}`;
}
