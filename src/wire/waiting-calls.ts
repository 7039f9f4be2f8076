/** The calls of a program that waited, and the event that each waited for. */
import { type End, rangeAt } from "./connections";
import type { DatagramMatch } from "./datagrams";
import type { RecordedBytes, RecordingData } from "./recording-data";

export interface Call {
  readonly name: string;
  readonly socket: number;
  /** Indices of events. */
  readonly start: number;
  readonly end?: number;
  readonly code?: string;
  readonly result?: RecordedBytes;
  /** The event that gave it its result; undefined while there is none. */
  cause?: number;
  /** Its result is not just what one send brought. */
  regrouped: boolean;
}

export function callsOf(
  recording: RecordingData,
  ends: ReadonlyMap<number, End>,
  datagrams: DatagramMatch,
): Call[] {
  const calls = new Map<number, Call>();
  const taken = new Map<number, number>();
  const takenDatagrams = new Set<number>();
  recording.events.forEach((event, index) => {
    if (event.type === "call") {
      const { call: name, socket } = event;
      calls.set(event.id, { name, socket, start: index, regrouped: false });
    } else if (event.type === "return") {
      const begun = calls.get(event.id);
      if (begun === undefined) return;
      const { bytes, head, code } = event;
      const result = bytes === undefined ? undefined : { bytes, head: head ?? "" };
      const call: Call = { ...begun, end: index, code, result };
      calls.set(event.id, call);
      if (code !== undefined) return;
      if (event.accepted !== undefined)
        call.cause = connectionCause(ends.get(event.accepted), ends);
      else if (event.call === "recv") receiveCause(call, ends, taken);
      else if (event.call === "recvfrom" && result !== undefined) {
        const received = datagrams
          .received(event.socket)
          .find(
            (one) =>
              !takenDatagrams.has(one) && sizeOf(recording, one) >= result.bytes && one < index,
          );
        if (received === undefined) return;
        takenDatagrams.add(received);
        call.cause = datagrams.source(received) ?? received;
      }
    }
  });
  return [...calls.values()];
}

function sizeOf(recording: RecordingData, index: number): number {
  const event = recording.events[index];
  return "bytes" in event ? (event.bytes ?? 0) : 0;
}

/** A connection comes about when the client connects: the system completes it without the server. */
function connectionCause(end: End | undefined, ends: ReadonlyMap<number, End>): number | undefined {
  const client = end?.peer === undefined ? undefined : ends.get(end.peer);
  return client?.connect ?? end?.accepted;
}

function receiveCause(
  call: Call,
  ends: ReadonlyMap<number, End>,
  taken: Map<number, number>,
): void {
  const end = ends.get(call.socket);
  if (end === undefined || call.result === undefined) return;
  const peer = end.peer === undefined ? undefined : ends.get(end.peer);
  if (call.result.bytes === 0) {
    call.cause = peer?.endSent ?? peer?.closed ?? end.endReceived;
    return;
  }
  const position = taken.get(call.socket) ?? 0;
  taken.set(call.socket, position + call.result.bytes);
  const range = rangeAt(peer?.sends ?? end.receives, position);
  call.cause = range?.event;
  call.regrouped = range?.start !== position || range.end !== position + call.result.bytes;
}
