/**
 * Records what the sockets of this process do. In a cell:
 *
 *     const wire = record({ name: { 8080: "TCP server" } });
 *     ... sockets of src/sockets, node:net, node:dgram or node:http, as always ...
 *     show(wire.stop());
 *
 * Observed are all sockets, those opened before too; the drawing has only those that did
 * something. See observe.ts for how, and for why it changes nothing.
 */
import { RECORDED_EVENTS_MAX } from "./limits";
import { observe } from "./observe";
import type { Observed, ObservedAction } from "./observed";
import { Recording } from "./recording";
import type { RecordedSocket, WireEvent } from "./recording-data";

export interface RecordOptions {
  /**
   * Names of participants by port, or instead of a name that they would get by themselves:
   * `{ 80: "Apache", "TCP client": "browser" }`.
   */
  readonly name?: Readonly<Record<string | number, string>>;
  /** Records only sockets with one of these ports at either end. */
  readonly ports?: readonly number[];
}

/** A port or a name, or something that has a port: a socket of src/sockets, or Node's. */
export type Named =
  | number
  | string
  | { readonly local: { readonly port: number } }
  | { readonly localPort?: number }
  | { address(): { port: number } | string | null | object };

/** Begins to record. Every recorder must be stopped: until then it keeps observing. */
export function record(options: RecordOptions = {}): Recorder {
  return new Recorder(options);
}

/** Records while `work` runs, and stops also when it throws; the error is thrown on. */
export async function recordDuring(
  work: (recorder: Recorder) => Promise<void> | void,
  options?: RecordOptions,
): Promise<Recording> {
  const recorder = record(options);
  try {
    await work(recorder);
  } finally {
    recorder.stop();
  }
  return recorder.stop();
}

export class Recorder {
  readonly #began = performance.now();
  readonly #sockets: Observed[] = [];
  readonly #numbers = new Map<Observed, number>();
  readonly #calls = new Map<object, number>();
  readonly #events: WireEvent[] = [];
  readonly #names: Record<string, string>;
  readonly #ports: ReadonlySet<number> | undefined;
  readonly #stopObserving: () => void;
  #notRecorded = 0;
  #recording: Recording | undefined;

  constructor(options: RecordOptions) {
    this.#names = { ...options.name };
    this.#ports = options.ports === undefined ? undefined : new Set(options.ports);
    this.#stopObserving = observe((socket, action) => this.#add(socket, action));
  }

  /**
   * Names the participant that has this port, ours or outside, or that has this default name
   * (`"TCP client"`). Two with one name are drawn as one (a proxy is a server and a client).
   * Throws TypeError for a socket without a port.
   */
  name(participant: Named, name: string): void {
    this.#names[typeof participant === "string" ? participant : String(portOf(participant))] = name;
  }

  /** Ends the recording, and leaves every socket as it would be without it. Idempotent. */
  stop(): Recording {
    if (this.#recording === undefined) {
      this.#stopObserving();
      this.#recording = this.#finish();
    }
    return this.#recording;
  }

  #add(socket: Observed, action: ObservedAction): void {
    if (this.#events.length >= RECORDED_EVENTS_MAX) {
      this.#notRecorded++;
      return;
    }
    const at = performance.now() - this.#began;
    const number = this.#number(socket);
    if (action.type === "call") {
      this.#events.push({ ...action, id: this.#call(action.id), at, socket: number });
    } else if (action.type === "return") {
      const accepted = action.accepted === undefined ? undefined : this.#number(action.accepted);
      this.#events.push({ ...action, id: this.#call(action.id), accepted, at, socket: number });
    } else {
      this.#events.push({ ...action, at, socket: number });
    }
  }

  #number(socket: Observed): number {
    let number = this.#numbers.get(socket);
    if (number === undefined) {
      if (socket.server !== undefined) this.#number(socket.server);
      number = this.#sockets.push(socket) - 1;
      this.#numbers.set(socket, number);
    }
    return number;
  }

  #call(id: object): number {
    const number = this.#calls.get(id) ?? this.#calls.size;
    this.#calls.set(id, number);
    return number;
  }

  #finish(): Recording {
    const sockets = this.#sockets.map((one): RecordedSocket => {
      const server = one.server === undefined ? undefined : this.#numbers.get(one.server);
      const { kind, local, remote, systemPort, tls } = one;
      return { kind, local, remote, server, systemPort, tls };
    });
    const events = this.#events.filter(({ socket }) => this.#wanted(sockets, socket));
    // Through JSON, so that what is not there is left out, and nothing is shared with the sockets.
    return new Recording(
      JSON.parse(
        JSON.stringify({
          version: 1,
          sockets,
          events,
          names: this.#names,
          notRecorded: this.#notRecorded,
        }),
      ),
    );
  }

  #wanted(sockets: readonly RecordedSocket[], number: number): boolean {
    if (this.#ports === undefined) return true;
    const socket = sockets[number];
    const ports = [socket.local?.port, socket.remote?.port];
    if (socket.kind === "udp") {
      for (const event of this.#events) {
        if (event.socket !== number) continue;
        if (event.type === "send datagram") ports.push(event.to.port);
        if (event.type === "receive datagram") ports.push(event.from.port);
      }
    }
    return ports.some((port) => port !== undefined && this.#ports?.has(port));
  }
}

function portOf(named: Exclude<Named, string>): number {
  if (typeof named === "number") return named;
  let port: unknown;
  if ("local" in named) port = named.local.port;
  else if ("localPort" in named) port = named.localPort;
  else if ("address" in named) port = (named.address() as { port?: unknown } | null)?.port;
  if (typeof port !== "number") {
    throw new TypeError(
      "a participant is named by its port: name it once it listens or is connected",
    );
  }
  return port;
}
