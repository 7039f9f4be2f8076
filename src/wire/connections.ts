/** Pairs the two sockets of each connection, and collects what happened at each end. */
import type { RecordedSocket, RecordingData, WireEvent } from "./recording-data";

export interface Range {
  /** The index of the event. */
  readonly event: number;
  /** Position of its first byte in the stream, and of the byte after its last. */
  readonly start: number;
  readonly end: number;
}

/** One end of a connection, as far as it was seen. Numbers are indices of events. */
export interface End {
  readonly socket: number;
  /** The socket of the other end; undefined when it is outside this process. */
  peer?: number;
  connect?: number;
  connected?: number;
  accepted?: number;
  readonly sends: Range[];
  readonly receives: Range[];
  endSent?: number;
  endReceived?: number;
  reset?: number;
  closed?: number;
  error?: { readonly event: number; readonly code: string };
  /** The program announces its calls of recv. */
  calls: boolean;
  attemptsFailed: number;
}

/** The ends of all connections by socket number. */
export function connectionEnds(recording: RecordingData): Map<number, End> {
  const ends = new Map<number, End>();
  recording.sockets.forEach((socket, number) => {
    if (socket.kind === "tcp client" || socket.kind === "tcp accepted") {
      ends.set(number, {
        socket: number,
        sends: [],
        receives: [],
        calls: false,
        attemptsFailed: 0,
      });
    }
  });
  recording.events.forEach((event, index) => {
    const end = ends.get(event.socket);
    if (end !== undefined) note(end, event, index);
  });
  pair(recording.sockets, ends);
  return ends;
}

function note(end: End, event: WireEvent, index: number): void {
  switch (event.type) {
    case "connect":
      end.connect = index;
      break;
    case "connected":
      end.connected = index;
      break;
    case "accepted":
      end.accepted = index;
      break;
    case "send":
    case "receive": {
      const ranges = event.type === "send" ? end.sends : end.receives;
      const start = ranges.at(-1)?.end ?? 0;
      ranges.push({ event: index, start, end: start + event.bytes });
      break;
    }
    case "end sent":
      end.endSent = index;
      break;
    case "end received":
      end.endReceived = index;
      break;
    case "reset":
      end.reset = index;
      break;
    case "close":
      end.closed = index;
      break;
    case "error":
      end.error = { event: index, code: event.code };
      break;
    case "call":
      end.calls = true;
      break;
    case "attempt failed":
      end.attemptsFailed++;
      break;
  }
}

/** The two ends of a connection have each other's addresses; ports may be used again later. */
function pair(sockets: readonly RecordedSocket[], ends: Map<number, End>): void {
  const clients = new Map<string, End[]>();
  for (const end of ends.values()) {
    const { kind, local, remote } = sockets[end.socket];
    if (kind !== "tcp client" || local === undefined || remote === undefined) continue;
    const key = `${local.port} ${remote.port}`;
    clients.set(key, [...(clients.get(key) ?? []), end]);
  }
  for (const end of ends.values()) {
    const { kind, local, remote } = sockets[end.socket];
    if (kind !== "tcp accepted" || local === undefined || remote === undefined) continue;
    const client = clients.get(`${remote.port} ${local.port}`)?.shift();
    if (client === undefined) continue;
    end.peer = client.socket;
    client.peer = end.socket;
  }
}

/** The range with the byte at `position`. */
export function rangeAt(ranges: readonly Range[], position: number): Range | undefined {
  return ranges.find((range) => position >= range.start && position < range.end);
}

/** Where bytes arrived joined or cut otherwise than they were sent. */
export interface Regrouping {
  /** The event of the last send concerned. */
  readonly after: number;
  readonly how: "joined" | "cut" | "both";
  readonly bytes: number;
}

export function regroupings(sends: readonly Range[], receives: readonly Range[]): Regrouping[] {
  const found: Regrouping[] = [];
  let sent = 0;
  let received = 0;
  while (sent < sends.length && received < receives.length) {
    const start = sends[sent].start;
    let lastSent = sent;
    let lastReceived = received;
    while (sends[lastSent].end !== receives[lastReceived].end) {
      if (sends[lastSent].end < receives[lastReceived].end) lastSent++;
      else lastReceived++;
      // The rest had not arrived when the recording ended.
      if (lastSent >= sends.length || lastReceived >= receives.length) return found;
    }
    const parts = lastSent - sent + 1;
    const pieces = lastReceived - received + 1;
    if (parts > 1 || pieces > 1) {
      const how = pieces === 1 ? "joined" : parts === 1 ? "cut" : "both";
      found.push({ after: sends[lastSent].event, how, bytes: sends[lastSent].end - start });
    }
    sent = lastSent + 1;
    received = lastReceived + 1;
  }
  return found;
}
