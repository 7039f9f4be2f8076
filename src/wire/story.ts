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
import { connectionEnds, type End, regroupings } from "./connections";
import { DatagramMatch } from "./datagrams";
import { SINGLE_RECEIVES_BYTES_MAX } from "./limits";
import type { DrawOptions } from "./options";
import { byteCount } from "./preview";
import type { RecordedBytes, RecordingData, WireEvent } from "./recording";
import type { ArrowStyle, Bar, Label, Note, Row, Story } from "./rows";
import { type Call, callsOf } from "./waits";

export function storyOf(recording: RecordingData, options: DrawOptions = {}): Story {
  return new Teller(recording, options).tell();
}

/** A run of receives of one socket, told as one row once it grows large. */
interface ReceiveRun {
  readonly socket: number;
  readonly firstRow: number;
  bytes: number;
}

class Teller {
  readonly #recording: RecordingData;
  readonly #options: DrawOptions;
  readonly #ends: Map<number, End>;
  readonly #datagrams: DatagramMatch;
  readonly #cast: Cast;
  readonly #rows: Row[] = [];
  readonly #bars: { at: number; from: number; to: number; open: boolean }[] = [];
  /** Calls by the events at which they begin, and at which they have what they waited for. */
  readonly #begins = new Map<number, Call>();
  readonly #causes = new Map<number, Call[]>();
  readonly #returns = new Map<number, Call>();
  readonly #openBars = new Map<Call, number>();
  readonly #regrouped = new Map<number, { at: number; text: string }[]>();
  readonly #lastArrow = new Map<string, number>();
  #run: ReceiveRun | undefined;

  constructor(recording: RecordingData, options: DrawOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#ends = connectionEnds(recording);
    this.#datagrams = new DatagramMatch(recording);
    this.#cast = new Cast(recording, options.ports === true);
  }

  tell(): Story {
    if (this.#options.calls !== false) this.#prepareCalls();
    this.#recording.events.forEach((event, index) => {
      this.#event(event, index);
      for (const call of this.#causes.get(index) ?? []) this.#served(call);
      if (this.#options.pieces !== false) this.#tellRegrouping(index);
    });
    if (this.#recording.notRecorded > 0) {
      const before = `${this.#recording.notRecorded} more events were not recorded`;
      this.#rows.push({ kind: "gap", label: { before } });
    }
    const last = this.#rows.length;
    const bars = this.#bars.map(
      ({ at, from, to, open }): Bar => ({ at, from, to: open ? last : to }),
    );
    return { participants: this.#cast.participants(), rows: this.#rows, bars };
  }

  #prepareCalls(): void {
    for (const call of callsOf(this.#recording, this.#ends, this.#datagrams)) {
      this.#begins.set(call.start, call);
      if (call.end !== undefined) this.#returns.set(call.end, call);
      if (call.cause !== undefined && call.cause > call.start) {
        this.#causes.set(call.cause, [...(this.#causes.get(call.cause) ?? []), call]);
      }
    }
  }

  #event(event: WireEvent, index: number): void {
    const { socket, at: time } = event;
    switch (event.type) {
      case "listen":
      case "bind":
        this.#bound(event, time);
        break;
      case "listen failed": {
        const where = event.place === undefined ? undefined : this.#cast.address(event.place);
        this.#note(socket, "error", `cannot listen${on(where)}: ${event.code}`, time);
        break;
      }
      case "stop listening":
        this.#note(socket, "plain", "stops listening", time);
        break;
      case "connect":
        this.#connect(this.#end(socket), event, time);
        break;
      case "attempt failed":
        this.#attemptFailed(socket, event, time);
        break;
      case "connected":
        this.#connected(this.#end(socket), time);
        break;
      case "accepted":
        this.#accepted(this.#end(socket), time);
        break;
      case "send":
        this.#data(this.#end(socket), "out", event, index, time);
        break;
      case "receive":
        this.#data(this.#end(socket), "in", event, index, time);
        break;
      case "end sent":
        this.#finish(this.#end(socket), "out", time);
        break;
      case "end received":
        if (this.#end(socket).peer === undefined) this.#finish(this.#end(socket), "in", time);
        break;
      case "reset":
      case "close":
        this.#close(socket, event.type, time);
        break;
      case "error":
        this.#error(socket, event, time);
        break;
      case "send datagram":
        this.#sendDatagram(event, index, time);
        break;
      case "receive datagram":
        if (this.#datagrams.source(index) === undefined) {
          const from = this.#cast.server(event.from, "udp");
          const label = { data: event, after: byteCount(event.bytes) };
          this.#arrow(from, this.#cast.of(socket), "datagram", label, time);
        }
        break;
      case "call":
        this.#call(this.#begins.get(index), time);
        break;
      case "return":
        this.#return(this.#returns.get(index), time);
        break;
    }
  }

  #end(socket: number): End {
    return this.#ends.get(socket) ?? { socket, sends: [], receives: [], calls: false };
  }

  #push(row: Row): number {
    this.#run = undefined;
    return this.#rows.push(row) - 1;
  }

  #note(socket: number, tone: Note["tone"], text: string | Label, time: number): number {
    const label = typeof text === "string" ? { before: text } : text;
    return this.#push({ kind: "note", at: this.#cast.of(socket), tone, label, time });
  }

  #arrow(
    from: number,
    to: number,
    style: ArrowStyle,
    label: Label,
    time: number,
    lost = false,
  ): number {
    return this.#push({ kind: "arrow", from, to, style, lost, label, time });
  }

  #bound(event: WireEvent, time: number): void {
    const { local, systemPort } = this.#recording.sockets[event.socket];
    const where = local === undefined ? undefined : this.#cast.address(local, systemPort);
    if (event.type === "listen") this.#note(event.socket, "plain", `listens${on(where)}`, time);
    if (event.type !== "bind" || event.bySend) return;
    this.#note(
      event.socket,
      "plain",
      where === undefined ? "binds a port" : `binds ${where}`,
      time,
    );
  }

  #connect(end: End, event: WireEvent & { type: "connect" }, time: number): void {
    const from = this.#cast.of(end.socket);
    const failed = end.connected === undefined && end.peer === undefined;
    const code = failed ? end.error?.code : undefined;
    if (code !== undefined && /^(ENOTFOUND|EAI_)/.test(code)) {
      const host = event.to.host;
      this.#note(end.socket, "error", `connect ${host}: ${code}, unknown host`, time);
      return;
    }
    const to = failed ? this.#cast.server(event.to, "tcp") : this.#cast.peerOf(end);
    const refused = code === "ECONNREFUSED" && !this.#hasAttempts(end.socket);
    const label = { before: refused ? "connect refused (ECONNREFUSED)" : "connect" };
    this.#arrow(from, to, "connect", label, time, failed);
    if (end.peer !== undefined) this.#established(from, to, time);
  }

  /** A name may have several addresses, which are tried one by one. */
  #hasAttempts(socket: number): boolean {
    const failed = this.#recording.events.filter(
      (event) => event.socket === socket && event.type === "attempt failed",
    );
    return failed.length > (this.#end(socket).connected === undefined ? 1 : 0);
  }

  #attemptFailed(
    socket: number,
    event: WireEvent & { type: "attempt failed" },
    time: number,
  ): void {
    if (!this.#hasAttempts(socket)) return;
    const where = this.#cast.address(event.to) ?? event.to.host;
    this.#note(socket, "error", `${where}: ${event.code}`, time);
  }

  #connected(end: End, time: number): void {
    if (end.peer !== undefined) return;
    this.#established(this.#cast.of(end.socket), this.#cast.peerOf(end), time);
  }

  #accepted(end: End, time: number): void {
    const peer = end.peer === undefined ? undefined : this.#ends.get(end.peer);
    if (peer?.connect !== undefined) return;
    const from = this.#cast.peerOf(end);
    const to = this.#cast.of(end.socket);
    this.#arrow(from, to, "connect", { before: "connect" }, time);
    this.#established(from, to, time);
  }

  #established(from: number, to: number, time: number): void {
    this.#push({ kind: "span", from, to, label: { before: "connection established" }, time });
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
    const own = this.#cast.of(end.socket);
    const peer = this.#cast.peerOf(end);
    const [from, to] = way === "out" ? [own, peer] : [peer, own];
    const secret = this.#recording.sockets[end.socket].tls ? " in TLS" : "";
    const key = `${way} ${end.socket}`;
    const last = this.#lastArrow.get(key);
    // How many pieces came from outside is chance: those with nothing between are one arrow.
    if (way === "in" && last !== undefined && last === this.#rows.length - 1) {
      const data = joined(this.#rows[last].label.data, event);
      const label = { data, after: `${byteCount(data.bytes)}${secret}` };
      this.#rows[last] = { ...this.#rows[last], label };
    } else {
      const label = { data: event, after: `${byteCount(event.bytes)}${secret}` };
      this.#lastArrow.set(key, this.#arrow(from, to, "data", label, time));
    }
    if (way === "out") this.#prepareRegrouping(end, index);
  }

  /** At the first send of a stream: how the other end got all of it. Its calls tell that better. */
  #prepareRegrouping(end: End, index: number): void {
    const peer = end.peer === undefined ? undefined : this.#ends.get(end.peer);
    if (peer === undefined || index !== end.sends[0]?.event) return;
    if (peer.calls && this.#options.calls !== false) return;
    for (const { after, how, bytes } of regroupings(end.sends, peer.receives)) {
      const text = `${WORDS[how]}: ${byteCount(bytes)}`;
      const at = this.#cast.of(peer.socket);
      this.#regrouped.set(after, [...(this.#regrouped.get(after) ?? []), { at, text }]);
    }
  }

  #tellRegrouping(index: number): void {
    for (const { at, text } of this.#regrouped.get(index) ?? []) {
      this.#push({ kind: "note", at, tone: "plain", label: { before: text } });
    }
  }

  #finish(end: End, way: "out" | "in", time: number): void {
    const own = this.#cast.of(end.socket);
    const peer = this.#cast.peerOf(end);
    const [from, to] = way === "out" ? [own, peer] : [peer, own];
    const half = way === "out" ? this.#hearsAfter(end) : this.#speaksAfter(end);
    const label = { before: half ? "half-close (FIN)" : "close (FIN)" };
    this.#arrow(from, to, half ? "half-close" : "close", label, time);
  }

  /** It has said that it sends no more, and still receives. */
  #hearsAfter(end: End): boolean {
    const peer = end.peer === undefined ? undefined : this.#ends.get(end.peer);
    const arrivals = peer?.sends ?? end.receives;
    return arrivals.some(({ event }) => end.endSent !== undefined && event > end.endSent);
  }

  #speaksAfter(end: End): boolean {
    return end.sends.some(({ event }) => end.endReceived !== undefined && event > end.endReceived);
  }

  #close(socket: number, type: "close" | "reset", time: number): void {
    const end = this.#ends.get(socket);
    if (end === undefined) {
      this.#note(socket, "plain", "closes", time);
      this.#cast.leave(socket);
      return;
    }
    const connected =
      end.connected !== undefined || end.accepted !== undefined || end.connect === undefined;
    const peer = end.peer === undefined ? undefined : this.#ends.get(end.peer);
    const gone = end.error !== undefined && /ECONNRESET|EPIPE/.test(end.error.code);
    const alreadyReset = gone || (peer?.reset !== undefined && peer.reset < (end.closed ?? 0));
    if (connected && !alreadyReset) {
      const own = this.#cast.of(socket);
      const other = this.#cast.peerOf(end);
      // The system resets a connection that is closed while bytes wait to be read.
      const resets = end.endSent === undefined && peer?.error?.code === "ECONNRESET";
      if (type === "reset" || resets) {
        const before = type === "reset" ? "reset (RST)" : "close with bytes unread: reset (RST)";
        this.#arrow(own, other, "reset", { before }, time);
      } else if (end.endSent === undefined) {
        this.#arrow(own, other, "close", { before: "close (FIN)" }, time);
      }
    } else if (end.connect !== undefined && !connected && end.error === undefined) {
      this.#note(socket, "plain", "gives up connecting", time);
    }
    this.#cast.leave(socket);
    this.#cast.leaveOutside(end);
  }

  #error(socket: number, event: WireEvent & { type: "error" }, time: number): void {
    const end = this.#ends.get(socket);
    const { code } = event;
    if (end === undefined) {
      this.#note(socket, "error", `${event.syscall ?? "error"}: ${code}`, time);
      return;
    }
    const failedConnect =
      end.connect !== undefined && end.connected === undefined && end.peer === undefined;
    if (failedConnect) {
      if (/^(ENOTFOUND|EAI_)/.test(code)) return;
      if (code === "ECONNREFUSED" && !this.#hasAttempts(socket)) return;
      this.#note(socket, "error", `connect failed: ${code}`, time);
    } else if (code === "ECONNRESET" && end.peer === undefined) {
      const label = { before: "reset (RST)" };
      this.#arrow(this.#cast.peerOf(end), this.#cast.of(socket), "reset", label, time);
    } else if (event.syscall !== undefined) {
      // Without a system call it is a library's own reason to close, which shows by itself.
      this.#note(socket, "error", `${event.syscall}: ${code}`, time);
    }
  }

  #sendDatagram(event: WireEvent & { type: "send datagram" }, index: number, time: number): void {
    const from = this.#cast.of(event.socket);
    const to = this.#cast.server(event.to, "udp");
    const size = byteCount(event.bytes);
    const arrived = this.#datagrams.arrival(index) !== undefined;
    const answers = this.#recording.events.some(
      (one) => one.type === "receive datagram" && one.from.port === event.to.port,
    );
    const lost =
      event.code !== undefined || !(arrived || (answers && this.#isOutside(event.to.port)));
    const why = event.code ?? "no receiver seen";
    const label = { data: event, after: lost ? `${size}, ${why}` : size };
    this.#arrow(from, to, "datagram", label, time, lost);
  }

  #isOutside(port: number): boolean {
    return !this.#recording.sockets.some((one) => one.kind === "udp" && one.local?.port === port);
  }

  #call(call: Call | undefined, time: number): void {
    if (call === undefined) return;
    const waits = call.cause === undefined ? waitsInVain(call) : call.cause > call.start;
    if (waits) {
      const row = this.#note(call.socket, "wait", `${call.name}() waits`, time);
      const bar = { at: this.#cast.of(call.socket), from: row, to: row, open: true };
      this.#openBars.set(call, this.#bars.push(bar) - 1);
    } else if (call.cause !== undefined) {
      this.#tellResult(call, time);
    }
  }

  /** What a call waited for has come: its bar ends at the row that was just told. */
  #served(call: Call): void {
    this.#closeBar(call);
    if (call.regrouped) this.#tellResult(call, this.#recording.events[call.end ?? call.start].at);
  }

  #return(call: Call | undefined, time: number): void {
    if (call === undefined || !this.#openBars.has(call)) return;
    const { code, name } = call;
    if (code !== undefined && code !== "CLOSED" && code !== "ABORTED") {
      this.#note(call.socket, "error", `${name}() fails: ${code}`, time);
    }
    this.#closeBar(call);
  }

  #closeBar(call: Call): void {
    const index = this.#openBars.get(call);
    if (index === undefined) return;
    this.#openBars.delete(call);
    this.#bars[index].to = this.#rows.length - 1;
    this.#bars[index].open = false;
  }

  #tellResult(call: Call, time: number): void {
    const { name, result } = call;
    if (result === undefined) {
      this.#note(call.socket, "plain", `${name}() returns at once`, time);
    } else if (result.bytes === 0 && name === "recv") {
      this.#note(call.socket, "plain", "recv() returns the end", time);
    } else {
      this.#received(call, result, time);
    }
  }

  /** Of many receives in a row only the sum is told: how many there were is chance. */
  #received(call: Call, result: RecordedBytes, time: number): void {
    const run = this.#run;
    if (run !== undefined && run.socket === call.socket) {
      run.bytes += result.bytes;
      if (run.bytes > SINGLE_RECEIVES_BYTES_MAX) {
        // Bars end at rows that stay.
        this.#rows.length = run.firstRow;
        const before = `${call.name}(), several times: ${byteCount(run.bytes)}`;
        this.#note(call.socket, "plain", before, time);
        this.#run = run;
        return;
      }
    }
    const label = {
      before: `${call.name}() returns`,
      data: result,
      after: byteCount(result.bytes),
    };
    const row = this.#note(call.socket, "plain", label, time);
    const own = run?.socket === call.socket;
    this.#run = own ? run : { socket: call.socket, firstRow: row, bytes: result.bytes };
  }
}

const WORDS = {
  joined: "arrives in one piece",
  cut: "arrives in several pieces",
  both: "arrives in other pieces",
} as const;

function on(where: string | undefined): string {
  return where === undefined ? "" : ` on ${where}`;
}

/** A call with no result: it still waited when the recording ended, or failed after waiting. */
function waitsInVain(call: Call): boolean {
  return call.end === undefined || call.code !== undefined;
}

function joined(before: RecordedBytes | undefined, next: RecordedBytes): RecordedBytes {
  if (before === undefined) return next;
  // A beginning that was cut off cannot be continued.
  const whole = before.head.length === before.bytes;
  return { bytes: before.bytes + next.bytes, head: whole ? before.head + next.head : before.head };
}
