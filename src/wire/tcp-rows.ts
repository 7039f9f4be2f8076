/** The rows of connections: how they were established, what travelled, how they ended. */
import { connectionEnds, type End, regroupings } from "./connections";
import type { DiagramRows } from "./diagram-rows";
import type { DrawOptions } from "./options";
import { byteCount } from "./preview";
import type { RecordedBytes, RecordingData, WireEvent } from "./recording-data";

/** Codes of a name that could not be looked up (getaddrinfo). */
const UNKNOWN_HOST = /^(ENOTFOUND|EAI_)/;

const WORDS = {
  joined: "arrives in one piece",
  cut: "arrives in several pieces",
  both: "arrives in other pieces",
} as const;

export class TcpRows {
  readonly ends: ReadonlyMap<number, End>;
  readonly #recording: RecordingData;
  readonly #options: DrawOptions;
  readonly #rows: DiagramRows;
  /** Notes on how bytes arrived, by the event after which they are added. */
  readonly #regrouped = new Map<number, { socket: number; text: string }[]>();
  readonly #lastArrow = new Map<string, number>();

  constructor(recording: RecordingData, options: DrawOptions, rows: DiagramRows) {
    this.#recording = recording;
    this.#options = options;
    this.#rows = rows;
    this.ends = connectionEnds(recording);
  }

  add(event: WireEvent, index: number): void {
    const { socket, at: time } = event;
    const end = this.#end(socket);
    switch (event.type) {
      case "connect":
        this.#connect(end, event, time);
        break;
      case "attempt failed":
        this.#attemptFailed(socket, event, time);
        break;
      case "connected":
        this.#connected(end, time);
        break;
      case "accepted":
        this.#accepted(end, time);
        break;
      case "send":
        this.#data(end, "out", event, index, time);
        break;
      case "receive":
        this.#data(end, "in", event, index, time);
        break;
      case "end sent":
        this.#finish(end, "out", time);
        break;
      case "end received":
        if (end.peer === undefined) this.#finish(end, "in", time);
        break;
      case "reset":
      case "close":
        this.#close(socket, event.type, time);
        break;
      case "error":
        this.#error(socket, event, time);
        break;
    }
  }

  /** After what an event brought about: whether its bytes arrived joined or cut. */
  addRegrouping(index: number): void {
    if (this.#options.pieces === false) return;
    for (const { socket, text } of this.#regrouped.get(index) ?? []) {
      this.#rows.note(socket, "plain", text);
    }
  }

  #end(socket: number): End {
    const none = { socket, sends: [], receives: [], calls: false, attemptsFailed: 0 };
    return this.ends.get(socket) ?? none;
  }

  #connect(end: End, event: WireEvent & { type: "connect" }, time: number): void {
    const from = this.#rows.participants.of(end.socket);
    const failed = end.connected === undefined && end.peer === undefined;
    const code = failed ? end.error?.code : undefined;
    if (code !== undefined && UNKNOWN_HOST.test(code)) {
      const host = event.to.host;
      this.#rows.note(end.socket, "error", `connect ${host}: ${code}, unknown host`, time);
      return;
    }
    const to = failed
      ? this.#rows.participants.server(event.to, "tcp")
      : this.#rows.participants.peerOf(end);
    const refused = code === "ECONNREFUSED" && !this.#hasAttempts(end.socket);
    const label = { before: refused ? "connect refused (ECONNREFUSED)" : "connect" };
    this.#rows.arrow(from, to, "connect", label, time, failed);
    if (end.peer !== undefined) this.#established(from, to, time);
  }

  /** A name may have several addresses, which are tried one by one. */
  #hasAttempts(socket: number): boolean {
    const { attemptsFailed, connected } = this.#end(socket);
    return attemptsFailed > (connected === undefined ? 1 : 0);
  }

  #attemptFailed(
    socket: number,
    event: WireEvent & { type: "attempt failed" },
    time: number,
  ): void {
    if (!this.#hasAttempts(socket)) return;
    const where = this.#rows.participants.address(event.to) ?? event.to.host;
    this.#rows.note(socket, "error", `${where}: ${event.code}`, time);
  }

  #connected(end: End, time: number): void {
    if (end.peer !== undefined) return;
    this.#established(
      this.#rows.participants.of(end.socket),
      this.#rows.participants.peerOf(end),
      time,
    );
  }

  #accepted(end: End, time: number): void {
    const peer = end.peer === undefined ? undefined : this.ends.get(end.peer);
    if (peer?.connect !== undefined) return;
    const from = this.#rows.participants.peerOf(end);
    const to = this.#rows.participants.of(end.socket);
    this.#rows.arrow(from, to, "connect", { before: "connect" }, time);
    this.#established(from, to, time);
  }

  #established(from: number, to: number, time: number): void {
    this.#rows.span(from, to, "connection established", time);
  }

  #data(
    end: End,
    way: "out" | "in",
    event: WireEvent & RecordedBytes,
    index: number,
    time: number,
  ): void {
    // Nothing travels for an empty write.
    if (event.bytes === 0 || (way === "in" && end.peer !== undefined)) return;
    const own = this.#rows.participants.of(end.socket);
    const peer = this.#rows.participants.peerOf(end);
    const [from, to] = way === "out" ? [own, peer] : [peer, own];
    const secret = this.#recording.sockets[end.socket].tls ? " in TLS" : "";
    const key = `${way} ${end.socket}`;
    const last = this.#lastArrow.get(key);
    // How many pieces came from outside is chance: those with nothing between are one arrow.
    if (way === "in" && last !== undefined && last === this.#rows.last) {
      const data = joined(this.#rows.all[last].label.data, event);
      const label = { data, after: `${byteCount(data.bytes)}${secret}` };
      this.#rows.all[last] = { ...this.#rows.all[last], label };
    } else {
      const label = { data: event, after: `${byteCount(event.bytes)}${secret}` };
      this.#lastArrow.set(key, this.#rows.arrow(from, to, "data", label, time));
    }
    if (way === "out") this.#prepareRegrouping(end, index);
  }

  /** At the first send of a stream: how all of it arrived at the peer. Where the peer announces calls, those show it better. */
  #prepareRegrouping(end: End, index: number): void {
    const peer = end.peer === undefined ? undefined : this.ends.get(end.peer);
    if (peer === undefined || index !== end.sends[0]?.event) return;
    if (peer.calls && this.#options.calls !== false) return;
    for (const { after, how, bytes } of regroupings(end.sends, peer.receives)) {
      const text = `${WORDS[how]}: ${byteCount(bytes)}`;
      const { socket } = peer;
      this.#regrouped.set(after, [...(this.#regrouped.get(after) ?? []), { socket, text }]);
    }
  }

  #finish(end: End, way: "out" | "in", time: number): void {
    const own = this.#rows.participants.of(end.socket);
    const peer = this.#rows.participants.peerOf(end);
    const [from, to] = way === "out" ? [own, peer] : [peer, own];
    const half = way === "out" ? this.#receivesAfterEnd(end) : this.#sendsAfterEnd(end);
    const label = { before: half ? "half-close (FIN)" : "close (FIN)" };
    this.#rows.arrow(from, to, half ? "half-close" : "close", label, time);
  }

  /** It has said that it sends no more, and still receives. */
  #receivesAfterEnd(end: End): boolean {
    const peer = end.peer === undefined ? undefined : this.ends.get(end.peer);
    const arrivals = peer?.sends ?? end.receives;
    return arrivals.some(({ event }) => end.endSent !== undefined && event > end.endSent);
  }

  #sendsAfterEnd(end: End): boolean {
    return end.sends.some(({ event }) => end.endReceived !== undefined && event > end.endReceived);
  }

  #close(socket: number, type: "close" | "reset", time: number): void {
    const end = this.#end(socket);
    const connected =
      end.connected !== undefined || end.accepted !== undefined || end.connect === undefined;
    const peer = end.peer === undefined ? undefined : this.ends.get(end.peer);
    const gone = end.error !== undefined && /ECONNRESET|EPIPE/.test(end.error.code);
    const alreadyReset = gone || (peer?.reset !== undefined && peer.reset < (end.closed ?? 0));
    if (connected && !alreadyReset) {
      const own = this.#rows.participants.of(socket);
      const other = this.#rows.participants.peerOf(end);
      // The system resets a connection that is closed while bytes wait to be read.
      const resets = end.endSent === undefined && peer?.error?.code === "ECONNRESET";
      if (type === "reset" || resets) {
        const before = type === "reset" ? "reset (RST)" : "close with bytes unread: reset (RST)";
        this.#rows.arrow(own, other, "reset", { before }, time);
      } else if (end.endSent === undefined) {
        this.#rows.arrow(own, other, "close", { before: "close (FIN)" }, time);
      }
    } else if (end.connect !== undefined && !connected && end.error === undefined) {
      this.#rows.note(socket, "plain", "gives up connecting", time);
    }
    this.#rows.participants.leave(socket);
    this.#rows.participants.leaveOutside(end);
  }

  #error(socket: number, event: WireEvent & { type: "error" }, time: number): void {
    const end = this.#end(socket);
    const { code } = event;
    const failedConnect =
      end.connect !== undefined && end.connected === undefined && end.peer === undefined;
    if (failedConnect) {
      if (UNKNOWN_HOST.test(code)) return;
      if (code === "ECONNREFUSED" && !this.#hasAttempts(socket)) return;
      this.#rows.note(socket, "error", `connect failed: ${code}`, time);
    } else if (code === "ECONNRESET" && end.peer === undefined) {
      const label = { before: "reset (RST)" };
      this.#rows.arrow(
        this.#rows.participants.peerOf(end),
        this.#rows.participants.of(socket),
        "reset",
        label,
        time,
      );
    } else if (event.syscall !== undefined) {
      // Without a system call it is a library's own reason to close, which shows by itself.
      this.#rows.note(socket, "error", `${event.syscall}: ${code}`, time);
    }
  }
}

function joined(before: RecordedBytes | undefined, next: RecordedBytes): RecordedBytes {
  if (before === undefined) return next;
  // A beginning that was cut off cannot be continued.
  const whole = before.head.length === before.bytes;
  return { bytes: before.bytes + next.bytes, head: whole ? before.head + next.head : before.head };
}
