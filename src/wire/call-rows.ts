/** The rows of calls: which waited, how long, and what they returned. */

import type { Bar } from "./diagram";
import type { DiagramRows } from "./diagram-rows";
import { SINGLE_RECEIVES_BYTES_MAX } from "./limits";
import { byteCount } from "./preview";
import type { RecordedBytes, WireEvent } from "./recording-data";
import type { Call } from "./waiting-calls";

/** A run of receives of one socket, drawn as one row once it grows large. */
interface ReceiveRun {
  readonly socket: number;
  readonly firstRow: number;
  lastRow: number;
  bytes: number;
}

export class CallRows {
  readonly #rows: DiagramRows;
  /** Calls by the events at which they begin, have what they waited for, and return. */
  readonly #begins = new Map<number, Call>();
  readonly #causes = new Map<number, Call[]>();
  readonly #returns = new Map<number, Call>();
  readonly #bars: { at: number; from: number; to: number | undefined }[] = [];
  readonly #openBars = new Map<Call, number>();
  #run: ReceiveRun | undefined;

  constructor(rows: DiagramRows, calls: readonly Call[]) {
    this.#rows = rows;
    for (const call of calls) {
      this.#begins.set(call.start, call);
      if (call.end !== undefined) this.#returns.set(call.end, call);
      if (call.cause !== undefined && call.cause > call.start) {
        this.#causes.set(call.cause, [...(this.#causes.get(call.cause) ?? []), call]);
      }
    }
  }

  /** The bars of all calls; of one that still waits, to the end. */
  bars(): Bar[] {
    const last = this.#rows.all.length;
    return this.#bars.map(({ at, from, to }) => ({ at, from, to: to ?? last }));
  }

  begin(event: WireEvent, index: number): void {
    const call = this.#begins.get(index);
    const time = event.at;
    if (call === undefined) return;
    const waits = call.cause === undefined ? waitsInVain(call) : call.cause > call.start;
    if (waits) {
      const row = this.#rows.note(call.socket, "wait", `${call.name}() waits`, time);
      const bar = { at: this.#rows.participants.of(call.socket), from: row, to: undefined };
      this.#openBars.set(call, this.#bars.push(bar) - 1);
    } else if (call.cause !== undefined) {
      this.#addResult(call, time);
    }
  }

  /** What calls waited for has come with this event: their bars end at the row just added. */
  serve(event: WireEvent, index: number): void {
    for (const call of this.#causes.get(index) ?? []) {
      this.#closeBar(call);
      if (call.regrouped) this.#addResult(call, event.at);
    }
  }

  end(event: WireEvent, index: number): void {
    const call = this.#returns.get(index);
    const time = event.at;
    if (call === undefined || !this.#openBars.has(call)) return;
    const { code, name } = call;
    if (code !== undefined && code !== "CLOSED" && code !== "ABORTED") {
      this.#rows.note(call.socket, "error", `${name}() fails: ${code}`, time);
    }
    this.#closeBar(call);
  }

  #closeBar(call: Call): void {
    const index = this.#openBars.get(call);
    if (index === undefined) return;
    this.#openBars.delete(call);
    this.#bars[index].to = this.#rows.last;
  }

  #addResult(call: Call, time: number): void {
    const { name, result } = call;
    if (result === undefined) {
      this.#rows.note(call.socket, "plain", `${name}() returns at once`, time);
    } else if (result.bytes === 0 && name === "recv") {
      this.#rows.note(call.socket, "plain", "recv() returns the end", time);
    } else {
      this.#received(call, result, time);
    }
  }

  /** Of many receives in a row only the sum is drawn, because their number varies from run to run. */
  #received(call: Call, result: RecordedBytes, time: number): void {
    const run = this.#run;
    if (run?.socket === call.socket && run.lastRow === this.#rows.last) {
      run.bytes += result.bytes;
      if (run.bytes > SINGLE_RECEIVES_BYTES_MAX) {
        this.#rows.all.length = run.firstRow;
        const text = `${call.name}(), several times: ${byteCount(run.bytes)}`;
        run.lastRow = this.#rows.note(call.socket, "plain", text, time);
        return;
      }
    }
    const before = `${call.name}() returns`;
    const label = { before, data: result, after: byteCount(result.bytes) };
    const continues = run?.socket === call.socket && run.lastRow === this.#rows.last;
    const row = this.#rows.note(call.socket, "plain", label, time);
    if (continues) run.lastRow = row;
    else this.#run = { socket: call.socket, firstRow: row, lastRow: row, bytes: result.bytes };
  }
}

/** A call with no result: it still waited when the recording ended, or failed after waiting. */
function waitsInVain(call: Call): boolean {
  return call.end === undefined || call.code !== undefined;
}
